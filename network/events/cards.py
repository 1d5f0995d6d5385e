"""How an event shows as a row of a list."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from trajectoire.core import search
from trajectoire.core.covers import GLAZES
from trajectoire.core.text import NBSP

from .dates import summed
from .event import Event
from .ics import location
from .opening import opening
from .series import Series
from .vocabulary import EventMode, EventStatus

# What a row says of registration; nothing when there is nothing to do.
LABELS = {
    "open": "inscriptions ouvertes",
    "waiting-list": "liste d’attente",
    "full": "complet",
    "not-yet": "inscriptions bientôt ouvertes",
    "closed": "inscriptions closes",
    "none": "entrée libre",
    "elsewhere": "inscriptions ouvertes",
}
BANDS = {EventMode.ON_SITE: GLAZES["b"], EventMode.ONLINE: GLAZES["m"], EventMode.MIXED: GLAZES["o"]}
TOLD = (EventStatus.CANCELLED, EventStatus.POSTPONED, EventStatus.MOVED_ONLINE, EventStatus.RESCHEDULED)


def nature(event: Event) -> str:
    """« Webinaire », « Groupe de travail »."""
    label = event.get_kind_display()
    return label[:1].upper() + label[1:]


def tile(event: Event) -> SafeString:
    """The leaf of a calendar, with a band of glazed tiles whose colour says whether one comes or connects."""
    begins = timezone.localtime(event.starts_at) if event.starts_at else None
    return format_html(
        '<svg class="cover" viewBox="0 0 12 9" aria-hidden="true"><path fill="{}" d="M0 0h12v9H0z"/>'
        '<path fill="{}" d="M0 0h12v2.4H0z"/><path fill="{}" d="M0 1.2l1-1 1 1-1 1zm2.5 0l1-1 1 1-1 1zm2.5 0l1-1 1 1-1 1zm2.5 0l1-1 '
        '1 1-1 1zm2.5 0l1-1 1 1-1 1z"/><text x="6" y="6.5" fill="{}" font-size="4" font-weight="700" text-anchor="middle">{}</text>'
        '<text x="6" y="8.3" fill="{}" font-size="1.35" text-anchor="middle">{}</text></svg>',
        GLAZES["c"],
        GLAZES["n"],
        BANDS[EventMode(event.mode)],
        GLAZES["n"],
        begins.day if begins else "?",
        GLAZES["n"],
        formats.date_format(begins, "N Y") if begins else "",
    )


def state(event: Event) -> str:
    """« annulé », « complet », « inscriptions ouvertes », or nothing."""
    if event.status in TOLD and not event.is_past:
        return event.get_status_display().lower()
    return "" if event.is_past else LABELS.get(opening(event).state, "")


def card(event: Event, hit: "search.Hit | None" = None) -> dict[str, Any]:
    """What components/card.html shows; `event` comes from `for_cards()`."""
    themes = ", ".join(theme.short_name or theme.name for theme in event.themes.all()[:2])
    told = event.get_status_display() if event.status in (EventStatus.CANCELLED, EventStatus.POSTPONED) else ""
    place = event.place.name if event.place and location(event) != "En ligne" else location(event)
    facts = (summed(event), place, themes, "" if told else state(event))
    return {
        "title": event.title,
        "url": event.get_absolute_url(),
        "type_name": f"{nature(event)}{NBSP}· {told}" if told else nature(event),
        "summary": event.summary,
        "excerpt": hit.excerpt if hit else "",
        "cover_url": "",
        "cover_alt": "",
        "cover_svg": tile(event),
        "meta": [fact for fact in facts if fact],
        "is_demo": event.is_demo,
        "reserved": False,
        "language": "",
        "page_label": "",
        "page_url": "",
    }


def series_card(series: Series, hit: "search.Hit | None" = None) -> dict[str, Any]:
    return {
        "title": series.title,
        "url": series.get_absolute_url(),
        "type_name": series.get_kind_display(),
        "summary": series.summary,
        "excerpt": hit.excerpt if hit else "",
        "meta": [],
        "plain": True,
    }


def load(keys: Iterable[Any]) -> list[Event]:
    """The public events of these keys (`kind`, `pk`), in their order, in a constant number of queries."""
    wanted = [key.pk for key in keys if key.kind == Event.search_kind]
    found = Event.objects.published().filter(pk__in=wanted).for_cards().in_bulk()
    return [found[pk] for pk in wanted if pk in found]


def cards_of(hits: Sequence["search.Hit"]) -> list[dict[str, Any]]:
    """The cards of the engine's hits, in their order; a hit whose row has just gone is left out."""
    rows = {event.pk: event for event in load(hits)}
    return [card(rows[hit.pk], hit) for hit in hits if hit.pk in rows]


def series_cards_of(hits: Sequence["search.Hit"]) -> list[dict[str, Any]]:
    rows = Series.objects.published().in_bulk([hit.pk for hit in hits])
    return [series_card(rows[hit.pk], hit) for hit in hits if hit.pk in rows]
