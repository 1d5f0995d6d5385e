"""What the pages of an event and of a series show: ready values for the templates, in a number of queries that never grows."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from trajectoire.core import linked
from trajectoire.core.prose import anchored
from trajectoire.core.text import NBSP, local_day, plural
from trajectoire.core.views import breadcrumb

from .. import presenting
from ..models import Organisation, Person
from . import linked_data
from .cards import LABELS, card, nature, tile
from .dates import UNKNOWN, hours, long_day, same_day, spelled, summed
from .event import Event, EventQuerySet, ProgrammeItem
from .ics import location
from .opening import Opening, opening
from .series import Series
from .vocabulary import Accessibility, EventStatus

AGENDA = "Agenda"
SHOWN = 12  # documents, sessions of a series elsewhere than on its page
# The banner above the page: (tone, what it says); the note of the team follows.
BANNERS = {
    EventStatus.CANCELLED: ("error", "Cet événement est annulé."),
    EventStatus.POSTPONED: ("warn", "Cet événement est reporté."),
    EventStatus.RESCHEDULED: ("warn", "La date a changé."),
    EventStatus.MOVED_ONLINE: ("warn", "Cet événement aura lieu en ligne."),
    EventStatus.FULL: ("", "Cet événement est complet."),
}
ONLINE = "L’adresse de la visioconférence est envoyée aux personnes inscrites avant le début."


def agenda_url(**query: str) -> str:
    return f"{reverse('events:list')}?{urlencode(query)}" if query else reverse("events:list")


def for_page() -> EventQuerySet:
    """With everything its page shows, in a constant number of queries."""
    speakers = Prefetch("speakers", Person.objects.select_related("organisation"))
    programme = Prefetch("programme", ProgrammeItem.objects.prefetch_related(speakers))
    related: list[Any] = ["dates", "themes", "territories", "audiences", "organisers", "partners", programme]
    return Event.objects.with_places().select_related("place").prefetch_related(*related)


def event_context(event: Event, user: Any, *above: tuple[str, str]) -> dict[str, Any]:
    """The context of network/events/event.html; `event` comes from `for_page()`. `above` it: (label, address), or the agenda."""
    html, _ = anchored(event.body, set())
    crumbs = breadcrumb(*(above or [(AGENDA, agenda_url())]), (event.title, ""))
    return {
        "event": {
            "title": event.title,
            "nature": nature(event),
            "summary": event.summary,
            "body_html": mark_safe(html),
            "tile": tile(event),
            "is_demo": event.is_demo,
            "is_public": event.is_public,
            "is_past": event.is_past,
            "banner": banner(event),
            "dates": dates(event),
            "when": summed(event),
            "where": where(event),
            "programme": programme(event),
            "themes": [{"label": t.name, "url": agenda_url(theme=t.slug)} for t in event.themes.all()],
            "audiences": [{"label": a.name, "url": agenda_url(public=a.slug)} for a in event.audiences.all()],
            "territories": presenting.links(event.territories.all()),
            "organisers": structures(event.organisers.all()),
            "partners": structures(event.partners.all()),
            "contact": {"name": event.contact_name, "email": event.contact_email},
            "ics_url": reverse("events:event_ics", args=[event.slug]) if event.dates.all() else "",
        },
        "registering": registering(event),
        "series": series_of(event),
        "documents": documents(event, user),
        "elements": linked_data.elements(event) if event.is_public else [],
        "linked": linked.script(linked_data.described(event), linked.breadcrumbs(crumbs, event.get_absolute_url()))
        if event.is_public
        else "",
        "edit_url": reverse("admin:events_event_change", args=[event.pk]) if user.has_perm("events.change_event") else "",
        "breadcrumb": crumbs,
    }


def banner(event: Event) -> dict[str, str] | None:
    """{kind, title, text} when something must be known first."""
    if event.status in BANNERS:
        kind, title = BANNERS[EventStatus(event.status)]
        return {"kind": kind, "title": title, "text": event.status_note}
    return {"kind": "", "title": "À noter", "text": event.status_note} if event.status_note else None


def dates(event: Event) -> list[dict[str, Any]]:
    """[{label, day, hours, iso, past}]; `day` is empty when the date goes on after midnight, and `hours` says it all."""
    now = timezone.now()
    return [
        {
            "label": date.label,
            "day": long_day(date.starts_at) if same_day(date) else "",
            "hours": hours(date) if same_day(date) else spelled(date),
            "iso": timezone.localtime(date.starts_at).isoformat(timespec="minutes"),
            "past": date.ends_at < now,
        }
        for date in event.dates.all()
    ]


def where(event: Event) -> dict[str, Any]:
    """The place, as far as one goes there."""
    online = location(event) == "En ligne"
    handicaps = [Accessibility(value).label for value in event.accessibility if value in Accessibility.values]
    return {
        "mode": "En ligne" if online else event.get_mode_display(),
        "online_note": ONLINE if online or event.mode == "mixte" else "",
        "venue": "" if online else event.venue,
        "address": "" if online else event.address,
        "place": presenting.links([event.place]) if event.place and not online else [],
        "access_note": "" if online else event.access_note,
        "accessibility": [] if online else handicaps,
    }


def programme(event: Event) -> list[dict[str, Any]]:
    """The programme by date, those of no date first: [{title, items: [{time, title, text, speakers, others}]}]."""
    items = list(event.programme.all())
    several = len(event.dates.all()) > 1
    days = {
        date.pk: f"{long_day(date.starts_at)}" + (f"{NBSP}: {date.label}" if date.label else "") for date in event.dates.all()
    }
    parts = []
    for pk in (None, *days):
        found = [_item(item) for item in items if item.date_id == pk]
        if found:
            parts.append({"title": days[pk] if pk and several else "", "items": found})
    return parts


def _item(item: ProgrammeItem) -> dict[str, Any]:
    minutes = f"{NBSP}{item.time.minute:02}" if item.time and item.time.minute else ""
    return {
        "time": f"{item.time.hour}{NBSP}h{minutes}" if item.time else "",
        "title": item.title,
        "text": item.text,
        "speakers": [_speaker(person) for person in item.speakers.all()],
        "others": item.other_speakers,
    }


def _speaker(person: Person) -> dict[str, str]:
    """Named with the place they hold; with a link when the directory shows them."""
    structure = person.organisation.name if person.organisation else ""
    return {
        "label": person.name,
        "url": person.get_absolute_url() if person.published else "",
        "detail": ", ".join(filter(None, [person.role, structure])) if person.published else "",
    }


def structures(rows: Any) -> list[dict[str, str]]:
    found: list[Organisation] = list(rows)
    return [{"label": one.name, "url": one.get_absolute_url() if one.published else ""} for one in found]


def registering(event: Event) -> dict[str, Any]:
    """The box of registration: {state, sentence, label, url, whole}; without an address there is nothing to do."""
    found: Opening = opening(event)
    labels = {"open": "S’inscrire", "waiting-list": "S’inscrire en liste d’attente", "elsewhere": "S’inscrire sur l’autre site"}
    if event.registering == Event.Registering.BY_STAFF:
        labels["open"] = "Proposer sa candidature"
    url = event.holder.elsewhere_url if found.state == "elsewhere" else reverse("events:register", args=[event.holder.slug])
    whole = bool(event.series and event.series.scope == Series.Scope.WHOLE and event.series.kind == Series.Kind.CYCLE)
    return {
        "state": found.state,
        "word": LABELS.get(found.state, "").capitalize(),
        "sentence": found.sentence,
        "label": labels.get(found.state, ""),
        "url": url if found.state in labels else "",
        "external": found.state == "elsewhere",
        "note": "Une seule inscription pour toutes les séances du cycle." if whole and found.accepts else "",
    }


def series_of(event: Event) -> dict[str, Any] | None:
    """The cycle or group it belongs to, with its other public sessions."""
    series = event.series
    if series is None or not series.published:
        return None
    sessions = series.events.published().for_cards().order_by("starts_at", "pk")
    return {
        "title": series.title,
        "kind": series.get_kind_display(),
        "url": series.get_absolute_url(),
        "sessions": [
            {"label": one.title, "when": summed(one), "url": one.get_absolute_url(), "current": one.pk == event.pk}
            for one in sessions
        ],
    }


def documents(event: Event, user: Any) -> list[dict[str, Any]]:
    """« Retour sur »: what the library has of it, that this person may read (reverse name: `documents`)."""
    found: Any = event.documents.visible_to(user)  # type: ignore[attr-defined]
    return [document.card() for document in found.for_cards().newest_first()[:SHOWN]]


def series_context(series: Series, user: Any) -> dict[str, Any]:
    """The context of network/events/series.html."""
    html, _ = anchored(series.body, set())
    sessions = list(series.events.published().for_cards().order_by("starts_at", "pk"))
    coming = [session for session in sessions if not session.is_past]
    whole = series.scope == Series.Scope.WHOLE and series.lead in sessions
    return {
        "series": {
            "title": series.title,
            "kind": series.get_kind_display(),
            "summary": series.summary,
            "body_html": mark_safe(html),
            "scope": series.get_scope_display(),
            "published": series.published,
            "is_demo": series.is_demo,
            "themes": [{"label": t.name, "url": agenda_url(theme=t.slug)} for t in series.themes.all()],
            "span": span(sessions),
        },
        "coming": [card(session) for session in coming],
        "past": [card(session) for session in sessions if session.is_past],
        "registering": registering(sessions[sessions.index(series.lead)]) if whole and series.lead else None,
        "edit_url": reverse("admin:events_series_change", args=[series.pk]) if user.has_perm("events.change_series") else "",
        "breadcrumb": breadcrumb((AGENDA, agenda_url()), (series.title, "")),
    }


def span(sessions: list[Event]) -> str:
    """« 5 séances, du 12 janvier au 8 juin 2026 »."""
    begun = [session.starts_at for session in sessions if session.starts_at]
    ended = [session.ends_at for session in sessions if session.ends_at]
    if not begun:
        return UNKNOWN
    first, last = local_day(min(begun)), local_day(max(ended))
    count = plural(len(sessions), "séance", "séances")
    return f"{count}, du {first} au {last}" if first != last else f"{count}, le {first}"
