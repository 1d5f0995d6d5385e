"""What the search engine knows of territories: those that have a page."""

from trajectoire.core import search

from .models import GlossaryEntry, Territory


def territories():
    return Territory.objects.light().with_pages().order_by("pk")


def entry(territory: Territory) -> "search.Entry | None":
    if not territory.has_page:
        return None
    return search.Entry(
        pk=territory.pk,
        title=territory.name,
        url=territory.get_absolute_url(),
        summary=f"{territory.get_kind_display()} {territory.postal_codes.replace('|', ' ')}",
        facets={"territory": territory.path.split("/")},
        jump=territory.get_kind_display(),
    )


def database_search(text: str, access: frozenset[str]):
    """The plain search of the degraded mode."""
    return Territory.objects.search(text).filter(has_page=True)


SOURCE = search.Source(
    kind="territory",
    label="Territoires",
    queryset=territories,
    entry=entry,
    model="network.Territory",
    database_search=database_search,
)


def synonyms() -> list[tuple[str, ...]]:
    """Groups of terms that mean the same: each abbreviation, its meaning and what follows it."""
    entries = GlossaryEntry.objects.prefetch_related("successors")
    return [
        (entry.abbreviation, entry.expansion, *(successor.abbreviation for successor in entry.successors.all()))
        for entry in entries
    ]
