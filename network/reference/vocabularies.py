"""Themes, audiences, offers and glossary: created when missing, never overwritten, for staff edits them."""

from collections import Counter
from typing import Any

from ..models import Audience, GlossaryEntry, Offer, Theme
from .sync import Changes
from .tables import rows


def load_themes() -> Changes:
    known = {theme.slug: theme for theme in Theme.objects.all()}
    table = list(enumerate(rows("themes.csv"), start=1))
    created = 0
    for level in (False, True):  # general themes first
        new = [
            Theme(
                slug=row["slug"],
                name=row["name"],
                short_name=row["short_name"],
                parent=known[row["parent"]] if row["parent"] else None,
                synonyms="\n".join(row["synonyms"].split("|")),
                order=10 * number,
            )
            for number, row in table
            if bool(row["parent"]) is level and row["slug"] not in known
        ]
        known.update({theme.slug: theme for theme in Theme.objects.bulk_create(new)})
        created += len(new)
    return Counter(created=created)


def load_audiences() -> Changes:
    return _load_ordered(Audience, "audiences.csv")


def load_offers() -> Changes:
    return _load_ordered(Offer, "offers.csv")


def _load_ordered(model: Any, table: str) -> Changes:
    """Rows of a slug and a name, in the order of the table."""
    known = set(model._default_manager.values_list("slug", flat=True))
    numbered = enumerate(rows(table), start=1)
    new = [model(slug=r["slug"], name=r["name"], order=10 * n) for n, r in numbered if r["slug"] not in known]
    return Counter(created=len(model._default_manager.bulk_create(new)))


def load_glossary() -> Changes:
    known = {entry.abbreviation: entry for entry in GlossaryEntry.objects.all()}
    missing = [row for row in rows("glossary.csv") if row["abbreviation"] not in known]
    new = [
        GlossaryEntry(
            abbreviation=row["abbreviation"],
            expansion=row["expansion"],
            definition=row["definition"],
            former=row["former"] == "1",
        )
        for row in missing
    ]
    known.update({entry.abbreviation: entry for entry in GlossaryEntry.objects.bulk_create(new)})
    link = GlossaryEntry.successors.through
    links = [
        link(from_glossaryentry=known[row["abbreviation"]], to_glossaryentry=known[after])
        for row in missing
        for after in filter(None, row["successors"].split("|"))
    ]
    link.objects.bulk_create(links)
    return Counter(created=len(new), linked=len(links))
