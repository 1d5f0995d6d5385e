"""Themes, audiences and territories kept in memory for lists and facets, read again when the site's version moves.

One query a request (the version) when nothing changed. Entries are plain values: no outline, no lazy relation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from trajectoire.core.models import SiteVersion

from . import naming
from .models import Audience, Offer, Territory, TerritoryKind, Theme


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    pk: int
    slug: str
    name: str
    short_name: str
    parent: str  # slug, empty at the first level

    @property
    def label(self) -> str:
        return self.short_name or self.name


@dataclass(frozen=True, slots=True)
class AudienceEntry:
    pk: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class TerritoryEntry:
    pk: int
    code: str
    name: str
    kind: str
    path: str
    has_page: bool
    generation: int | None

    @property
    def ancestor_codes(self) -> list[str]:
        """From the region down to itself."""
        return self.path.split("/")

    @property
    def department_code(self) -> str:
        """Code of the department on its path; empty for the region."""
        codes = self.ancestor_codes
        return codes[1] if len(codes) > 1 else ""

    @property
    def located(self) -> str:
        """« dans le Doubs », « à Besançon »: for sentences."""
        return naming.located(self.kind, self.name)


class TerritoryMap(Mapping[str, TerritoryEntry]):
    """Territories by code. Holds those with a page; asked for another code, reads all of them once."""

    def __init__(self) -> None:
        self._paged = _territories(has_page=True)

    @cached_property
    def _every(self) -> dict[str, TerritoryEntry]:
        return _territories()

    def __getitem__(self, code: str) -> TerritoryEntry:
        return self._paged[code] if code in self._paged else self._every[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paged)

    def __len__(self) -> int:
        return len(self._paged)


def _territories(**filters: bool) -> dict[str, TerritoryEntry]:
    fields = ("pk", "code", "name", "kind", "path", "has_page", "generation")
    found = Territory.objects.filter(**filters).order_by("path").values_list(*fields)
    return {row[1]: TerritoryEntry(*row) for row in found}


class Vocabulary:
    """The words of one version of the site."""

    def __init__(self, version: int) -> None:
        self.version = version

    @cached_property
    def theme_by_slug(self) -> dict[str, ThemeEntry]:
        found = Theme.objects.order_by("order", "name").values_list("pk", "slug", "name", "short_name", "parent__slug")
        return {row[1]: ThemeEntry(*row[:4], row[4] or "") for row in found}

    @cached_property
    def children(self) -> dict[str, list[ThemeEntry]]:
        """Themes of the second level by the slug of the general one."""
        children: dict[str, list[ThemeEntry]] = {}
        for theme in self.theme_by_slug.values():
            if theme.parent:
                children.setdefault(theme.parent, []).append(theme)
        return children

    @cached_property
    def audience_by_slug(self) -> dict[str, AudienceEntry]:
        found = Audience.objects.order_by("order", "name").values_list("pk", "slug", "name")
        return {row[1]: AudienceEntry(*row) for row in found}

    @cached_property
    def offer_by_slug(self) -> dict[str, str]:
        """Names, in the order of the vocabulary."""
        return dict(Offer.objects.order_by("order", "name").values_list("slug", "name"))

    @cached_property
    def territory_by_code(self) -> TerritoryMap:
        return TerritoryMap()

    def top_themes(self) -> list[ThemeEntry]:
        return [theme for theme in self.theme_by_slug.values() if not theme.parent]

    def children_of_theme(self, slug: str) -> list[ThemeEntry]:
        return self.children.get(slug, [])

    def audiences(self) -> list[AudienceEntry]:
        return list(self.audience_by_slug.values())

    def departments(self) -> list[TerritoryEntry]:
        return [t for t in self.territory_by_code.values() if t.kind == TerritoryKind.DEPARTMENT]


@lru_cache(maxsize=2)
def get(version: int) -> Vocabulary:
    return Vocabulary(version)


def current() -> Vocabulary:
    """The vocabulary of the site as it is now (one query when nothing moved)."""
    return get(SiteVersion.current())
