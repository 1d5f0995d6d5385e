"""Fills the directory with the demonstration. What exists stays as people left it: a known address is never touched again."""

import datetime
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.directory.addresses import DirectoryAddress
from network.directory.entries import DirectoryEntry
from network.models import Audience, Initiative, Offer, Organisation, Person, Territory, Theme
from trajectoire.core import search

FOLDER = Path(__file__).parent
FILES: list[tuple[str, type[DirectoryEntry]]] = [
    ("organisations", Organisation),
    ("people", Person),
    ("initiatives", Initiative),
]
VOCABULARIES = {
    "themes": (Theme, "slug"),
    "territories": (Territory, "code"),
    "audiences": (Audience, "slug"),
    "offers": (Offer, "slug"),
}
OTHERS = {"confirmed_days_ago", "successor", "organisation", "carriers", "fiche", *VOCABULARIES}
WORDING = "J’accepte que mon nom, ma fonction et mes domaines figurent dans l’annuaire (accord imaginaire)."


def rows(name: str) -> list[dict[str, Any]]:
    (found,) = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")).values()
    return found


@cache
def initiative_of_fiche() -> dict[str, str]:
    """The slug of the initiative by that of the document which tells it."""
    return {row["fiche"]: row["slug"] for row in rows("initiatives")}


def load() -> int:
    """Create the entries that are missing; how many."""
    with search.paused(), transaction.atomic():
        known = set(DirectoryAddress.objects.values_list("slug", flat=True))
        missing = [(model, row) for name, model in FILES for row in rows(name) if row["slug"] not in known]
        for model, row in missing:
            _make(model, row)
    return len(missing)


def _make(model: type[DirectoryEntry], row: dict[str, Any]) -> None:
    columns = {name: value for name, value in row.items() if name not in OTHERS}
    entry = model(is_demo=True, sources="Écrit pour la démonstration", **columns)
    if days := row.get("confirmed_days_ago"):
        entry.confirmed_on = timezone.localdate() - datetime.timedelta(days=days)
    if isinstance(entry, Person):
        entry.basis, entry.basis_wording, entry.basis_on = "consentement", WORDING, entry.confirmed_on
        entry.published = True
        entry.organisation = Organisation.objects.filter(slug=row.get("organisation", "")).first()
    entry.save()
    for name, (vocabulary, code) in VOCABULARIES.items():
        if name in row:
            getattr(entry, name).set(vocabulary._default_manager.filter(**{f"{code}__in": row[name]}))
    if isinstance(entry, Initiative):
        entry.carriers.set(Organisation.objects.filter(slug__in=row["carriers"]))
    if "successor" in row:
        Organisation.objects.filter(pk=entry.pk).update(successor=Organisation.objects.get(slug=row["successor"]))
