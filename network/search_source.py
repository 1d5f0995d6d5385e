"""What the search engine knows of territories and themes, and the words that mean the same."""

from collections.abc import Iterator, Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse

from trajectoire.core import search

from . import vocabulary
from .models import GlossaryEntry, Territory, TerritoryKind, Theme
from .naming import search_words
from .territories import TerritoryQuerySet


def territories() -> TerritoryQuerySet:
    return Territory.objects.prefetch_related("communes").order_by("pk")


def entry(territory: Territory) -> search.Entry:
    """A territory, found by its name, its communes' names and its postal codes; suggested when it has a page."""
    communes = [commune.name for commune in territory.communes.all()]
    place = ", ".join(communes) or (territory.code if territory.kind == TerritoryKind.COMMUNE else "")
    return search.Entry(
        pk=territory.pk,
        title=territory.name,
        url=territory.get_absolute_url(),
        places_text=" ".join([territory.name, *communes] if territory.has_page else communes),
        body=f"{territory.code} {territory.postal_codes}",
        facets={"territory": territory.ancestor_codes},
        jump=" · ".join(filter(None, [territory.kind_label.capitalize(), place])) if territory.has_page else "",
        also=f"{territory.code} {territory.postal_codes}",
    )


def database_search(text: str, access: frozenset[str]) -> TerritoryQuerySet:
    """The plain search of the degraded mode; territories are all public."""
    return Territory.objects.search(text)


def codes_named(name: str) -> list[str]:
    """The codes of the places of this name that have a page: « besancon » is a commune, « Doubs » a department."""
    wanted = search_words(name)
    return [code for code, place in vocabulary.current().territory_by_code.items() if search_words(place.name) == wanted]


def themes() -> QuerySet[Theme]:
    return Theme.objects.order_by("pk")


def theme_entry(theme: Theme) -> search.Entry:
    """A theme, found by its names and synonyms: it leads to the documents that carry it."""
    words = " · ".join(filter(None, [theme.short_name, *theme.synonym_list]))
    url = f"{reverse('resources:list')}?theme={theme.slug}"
    return search.Entry(pk=theme.pk, title=theme.name, url=url, themes_text=words, jump="Thème", also=words)


def theme_database_search(text: str, access: frozenset[str]) -> QuerySet[Theme]:
    """The plain search of the degraded mode; themes are all public."""
    found = themes()
    for word in text.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(short_name__icontains=word) | Q(synonyms__icontains=word))
    return found


def synonyms() -> Iterator[Sequence[str]]:
    """Groups of equivalent terms: abbreviation and expansion, former and new name, theme and each of its synonyms.

    Themes give pairs, not one group: « cantine » leads to « restauration collective », never to « halal ».
    """
    for entry_ in GlossaryEntry.objects.prefetch_related("successors"):
        yield [entry_.abbreviation, entry_.expansion]
        for successor in entry_.successors.all():
            yield [entry_.abbreviation, successor.abbreviation]
            yield [entry_.expansion, successor.expansion]
    for theme in Theme.objects.all():
        yield from ([theme.name, synonym] for synonym in theme.synonym_list)


SOURCE = search.Source(
    kind=Territory.search_kind,
    label="Territoires",
    queryset=territories,
    entry=entry,
    model="network.Territory",
    database_search=database_search,
    param="territoires",
    order=10,
)
THEMES = search.Source(
    kind=Theme.search_kind,
    label="Thèmes",
    queryset=themes,
    entry=theme_entry,
    model="network.Theme",
    database_search=theme_database_search,
    param="themes",
    order=15,
)
