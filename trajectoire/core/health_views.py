"""« État du site » in the administration: what the site stands on, and what it does by itself."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import clock, health
from .clock.records import ScheduledJob


@require_safe
@permission_required("core.view_scheduledjob", raise_exception=True)
def site_state(request: HttpRequest) -> HttpResponse:
    known = {row.command: row for row in ScheduledJob.objects.all()}
    jobs = [{"label": job.label, "row": known.get(command)} for command, job in clock.registered().items()]
    context = {"title": "État du site", "states": health.states(), "jobs": sorted(jobs, key=lambda job: str(job["label"]))}
    return render(request, "admin/state.html", {**admin.site.each_context(request), **context})
