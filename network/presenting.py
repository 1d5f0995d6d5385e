"""What the pages of territories show: lists, facts, contracts, notes, as ready values for the templates."""

import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString

from trajectoire.core.text import plural, spaced_number

from . import vocabulary
from .models import Contract, Generation, Territory, TerritoryKind
from .vocabulary import TerritoryEntry

NEXT_KIND = {
    TerritoryKind.REGION: TerritoryKind.DEPARTMENT,
    TerritoryKind.DEPARTMENT: TerritoryKind.EPCI,
    TerritoryKind.EPCI: TerritoryKind.COMMUNE,
    TerritoryKind.COMMUNE: TerritoryKind.QPV,
}
CODE_LABELS = {
    TerritoryKind.DEPARTMENT: "Code du département",
    TerritoryKind.EPCI: "Numéro SIREN",
    TerritoryKind.COMMUNE: "Code INSEE",
    TerritoryKind.QPV: "Code du quartier",
}
FOUND_LIMIT = 20
CONTRACTS_FOUND = 4


def url_of(code: str) -> str:
    return reverse("network:territory", args=[code])


def departments() -> list[dict[str, Any]]:
    """[{territory, communes: [{name, url, qpvs}]}]: every commune that has a quartier in force, by department."""
    return _departments(vocabulary.current().version)


@lru_cache(maxsize=2)
def _departments(version: int) -> list[dict[str, Any]]:
    words = vocabulary.get(version).territory_by_code
    inside: dict[str, list[dict[str, str]]] = {}
    in_force = Territory.objects.in_force().order_by("name").values_list("communes__code", "code", "name")
    for commune, code, name in in_force:
        inside.setdefault(commune, []).append({"name": name, "url": url_of(code)})
    communes: dict[str, list[dict[str, Any]]] = {}
    for entry in sorted((words[code] for code in inside if code in words), key=lambda entry: entry.name):
        shown = {"name": entry.name, "url": url_of(entry.code), "qpvs": inside[entry.code]}
        communes.setdefault(entry.department_code, []).append(shown)
    return [
        {"territory": {"name": d.name, "url": url_of(d.code), "code": d.code}, "communes": communes.get(d.code, [])}
        for d in vocabulary.get(version).departments()
    ]


def found(text: str) -> list[dict[str, str]]:
    """The territories that answer a search: [{label, detail, url}]."""
    territories = list(Territory.objects.search(text)[:FOUND_LIMIT])
    shown = [{"label": t.name, "detail": _detail(t), "url": t.get_absolute_url()} for t in territories]
    return shown + [
        {"label": contract.name, "detail": f"contrat de ville {contract.generation}", "url": contract.get_absolute_url()}
        for contract in _contracts_of(territories)
    ]


def _contracts_of(found: list[Territory]) -> list[Contract]:
    """The contrats de ville that these territories carry or come under: who looks for a commune wants to know its own."""
    if not found:
        return []
    above = {code for territory in found for code in territory.ancestor_codes[2:]}
    test = Q(qpvs__in=found) | Q(carrier__code__in=above)
    return list(Contract.objects.filter(test).distinct().order_by("-generation", "name")[:CONTRACTS_FOUND])


def _detail(territory: Territory) -> str:
    """« quartier prioritaire, Besançon », « commune, Doubs »."""
    words = vocabulary.current().territory_by_code
    above = territory.ancestor_codes[:-1]
    near = above[-1:] if territory.kind == TerritoryKind.QPV else above[1:2]
    former = f"géographie de {territory.generation}" if territory.is_former else ""
    return ", ".join(filter(None, [territory.kind_label, *(words[code].name for code in near), former]))


def generations() -> str:
    """The two geographies, told with the counts of the database."""
    return _generations(vocabulary.current().version)


@lru_cache(maxsize=2)
def _generations(version: int) -> str:
    former = Territory.objects.filter(generation=Generation.Y2015).count()
    text = "La géographie en vigueur est celle du 1er\u00a0janvier\u00a02024 (décret n°\u00a02023-1314)."
    if former:
        return f"{text} Celle de 2015 comptait {plural(former, 'quartier', 'quartiers')}, qui ont aussi leur page."
    return f"{text} Elle a remplacé celle de 2015\u00a0: un quartier d’aujourd’hui peut en réunir plusieurs d’alors."


def ancestors(territory: Territory) -> list[TerritoryEntry]:
    """The territories above it that have a page, from the region down."""
    words = vocabulary.current().territory_by_code
    return [words[code] for code in territory.ancestor_codes[:-1] if words[code].has_page]


def links(territories: Iterable[Territory | TerritoryEntry]) -> list[dict[str, str]]:
    return [{"label": t.name, "url": url_of(t.code)} for t in territories]


def children(territory: Territory) -> list[dict[str, str]]:
    """The territories of the next level that have a page: [{label, url, detail}]."""
    kind = NEXT_KIND.get(TerritoryKind(territory.kind))
    if kind is None:
        return []
    inside = Territory.objects.in_territory(territory)
    below = list(inside.with_pages().filter(kind=kind).order_by("name"))
    if kind == TerritoryKind.QPV:
        return [_child(child, f"géographie de {child.generation}" if child.is_former else "") for child in below]
    holders = [
        {*quarter.ancestor_codes, *(commune.code for commune in quarter.communes.all())}
        for quarter in inside.in_force().prefetch_related("communes").order_by("code")
    ]
    counts = {child.code: sum(child.code in codes for codes in holders) for child in below}
    words = "quartier prioritaire", "quartiers prioritaires"
    return [_child(child, plural(counts[child.code], *words) if counts[child.code] else "") for child in below]


def _child(child: Territory, detail: str) -> dict[str, str]:
    return {"label": child.name, "url": child.get_absolute_url(), "detail": detail}


def contracts(territory: Territory) -> list[dict[str, str]]:
    """The contrats de ville of a department, of who carries one, of a quartier: [{name, url, period, population_label}]."""
    if territory.kind == TerritoryKind.REGION:
        return []
    test = Q(qpvs__in=Territory.objects.in_territory(territory)) | Q(carrier=territory) | Q(department=territory)
    if territory.kind in (TerritoryKind.COMMUNE, TerritoryKind.QPV):
        test |= Q(carrier__code__in=territory.ancestor_codes, carrier__kind=TerritoryKind.EPCI, generation=Contract.Period.P2015)
    rows = Contract.objects.filter(test).distinct().order_by("-generation", "name")
    return [
        {
            "name": contract.name,
            "url": contract.get_absolute_url(),
            "period": contract.generation,
            "population_label": f"{spaced_number(contract.population_qpv)} habitants en quartier prioritaire"
            if contract.population_qpv
            else "",
        }
        for contract in rows
    ]


def facts(territory: Territory, successors: list[Territory]) -> list[dict[str, str | SafeString]]:
    """The facts beside the map: [{label, value}]."""
    above = [entry for entry in ancestors(territory) if entry.kind in (TerritoryKind.EPCI, TerritoryKind.DEPARTMENT)]
    names = {TerritoryKind.EPCI: "Intercommunalité", TerritoryKind.DEPARTMENT: "Département"}
    rows: list[tuple[str, str | SafeString]] = [(names[TerritoryKind(t.kind)], _anchor(t)) for t in reversed(above)]
    rows += [
        ("Devenu", SafeString(", ".join(_anchor(after) for after in successors))),
        ("En vigueur", validity(territory)),
        ("Évolution en 2024", territory.status_2024),
        ("Population", _population(territory)),
        ("Surface", f"environ {spaced_number(round(territory.surface_ha))} hectares" if territory.surface_ha else ""),
        (CODE_LABELS.get(TerritoryKind(territory.kind), "Code"), territory.code),
        ("Codes postaux" if " " in territory.postal_codes else "Code postal", territory.postal_codes.replace(" ", ", ")),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _anchor(territory: Territory | TerritoryEntry) -> SafeString:
    return format_html('<a href="{}">{}</a>', url_of(territory.code), territory.name)


def _population(territory: Territory) -> str:
    if territory.population is None:
        return ""
    year = f" en {territory.population_year}" if territory.population_year else ""
    return f"{spaced_number(territory.population)} habitants{year}"


def validity(territory: Territory) -> str:
    """« depuis le 1er janvier 2024 », « du 1er janvier 2015 au 31 décembre 2023 »."""
    begun, ended = (_long_date(day) for day in (territory.valid_from, territory.valid_to))
    if begun and ended:
        return f"du {begun} au {ended}"
    if begun:
        return f"depuis le {begun}"
    return f"jusqu’au {ended}" if ended else ""


def _long_date(day: datetime.date | None) -> str:
    if day is None:
        return ""
    return f"{'1er' if day.day == 1 else day.day} {formats.date_format(day, 'F Y')}"


def predecessor_note(before: list[Territory]) -> str:
    """Says that what was written about the former quartiers is shown too."""
    if not before:
        return ""
    names = ", ".join(quarter.name for quarter in before)
    many = len(before) > 1
    return (
        f"Les ressources sur {'les anciens quartiers' if many else 'l’ancien quartier'} de 2015 "
        f"({names}) sont aussi montrées ici."
    )
