"""What the team takes away of an event: its people in a spreadsheet, badges."""

from django.contrib import messages as notes
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from trajectoire.core import auditing

from .badges import badges_pdf
from .event import Event
from .exporting import expected, write


def participants(model_admin: ModelAdmin, request: HttpRequest, event: Event, extension: str) -> HttpResponse:
    """Everybody of the event with what they said: csv, ods or xlsx."""
    auditing.ask_again(request)
    try:
        media_type, pieces = write(event, extension)
    except KeyError as error:
        raise Http404 from error
    auditing.record(request.user, f"export des personnes inscrites ({extension})", event)
    return _file(b"".join(pieces), media_type, f"participants-{event.slug}.{extension}")


def badges(model_admin: ModelAdmin, request: HttpRequest, event: Event) -> HttpResponse:
    if not expected(event):
        notes.warning(request, "Personne n’est encore inscrit : il n’y a pas de badge à imprimer.")
        return redirect("admin:events_event_follow", event.pk)
    return _file(badges_pdf(event), "application/pdf", f"badges-{event.slug}.pdf")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Never kept on the way: every screen of an event says so (admin_pages.screen)."""
    disposition = content_disposition_header(True, name)
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})
