"""The public pages of the agenda: the list, a month, an event, a series, the calendars to subscribe to."""

import datetime
from dataclasses import replace
from itertools import chain
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from trajectoire.core import search
from trajectoire.core.faces.serving import Asked
from trajectoire.core.listing import State, context_of, page_context, question
from trajectoire.core.text import plural
from trajectoire.core.views import breadcrumb

from . import ics, months
from .access import get_event_for, get_series_for
from .cards import load
from .event import Event
from .listings import AGENDA, wider
from .pages import agenda_url, event_context, for_page, series_context

KEPT = datetime.timedelta(days=365)  # after its end, an event stays in the calendar one subscribes to
MONTH = replace(AGENDA, facets=tuple(facet for facet in AGENDA.facets if facet.name != "month"), cards=lambda hits: [])


@login_not_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    context = page_context(AGENDA, request)
    state, total = context["state"], context["total"]
    others = search.query(replace(question(state, AGENDA.access(request.user)), over=not state.over, size=1)).total
    today = timezone.localdate()
    context |= {
        "title": AGENDA.title,
        "breadcrumb": breadcrumb((AGENDA.title, "")),
        "calendar_url": replace(state, path=reverse("events:calendar")).url(),
        "tabs": periods(state, total, others),
        "month_url": replace(state, path=reverse("events:month", args=[today.year, today.month]), over=None).url(),
        "status_message": plural(total, "événement", "événements") if total else "Aucun événement",
        "empty": None if total else {"wider": wider(state), "contact_url": reverse("contact")},
    }
    return render(request, "network/events/list.html", context)


def periods(state: State, total: int, others: int) -> list[dict[str, Any]]:
    """What is to come and what is over, each with its count: [{label, count, url, current}]."""
    return [
        {
            "label": "Passés" if over else "À venir",
            "count": total if over == state.over else others,
            "url": replace(state, over=over).url(),
            "current": over == state.over,
        }
        for over in (False, True)
    ]


@login_not_required
@require_safe
def month(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """One month as a calendar, with the filters of the list; past days included."""
    if not (months.FIRST_YEAR <= year <= months.LAST_YEAR and 1 <= number <= 12):
        raise Http404
    state = replace(State.from_query(MONTH, request.path, request.GET), over=None)
    state.chosen["month"] = [f"{year}-{number:02}"]
    access = MONTH.access(request.user)
    context = context_of(state, access)
    keys = chain.from_iterable(search.every(question(state, access)).batches)
    context |= {
        "title": months.title(year, number).capitalize(),
        "weeks": months.weeks(year, number, load(keys)),
        "days": months.DAYS,
        "previous": _link(state, months.neighbour(year, number, -1)),
        "next": _link(state, months.neighbour(year, number, 1)),
        "list_url": replace(state, path=AGENDA.url).url(),
        "status_message": plural(context["total"], "événement", "événements") if context["total"] else "Aucun événement",
        "breadcrumb": breadcrumb((AGENDA.title, agenda_url()), (months.title(year, number).capitalize(), "")),
    }
    return render(request, "network/events/month.html", context)


def _link(state: State, there: dict[str, str] | None) -> dict[str, str] | None:
    """The same filters in another month."""
    return {"label": there["label"], "url": replace(state, path=there["path"]).url()} if there else None


def calendar_of(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The list as a calendar to subscribe to; what ended less than a year ago stays in it."""
    wanted = replace(question(asked.state, asked.access), over=asked.state.over or None)
    since = timezone.now() - KEPT
    events = load(chain.from_iterable(search.every(wanted).batches))
    kept = [event for event in events if asked.state.over or (event.ends_at and event.ends_at > since)]
    return calendar_response(ics.calendar(kept, name=f"{asked.listing.title} — Trajectoire Ressources"), "agenda.ics")


def calendar_response(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(False, name) or "inline"}
    return HttpResponse(content, content_type=f"{ics.MEDIA_TYPE}; charset=utf-8", headers=headers)


@login_not_required
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_event_for(request.user, slug, for_page())
    if found.of_plan:
        return redirect(found, permanent=True)
    return render(request, "network/events/event.html", event_context(found, request.user))


@login_not_required
@require_safe
def event_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates of one event, for one's own calendar."""
    found = get_event_for(request.user, slug, Event.objects.all().for_cards())
    return calendar_response(ics.calendar([found]), f"{found.slug}.ics")


@login_not_required
@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "network/events/series.html", series_context(get_series_for(request.user, slug), request.user))
