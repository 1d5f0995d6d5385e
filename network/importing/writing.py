"""Writing one structure of a table: few queries, since there may be a hundred thousand of them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone

from trajectoire.core.text import slug_of

from ..models import DirectoryAddress, Organisation

LINKS = {"territories": "territory_id", "themes": "theme_id"}


class Slugs:
    """Addresses that nothing has, found without asking the database for each."""

    def __init__(self) -> None:
        self.taken = set(DirectoryAddress.objects.values_list("slug", flat=True))
        self.last: dict[str, int] = {}

    def take(self, name: str) -> str:
        base = slug_of(name, fallback=Organisation.fallback_slug)
        number, slug = self.last.get(base, 1), base
        while slug in self.taken:
            number += 1
            slug = f"{base}-{number}"
        self.last[base] = number
        self.taken.add(slug)
        return slug


def create(values: Mapping[str, Any], slugs: Slugs) -> Organisation:
    """In the directory, with its address; `values`: fields, and the keys of its territories and themes."""
    plain = {name: value for name, value in values.items() if name not in LINKS}
    row = Organisation(slug=slugs.take(values["name"]), published_at=timezone.now(), **plain)
    Organisation.objects.bulk_create([row])
    DirectoryAddress.objects.bulk_create([DirectoryAddress(slug=row.slug, organisation=row)])
    for name, column in LINKS.items():
        through: Any = getattr(Organisation, name).through
        through.objects.bulk_create([through(organisation_id=row.pk, **{column: key}) for key in values[name]])
    Organisation.announce(row.pk)
    return row


def complete(pk: int, changes: Mapping[str, Any]) -> Organisation:
    """With what a line adds to it."""
    plain = {name: value for name, value in changes.items() if name not in LINKS}
    Organisation.objects.filter(pk=pk).update(version=F("version") + 1, updated_at=timezone.now(), **plain)
    row = Organisation.objects.get(pk=pk)
    for name in LINKS.keys() & changes.keys():
        getattr(row, name).set(changes[name])
    Organisation.announce(pk)
    return row
