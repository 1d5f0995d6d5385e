"""Carrying a plan out: all of it or nothing, in few queries whatever the number of lines."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from trajectoire.core import search
from trajectoire.core.text import fold

from ..models import DirectoryAddress, Organisation
from .planning import PLAIN, Plan, Wanted

AT_A_TIME = 1_000


def carry_out(plan: Plan) -> None:
    """Write the plan; the index follows once it is committed."""
    with search.paused(), transaction.atomic():
        made = _create(plan.creations)
        changed = _complete(list(plan.completions.values()))
        _link([*made, *changed], [*plan.creations, *plan.completions.values()])
        if made or changed:
            Organisation.announce(*(row.pk for row in (*made, *changed)))


def _create(wanted: list[Wanted]) -> list[Organisation]:
    slugs = _Slugs() if wanted else None
    now = timezone.now()
    rows = [
        Organisation(
            name=item.name,
            slug=slugs.take(item.name) if slugs else "",
            published_at=now,
            former_names="\n".join(item.former_names),
            sources="\n".join(item.sources),
            **item.values,
        )
        for item in wanted
    ]
    Organisation.objects.bulk_create(rows, batch_size=AT_A_TIME)
    DirectoryAddress.objects.bulk_create([DirectoryAddress(slug=r.slug, organisation=r) for r in rows], batch_size=AT_A_TIME)
    return rows


class _Slugs:
    """Addresses that nothing has, found without asking the database for each."""

    def __init__(self) -> None:
        self.taken = set(DirectoryAddress.objects.values_list("slug", flat=True))
        self.last: dict[str, int] = {}

    def take(self, name: str) -> str:
        base = slugify(fold(name).replace("'", " "))[:90].strip("-") or "organisation"
        number, slug = self.last.get(base, 1), base
        while slug in self.taken:
            number += 1
            slug = f"{base}-{number}"
        self.last[base] = number
        self.taken.add(slug)
        return slug


def _complete(wanted: list[Wanted]) -> list[Organisation]:
    rows = Organisation.objects.in_bulk([item.pk for item in wanted if item.pk])
    for item in wanted:
        row: Any = rows[item.pk or 0]
        for name, value in item.values.items():
            setattr(row, name, value)
        row.former_names = "\n".join(filter(None, [row.former_names, *item.former_names]))
        row.sources = "\n".join(filter(None, [row.sources, *item.sources]))
        row.version += 1
        row.updated_at = timezone.now()
    fields = [*PLAIN, "former_names", "sources", "version", "updated_at"]
    Organisation.objects.bulk_update(rows.values(), fields, batch_size=200)
    return [rows[item.pk or 0] for item in wanted]


def _link(rows: list[Organisation], wanted: list[Wanted]) -> None:
    for name, column in (("territories", "territory_id"), ("themes", "theme_id")):
        through: Any = getattr(Organisation, name).through
        links = [
            through(organisation_id=row.pk, **{column: key})
            for row, item in zip(rows, wanted, strict=True)
            for key in getattr(item, name)
        ]
        through.objects.bulk_create(links, batch_size=AT_A_TIME, ignore_conflicts=True)
