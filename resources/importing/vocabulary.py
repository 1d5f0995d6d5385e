"""The words of catalogues for what the site has: types, collections, themes, territories, audiences, organisations."""

from collections.abc import Iterable, Mapping
from typing import Any

from network.duplicates import normalised
from network.models import Audience, Organisation, Territory, TerritoryKind, Theme
from trajectoire.core.text import fold

from ..models import Collection, DocumentType
from .kinds import Kinds

# Of two territories of one name (Doubs is a département and a commune), the widest is meant.
WIDEST_FIRST = [TerritoryKind.REGION, TerritoryKind.DEPARTMENT, TerritoryKind.EPCI, TerritoryKind.COMMUNE, TerritoryKind.QPV]


class Vocabulary:
    """Read once a run."""

    def __init__(self, default_type: str) -> None:
        rows = list(DocumentType.objects.order_by("pk"))
        self.types = {row.slug: row.pk for row in rows}
        self.type_names = {row.pk: str(row) for row in rows}
        self.kinds = Kinds({row.slug: (row.name, row.plural) for row in rows}, default_type)
        self.themes = _themes()
        self.territories = _territories()
        self.audiences = {fold(text): row.pk for row in Audience.objects.all() for text in (row.slug, row.name)}
        self.collections: dict[str, int] = {}
        for series in Collection.objects.order_by("pk"):
            self.collections |= dict.fromkeys(map(fold, filter(None, (series.slug, series.name, series.issn))), series.pk)
        self.organisations: dict[str, list[int]] = {}
        for pk, name in Organisation.objects.order_by("pk").values_list("pk", "name"):
            self.organisations.setdefault(normalised(name), []).append(pk)

    def collection(self, values: Mapping[str, Any]) -> int | None:
        """By its name, else by the ISSN of the record."""
        names = (fold(values.get(name, "")) for name in ("collection", "issn"))
        return next((self.collections[name] for name in names if name in self.collections), None)

    def several(self, known: Mapping[str, int], words: Iterable[str], unknown: list[str]) -> list[int]:
        """The primary keys of the words that are known, once each; the others are added to `unknown`."""
        found: dict[int, None] = {}
        for word in words:
            matching = [known[form] for form in _forms(word) if form in known][:1]
            found |= dict.fromkeys(matching)
            if not matching:
                unknown.append(word)
        return sorted(found)

    def linked(self, names: Iterable[str]) -> list[int]:
        """The organisations that are called so, when only one is."""
        found = (self.organisations.get(normalised(name), []) for name in names if name.strip())
        return sorted({pks[0] for pks in found if len(pks) == 1})


def _forms(word: str) -> list[str]:
    """« Politique urbaine -- France » → whole, then each part, then in the singular; what is between brackets aside."""
    whole = fold(word).replace("’", "'").strip(" .")
    pieces = [whole, *(part.strip() for part in whole.split("--")), whole.split("(")[0].strip()]
    return [*pieces, *(" ".join(part.rstrip("sx") for part in piece.split()) for piece in pieces)]


def _themes() -> dict[str, int]:
    """Names first, then synonyms; of two themes that share a word, the general one."""
    rows = sorted(Theme.objects.all(), key=lambda theme: (theme.parent_id is not None, theme.order, theme.pk))
    found: dict[str, int] = {}
    for read in (_names, _synonyms, _singular):
        for theme in rows:
            for word in read(theme):
                found.setdefault(word, theme.pk)
    return found


def _names(theme: Theme) -> list[str]:
    return [fold(text) for text in (theme.name, theme.short_name, theme.slug) if text]


def _synonyms(theme: Theme) -> list[str]:
    return [fold(text) for text in theme.synonym_list]


def _singular(theme: Theme) -> list[str]:
    words = [*_names(theme), *_synonyms(theme)]
    return [" ".join(part.rstrip("sx") for part in word.split()) for word in words]


def _territories() -> dict[str, int]:
    """Those with a page, by code and by name."""
    rows = Territory.objects.filter(has_page=True).values_list("pk", "code", "name", "kind", "generation")
    rank = {str(kind): number for number, kind in enumerate(WIDEST_FIRST)}
    found: dict[str, int] = {}
    for pk, code, name, _kind, _generation in sorted(rows, key=lambda row: (rank.get(row[3], 9), -(row[4] or 0), row[0])):
        found.setdefault(fold(name), pk)
        found[fold(code)] = pk
    return found
