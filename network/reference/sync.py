"""Put the reference data in the database, writing only what differs."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Model

from trajectoire.core import search
from trajectoire.core.text import slug_of

from ..models import Contract, Territory
from ..naming import search_words
from ..territories import compose_path
from .tables import ContractRow, Place

BATCH = 400
PLACE_DEFAULTS: dict[str, Any] = {
    "generation": None,
    "status_2024": "",
    "valid_from": None,
    "valid_to": None,
    "postal_codes": "",
    "population": None,
    "population_year": None,
    "latitude": None,
    "longitude": None,
    "surface_ha": None,
    "outline": None,
    "has_page": False,
}
PLACE_FIELDS = ["kind", "name", "slug", "parent_id", "path", "search_name", *PLACE_DEFAULTS]
Changes = Counter[str]


def sync_places(places: Iterable[Place]) -> Changes:
    """Create or correct these territories (parents come first) and their links; no other row is touched."""
    changes: Changes = Counter()
    known = {territory.code: territory for territory in Territory.objects.with_outlines()}
    loaded: list[Place] = []
    for _, same_kind in groupby(places, key=lambda place: place.kind):
        group = list(same_kind)
        wanted = {place.code: _place_values(place, known) for place in group}
        written = _write(Territory, known, wanted, PLACE_FIELDS)
        search.record_changes(Territory.search_kind, [row.pk for rows in written.values() for row in rows])
        changes += counted(written)
        loaded += group
    for name in ("departments", "communes"):
        pairs = {(known[p.code].pk, known[code].pk) for p in loaded for code in getattr(p, name)}
        sources = [known[place.code].pk for place in loaded]
        changes += sync_links(Territory, name, sources, pairs)
    return changes


def _place_values(place: Place, known: dict[str, Territory]) -> dict[str, Any]:
    parent = known[place.parent] if place.parent else None
    return PLACE_DEFAULTS | {
        "search_name": " ".join(search_words(place.name)),
        **place.fields,
        "kind": place.kind,
        "name": place.name,
        "slug": slug_of(place.name),
        "parent_id": parent.pk if parent else None,
        "path": compose_path(parent.path if parent else "", place.kind, place.code),
    }


def sync_contracts(rows: Iterable[ContractRow]) -> Changes:
    """Create or correct the contrats de ville; a carrier that no longer exists keeps only its name."""
    territories = dict(Territory.objects.values_list("code", "pk"))
    known = {contract.code: contract for contract in Contract.objects.all()}
    rows = list(rows)
    wanted = {
        row.code: row.fields | {"carrier_id": territories.get(row.carrier), "department_id": territories[row.department]}
        for row in rows
    }
    fields = ["name", "generation", "carrier_name", "population_qpv", "carrier_id", "department_id"]
    changes = counted(_write(Contract, known, wanted, fields))
    pairs = {(known[row.code].pk, territories[code]) for row in rows for code in row.qpvs}
    return changes + sync_links(Contract, "qpvs", [known[row.code].pk for row in rows], pairs)


def sync_successors(successors: dict[str, list[str]]) -> Changes:
    """Link the quartiers of 2024 to those they follow (`successors`: codes of 2024 by code of 2015)."""
    keys = dict(Territory.objects.filter(kind="qpv").values_list("code", "pk"))
    pairs = {(keys[after], keys[before]) for before, codes in successors.items() for after in codes}
    return sync_links(Territory, "predecessors", list(keys.values()), pairs)


def _write(model: type[Model], known: dict[str, Any], wanted: dict[str, dict], fields: list[str]) -> dict[str, list]:
    """Create the missing rows, correct those that differ; `known` (by code) receives the new ones."""
    created: list[Any] = [model(code=code, **values) for code, values in wanted.items() if code not in known]
    changed: list[Any] = []
    touched: set[str] = set()
    for code, values in wanted.items():
        row = known.get(code)
        differing = [name for name in fields if row is not None and getattr(row, name) != values[name]]
        if differing:
            for name in differing:
                setattr(row, name, values[name])
            touched.update(differing)
            changed.append(row)
    model._default_manager.bulk_create(created, batch_size=BATCH)
    if changed:
        names = sorted(name.removesuffix("_id") for name in touched)
        model._default_manager.bulk_update(changed, names, batch_size=BATCH)
    known.update({row.code: row for row in created})
    return {"created": created, "changed": changed}


def counted(written: dict[str, list]) -> Changes:
    return Counter({name: len(rows) for name, rows in written.items()})


def sync_links(model: type[Model], name: str, sources: list[int], wanted: set[tuple[int, int]]) -> Changes:
    """Make the rows of a many-to-many relation equal to the wanted (source, target) pairs, for these sources."""
    relation: Any = model._meta.get_field(name)
    through = relation.remote_field.through._default_manager
    source, target = f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"
    kept = set(sources)
    present = {(a, b): pk for pk, a, b in through.values_list("pk", source, target) if a in kept}
    missing = sorted(wanted - present.keys())
    extra = [present[pair] for pair in present.keys() - wanted]
    through.bulk_create([through.model(**{source: a, target: b}) for a, b in missing], batch_size=BATCH)
    if extra:
        through.filter(pk__in=extra).delete()
    return Counter(linked=len(missing), unlinked=len(extra))
