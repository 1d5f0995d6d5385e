"""The agenda in other forms: feed, spreadsheets, JSON. Never an address of a video meeting."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from trajectoire.core import search
from trajectoire.core.faces import Column, Faces, FeedEntry

from .cards import load, nature
from .dates import spelled, summed
from .event import Event
from .ics import location


def loaded(keys: "Sequence[search.Key]", access: frozenset[str]) -> list[Event]:
    return load(keys)


def _url(event: Event) -> str:
    return settings.SITE_URL + event.get_absolute_url()


def _names(rows: Any) -> str:
    return ", ".join(row.name for row in rows.all())


COLUMNS = (
    Column("Titre", lambda event: event.title),
    Column("Nature", nature),
    Column("Début", lambda event: event.starts_at),
    Column("Fin", lambda event: event.ends_at),
    Column("Dates", lambda event: " ; ".join(spelled(date) for date in event.dates.all())),
    Column("État", lambda event: event.get_status_display()),
    Column("Mode", lambda event: event.get_mode_display()),
    Column("Lieu", location),
    Column("En bref", lambda event: event.summary),
    Column("Thèmes", lambda event: _names(event.themes)),
    Column("Territoires", lambda event: _names(event.territories)),
    Column("Publics", lambda event: _names(event.audiences)),
    Column("Adresse", _url),
)


def record(event: Event) -> dict[str, Any]:
    """An event in export.json: every name is always there; what is unknown is empty or null. Moments are in UTC."""
    return {
        "id": f"event/{event.pk}",
        "uid": str(event.uid),
        "url": _url(event),
        "title": event.title,
        "kind": event.kind,
        "nature": nature(event),
        "summary": event.summary,
        "status": event.status,
        "mode": event.mode,
        "location": location(event),
        "commune": {"code": event.place.code, "label": event.place.name} if event.place else None,
        "dates": [{"start": _utc(date.starts_at), "end": _utc(date.ends_at), "label": date.label} for date in event.dates.all()],
        "themes": [{"code": theme.slug, "label": theme.name} for theme in event.themes.all()],
        "territories": [{"code": place.code, "label": place.name} for place in event.territories.all()],
        "audiences": [{"code": audience.slug, "label": audience.name} for audience in event.audiences.all()],
        "published": event.published_at,
        "updated": event.updated_at,
    }


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC)


def feed_entry(event: Event) -> FeedEntry:
    parts = [event.get_status_display() if event.status != "programme" else "", summed(event), location(event), event.summary]
    return FeedEntry(
        key=f"event/{event.pk}",
        title=event.title,
        url=event.get_absolute_url(),
        published=event.published_at or event.created_at,
        updated=event.updated_at,
        summary=". ".join(part.rstrip(".") for part in parts if part) + ".",
        categories=[(theme.slug, theme.name) for theme in event.themes.all()],
    )


def last_ended() -> datetime.datetime | None:
    """The last moment at which an event went from the coming ones to the past ones."""
    ended = Event.objects.published().filter(ends_at__lt=timezone.now()).order_by("-ends_at")
    return ended.values_list("ends_at", flat=True).first()


FACES = Faces(load=loaded, columns=COLUMNS, record=record, entry=feed_entry, last_arrival=last_ended)
