"""The directory in other forms: feed, spreadsheets, JSON. Never an address, a number of a person, nor an e-mail."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from trajectoire.core import search
from trajectoire.core.faces import Column, Faces, FeedEntry

from ..models import Organisation
from .cards import load, nature
from .entries import DirectoryEntry


def loaded(keys: "Sequence[search.Key]", access: frozenset[str]) -> list[DirectoryEntry]:
    return load(keys)


def _themes(entry: DirectoryEntry) -> list[str]:
    return [theme.name for theme in entry.themes.all()]


def _places(entry: DirectoryEntry) -> list[str]:
    return [territory.name for territory in entry.territories.all()]


def _url(entry: DirectoryEntry) -> str:
    return settings.SITE_URL + entry.get_absolute_url()


def _siret(entry: DirectoryEntry) -> str:
    return entry.siret if isinstance(entry, Organisation) else ""


COLUMNS = (
    Column("Nom", lambda entry: entry.name),
    Column("Nature", nature),
    Column("En bref", lambda entry: entry.summary),
    Column("Thèmes", lambda entry: ", ".join(_themes(entry))),
    Column("Territoires", lambda entry: ", ".join(_places(entry))),
    Column("SIRET", _siret),
    Column("Site internet", lambda entry: entry.website),
    Column("Confirmée le", lambda entry: entry.confirmed_on),
    Column("Adresse", _url),
)


def record(entry: DirectoryEntry) -> dict[str, Any]:
    """An entry in export.json: every name is always there; what is unknown is empty or null."""
    return {
        "id": f"{entry.search_kind}/{entry.pk}",
        "url": _url(entry),
        "name": entry.name,
        "kind": entry.search_kind,
        "nature": nature(entry),
        "summary": entry.summary,
        "themes": [{"code": theme.slug, "label": theme.name} for theme in entry.themes.all()],
        "territories": [{"code": place.code, "label": place.name} for place in entry.territories.all()],
        "siret": _siret(entry),
        "website": entry.website,
        "confirmed": entry.confirmed_on,
        "published": entry.published_at,
        "updated": entry.updated_at,
    }


def feed_entry(entry: DirectoryEntry) -> FeedEntry:
    return FeedEntry(
        key=f"{entry.search_kind}/{entry.pk}",
        title=entry.name,
        url=entry.get_absolute_url(),
        published=entry.published_at or entry.created_at,
        updated=entry.updated_at,
        summary=entry.summary,
        categories=[(theme.slug, theme.name) for theme in entry.themes.all()],
    )


FACES = Faces(load=loaded, columns=COLUMNS, record=record, entry=feed_entry)
