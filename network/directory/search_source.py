"""What the search engine knows of the directory."""

from functools import partial
from typing import Any

from django.db.models import Q

from trajectoire.core import search
from trajectoire.core.prose import sentences

from ..models import Initiative, Organisation, Person
from .cards import cards_of, nature
from .entries import DirectoryEntry, EntryQuerySet

FAMILIES = {"organisation": "structures", "person": "personnes", "initiative": "initiatives"}
RELATED = {
    "organisation": ["offers"],
    "person": ["offers", "organisation"],
    "initiative": ["carriers"],
}


def entries(model: type[DirectoryEntry]) -> EntryQuerySet:
    """Every entry, published or not, with what the engine keeps of it, in a constant number of queries a batch."""
    shared = ["themes__parent", "territories__communes", "territories__departments", "audiences"]
    rows: Any = model._default_manager.prefetch_related(*shared, *RELATED[model.search_kind])
    return rows.order_by("pk")


def entry(found: DirectoryEntry) -> "search.Entry | None":
    """None keeps what is not published out of the index."""
    if not found.published:
        return None
    themes, places = found.themes.all(), found.territories.all()
    return search.Entry(
        pk=found.pk,
        title=found.name,
        url=found.get_absolute_url(),
        visible_from=found.published_at,
        themes_text=" ".join([theme.name for theme in themes] + [nature(found)]),
        places_text=" ".join(territory.name for territory in places),
        summary=found.summary,
        body=sentences(found.description),
        names=" ".join(_names(found)),
        date=found.known_on,
        facets={
            "nature": [FAMILIES[found.search_kind], _kind(found)],
            "theme": sorted({slug for t in themes for slug in (t.slug, t.parent.slug if t.parent else t.slug)}),
            "territory": sorted({code for t in places for code in t.containing_codes()}),
            "audience": [audience.slug for audience in found.audiences.all()],
            "offer": [] if isinstance(found, Initiative) else [offer.slug for offer in found.offers.all()],  # type: ignore[attr-defined]
        },
        jump=nature(found),
    )


def _kind(found: DirectoryEntry) -> str:
    return found.status if isinstance(found, Initiative) else found.kind  # type: ignore[attr-defined]


def _names(found: DirectoryEntry) -> list[str]:
    """Other names it is looked for by: former ones, its structure, who carries it."""
    if isinstance(found, Organisation):
        return found.former_name_list
    if isinstance(found, Person):
        return [found.role, found.organisation.name if found.organisation else ""]
    return [carrier.name for carrier in found.carriers.all()]  # type: ignore[attr-defined]


def database_search(model: type[DirectoryEntry], text: str, access: frozenset[str]) -> EntryQuerySet:
    """The plain search of the degraded mode: every word somewhere in the name or the summary."""
    rows: Any = model._default_manager.all()
    found = rows.published()
    for word in text.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(summary__icontains=word))
    return found.order_by("name")


def source(model: type[DirectoryEntry], label: str, order: int) -> "search.Source":
    return search.Source(
        kind=model.search_kind,
        label=label,
        queryset=partial(entries, model),
        entry=entry,
        model=f"network.{model.__name__}",
        database_search=partial(database_search, model),
        param=FAMILIES[model.search_kind],
        cards=cards_of,
        order=order,
    )


SOURCES = (source(Organisation, "Structures", 30), source(Initiative, "Initiatives", 31), source(Person, "Personnes", 32))
