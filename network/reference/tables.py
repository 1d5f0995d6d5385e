"""The files of network/data/ (sources and licences in its README) as rows ready to be stored."""

import csv
import datetime
import gzip
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..models import Contract, Generation, TerritoryKind
from ..naming import commune_name, of, place_name, search_words

DATA = Path(__file__).resolve().parent.parent / "data"
REGION, REGION_NAME = "27", "Bourgogne-Franche-Comté"
IN_FORCE = datetime.date(2024, 1, 1)  # décret n° 2023-1314 du 28 décembre 2023


@dataclass
class Place:
    """A territory as the sources describe it; relations are codes."""

    code: str
    kind: TerritoryKind
    name: str
    parent: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    departments: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()


@dataclass
class ContractRow:
    code: str
    fields: dict[str, Any]
    carrier: str
    department: str
    qpvs: frozenset[str] = frozenset()


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of network/data/, compressed or not."""
    raw = (DATA / name).read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@lru_cache
def outlines(name: str) -> dict[str, dict]:
    """Geometries (GeoJSON, longitude and latitude) by code, from a compressed feature collection."""
    features = json.loads(gzip.decompress((DATA / name).read_bytes()))["features"]
    return {feature["id"]: feature["geometry"] for feature in features}


def places() -> Iterator[Place]:
    """All territories, parents before children."""
    communes = rows("communes_bfc.csv.gz")
    quarters = rows("qpv_bfc_2024.csv")
    yield _region(communes)
    yield from _departments(communes)
    yield from _epcis(communes, _epcis_with_page(quarters))
    yield from _communes(communes, quarters)
    yield from _quarters(communes, quarters)


def _region(communes: list[dict]) -> Place:
    outline = outlines("region_bfc_simple.geojson.gz")[REGION]
    people = sum(int(c["population_municipale"]) for c in communes)
    return Place(REGION, TerritoryKind.REGION, REGION_NAME, None, {"outline": outline, "population": people, "has_page": True})


def _departments(communes: list[dict]) -> Iterator[Place]:
    shapes = outlines("departements_bfc_detail.geojson.gz")
    people: Counter[str] = Counter()
    for commune in communes:
        people[commune["departement"]] += int(commune["population_municipale"])
    for row in rows("departements_bfc.csv"):
        code = row["code"]
        fields = _point(row) | {"outline": shapes[code], "population": people[code], "has_page": True}
        yield Place(code, TerritoryKind.DEPARTMENT, commune_name(row["nom"]), REGION, fields)


def _epcis_with_page(quarters: list[dict]) -> set[str]:
    return {q["epci_siren"] for q in quarters} | {c.carrier for c in contracts()}


def _epcis(communes: list[dict], with_page: set[str]) -> Iterator[Place]:
    """EPCI; the parent is the department of the region where most of the communes are."""
    where: defaultdict[str, Counter[str]] = defaultdict(Counter)
    postal: defaultdict[str, set[str]] = defaultdict(set)
    for commune in communes:
        where[commune["epci_siren"]][commune["departement"]] += 1
        postal[commune["epci_siren"]].update(commune["codes_postaux"].split("|"))
    for row in rows("epci_bfc.csv"):
        code = row["siren"]
        fields = {
            "population": int(row["population_municipale"]),
            "postal_codes": " ".join(sorted(postal[code])),
            "has_page": code in with_page,
        }
        main = where[code].most_common(1)[0][0]
        departments = frozenset(row["departements"].split("|"))
        yield Place(code, TerritoryKind.EPCI, place_name(row["nom"]), main, fields, departments=departments)


def _communes(communes: list[dict], quarters: list[dict]) -> Iterator[Place]:
    shapes = outlines("communes_qpv_bfc.geojson.gz")
    with_page = {code for quarter in quarters for code in quarter["insee"].split("|")}
    for row in communes:
        code = row["insee"]
        fields = _point(row) | {
            "population": int(row["population_municipale"]),
            "postal_codes": row["codes_postaux"].replace("|", " "),
            "outline": shapes.get(code),
            "has_page": code in with_page,
        }
        yield Place(code, TerritoryKind.COMMUNE, commune_name(row["nom"]), row["epci_siren"], fields)


def _quarters(communes: list[dict], quarters: list[dict]) -> Iterator[Place]:
    shapes = outlines("qpv_bfc_2024.geojson.gz")
    by_code = {commune["insee"]: commune for commune in communes}
    for row in quarters:
        inside = row["insee"].split("|")
        fields = _point(row) | quarter_fields(row["nom"], [by_code[code] for code in inside])
        fields |= {
            "generation": Generation.Y2024,
            "status_2024": row["statut_2024"],
            "valid_from": IN_FORCE,
            "surface_ha": float(row["surface_ha"]),
            "outline": shapes[row["code_qp"]],
        }
        name = place_name(row["nom"])
        yield Place(row["code_qp"], TerritoryKind.QPV, name, inside[0], fields, communes=frozenset(inside))


def quarter_fields(name: str, communes: list[dict]) -> dict[str, Any]:
    """What a quartier takes from its communes: postal codes, and their names to be found by."""
    postal = sorted({code for commune in communes for code in commune["codes_postaux"].split("|")})
    words = search_words(" ".join([place_name(name), *(commune["nom"] for commune in communes)]))
    return {"postal_codes": " ".join(postal), "search_name": " ".join(words), "has_page": True}


def _point(row: dict[str, str]) -> dict[str, float]:
    return {"latitude": float(row["lat"]), "longitude": float(row["lon"])}


def contracts() -> Iterator[ContractRow]:
    """The contrats de ville of both generations."""
    for name, period in (
        ("contrats_de_ville_bfc_2015_2023.csv", Contract.Period.P2015),
        ("contrats_de_ville_bfc_2024_2030.csv", Contract.Period.P2024),
    ):
        for row in rows(name):
            carrier = place_name(row["porteur"])
            fields = {
                "name": f"Contrat de ville {of(carrier)}",
                "generation": period,
                "carrier_name": carrier,
                "population_qpv": int(row["population_qpv"]),
            }
            qpvs = frozenset(filter(None, row.get("codes_qpv", "").split("|")))
            yield ContractRow(row["code_cv"], fields, row["code_porteur"], row["departement"], qpvs)
