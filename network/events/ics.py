"""Events in iCalendar (RFC 5545): one VEVENT a date, in UTC, folded by the library without cutting a character."""

import datetime
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as VEvent

from trajectoire.core.text import NBSP

from .event import Event, EventDate
from .vocabulary import EventMode, EventStatus

MEDIA_TYPE = "text/calendar"
PRODID = "-//Trajectoire Ressources//Agenda//FR"
HOURS = 6  # after which a subscriber may ask again
# A date that no longer holds without another yet stays, as uncertain.
STATUSES = {EventStatus.CANCELLED: "CANCELLED", EventStatus.POSTPONED: "TENTATIVE"}
BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def calendar(events: Iterable[Event], name: str = "") -> bytes:
    """The calendar of these events (prefetched by `for_cards()`); `name` is shown by who subscribes to it.

    Never the address of a video meeting: it is for those who registered. Two writings of the same events are equal.
    """
    whole = Calendar()
    whole.add("prodid", PRODID)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    if name:
        whole.add("name", _line(name))
        whole.add("x-wr-calname", _line(name))
        whole.add("refresh-interval", datetime.timedelta(hours=HOURS), parameters={"VALUE": "DURATION"})
    for event in events:
        for date in event.dates.all():
            whole.add_component(_vevent(event, date))
    return whole.to_ical()


def uid(event: Event, date: EventDate) -> str:
    """Never another one for a date, whatever becomes of its title, its day or its address."""
    return f"{event.uid}-{date.pk}@{urlsplit(settings.SITE_URL).hostname}"


def _vevent(event: Event, date: EventDate) -> VEvent:
    made = VEvent()
    values = {
        "uid": uid(event, date),
        "sequence": event.sequence,
        "dtstamp": event.updated_at.astimezone(datetime.UTC),
        "last-modified": event.updated_at.astimezone(datetime.UTC),
        "dtstart": date.starts_at.astimezone(datetime.UTC),
        "dtend": date.ends_at.astimezone(datetime.UTC),
        "summary": _summary(event, date),
        "description": description(event),
        "location": location(event),
        "url": settings.SITE_URL + event.get_absolute_url(),
        "categories": [_line(str(word)) for word in (event.get_kind_display(), *event.themes.all())],
        "status": STATUSES.get(EventStatus(event.status), "CONFIRMED"),
    }
    for key, value in values.items():
        if value != "":
            made.add(key, value)
    return made


def _summary(event: Event, date: EventDate) -> str:
    state = f"{event.get_status_display()}{NBSP}: " if EventStatus(event.status) in STATUSES else ""
    label = f" — {date.label}" if date.label else ""
    return _line(f"{state}{event.title}{label}")


def description(event: Event) -> str:
    lines = [event.get_status_display() if event.status != EventStatus.SCHEDULED else "", event.status_note, event.summary]
    return "\n".join(line for line in map(_line, lines) if line)


def location(event: Event) -> str:
    """« MJC de Palente, 24 rue des Roses, Besançon », « En ligne »."""
    if event.mode == EventMode.ONLINE or event.status == EventStatus.MOVED_ONLINE:
        return "En ligne"
    return _line(", ".join(filter(None, [event.venue, event.address, event.place.name if event.place else ""])))


def _line(text: str) -> str:
    """On one line, without control characters: nothing in a title can begin or end a component."""
    return BREAKS.sub(" ", text).strip()
