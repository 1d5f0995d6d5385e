"""A format is a table from its fields to our names; what our names mean is the same for all (see `values.py`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Raw = dict[str, list[str]]

# Our names, in the order of docs/importing.md, with what they fill.
NAMES = {
    "key": "identifiant dans la source",
    "title": "titre",
    "subtitle": "sous-titre",
    "authors": "auteurs et autrices",
    "publisher": "éditeur",
    "date": "date de parution",
    "type": "type",
    "collection": "collection",
    "number": "numéro dans la collection",
    "language": "langue",
    "isbn": "ISBN",
    "issn": "ISSN",
    "doi": "DOI (adresse en ligne)",
    "url": "adresse en ligne",
    "pages": "nombre de pages",
    "summary": "résumé",
    "subjects": "thèmes, par leur nom ou leurs synonymes",
    "territories": "territoires, par leur nom ou leur code",
    "audiences": "publics, par leur nom",
    "event_note": "issu de",
    "rights": "licence",
    "address": "ancienne adresse, qui mènera à la nouvelle page",
}


@dataclass(frozen=True)
class Take:
    """`name`: one of NAMES. `sources`: where the format says it; the first that is filled, or `every` one of them."""

    name: str
    sources: tuple[str, ...]
    every: bool = False


def take(name: str, *sources: str) -> Take:
    """The first of the sources that is filled."""
    return Take(name, sources)


def every(name: str, *sources: str) -> Take:
    return Take(name, sources, every=True)


def gather(table: Iterable[Take], get: Callable[[str], list[str]]) -> Raw:
    """{our name: values}; `get(source)` gives what the record holds there. A second row of a name serves when the first is empty."""
    raw: Raw = {}
    for row in table:
        if raw.get(row.name):
            continue
        for source in row.sources:
            found = [value for value in get(source) if value.strip()]
            raw.setdefault(row.name, []).extend(found)
            if found and not row.every:
                break
    return raw
