"""What an import would do, line by line, before anything is written: the same plan is then carried out.

A structure is recognised by its SIRET, else by its name however it is written, in a department that agrees. What is known
is completed, never replaced: where the file says otherwise, the line says so and a person decides.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from trajectoire.core.tables import Table
from trajectoire.core.text import fold

from .. import siret as numbers
from ..duplicates import Known, Row, normalised
from ..models import Organisation, OrganisationKind, Theme
from .columns import values
from .places import Places

LIKENESSES_UP_TO = 2_000  # lines; beyond, they are looked for afterwards, on the screen of duplicates
PLAIN = ("siret", "summary", "email", "phone", "website", "address")
CREATED, COMPLETED, SAME, REFUSED = "créée", "complétée", "inchangée", "refusée"
KIND_WORDS = (
    ("ccas", OrganisationKind.CCAS),
    ("action sociale", OrganisationKind.CCAS),
    ("mission locale", OrganisationKind.LOCAL_MISSION),
    ("regie", OrganisationKind.NEIGHBOURHOOD_BOARD),
    ("centre social", OrganisationKind.SOCIAL_CENTRE),
    ("mjc", OrganisationKind.SOCIAL_CENTRE),
    ("commune", OrganisationKind.AUTHORITY),
    ("ville", OrganisationKind.AUTHORITY),
    ("communaute", OrganisationKind.AUTHORITY),
    ("ligue enseignement", OrganisationKind.POPULAR_EDUCATION),
    ("federation", OrganisationKind.POPULAR_EDUCATION),
)


@dataclass
class Wanted:
    """A structure to create, or an existing one with what the file adds to it."""

    name: str
    pk: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    former_names: list[str] = field(default_factory=list)
    territories: list[int] = field(default_factory=list)
    themes: list[int] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    @property
    def brings_something(self) -> bool:
        return bool(self.values or self.former_names or self.territories or self.themes or self.sources)


@dataclass
class Line:
    """One line of the report."""

    number: int
    name: str
    action: str
    notes: list[str] = field(default_factory=list)


@dataclass
class Plan:
    lines: list[Line] = field(default_factory=list)
    creations: list[Wanted] = field(default_factory=list)
    completions: dict[int, Wanted] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(line.action for line in self.lines)
        return {action: counted[action] for action in (CREATED, COMPLETED, SAME, REFUSED)}


class Planner:
    """Reads what the database holds once, then plans line after line; lines of one structure are joined."""

    def __init__(self, *, likenesses: bool) -> None:
        self.plan = Plan()
        self.places = Places()
        self.known = Known.read()
        self.likenesses = likenesses
        self.themes = {fold(name): pk for pk, name in Theme.objects.values_list("pk", "name")}
        self.kinds = {fold(label): value for value, label in OrganisationKind.choices} | {v: v for v in OrganisationKind.values}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for (pk, _), name in self.known.names.items():
            self.by_name[name].append(pk)
        self.held = {row["pk"]: row for row in Organisation.objects.values("pk", "name", "sources", "former_names", *PLAIN)}
        self.linked = {name: _linked(name) for name in ("territories", "themes")}
        self.created: dict[int, Wanted] = {}  # by a negative key, until they have their own

    def add(self, number: int, cells: Mapping[str, str]) -> None:
        name = " ".join(cells["name"].split())
        problem = "Le nom manque." if not name else "Le nom a plus de 200 caractères." if len(name) > 200 else ""
        if problem:
            self.plan.lines.append(Line(number, name[:80], REFUSED, [problem]))
            return
        notes: list[str] = []
        wanted = self._wanted(name, cells, notes)
        departments = self.places.departments_of(wanted.territories)
        key = self._recognise(wanted, departments, notes)
        if key is None:
            self._create(number, wanted, departments, notes)
        else:
            self._complete(number, key, wanted, notes)

    def _wanted(self, name: str, cells: Mapping[str, str], notes: list[str]) -> Wanted:
        checked = {field_: CHECKS[field_](cells[field_], notes) for field_ in PLAIN if cells[field_]}
        kind = self.kinds.get(fold(cells["kind"]))
        if cells["kind"] and not kind:
            notes.append(f"Nature « {cells['kind']} » inconnue : devinée d’après le nom.")
        words = [part.strip() for part in cells["themes"].replace(",", ";").replace("|", ";").split(";") if part.strip()]
        themes = [self.themes[fold(word)] for word in words if fold(word) in self.themes]
        notes += [f"Thème « {word} » inconnu : laissé de côté." for word in words if fold(word) not in self.themes]
        return Wanted(
            name=name,
            values={"kind": kind or guess_kind(name)} | {field_: value for field_, value in checked.items() if value},
            former_names=[part.strip() for part in cells["former_names"].split("|") if part.strip()],
            territories=self._territories(cells, notes),
            themes=themes,
            sources=[cells["sources"]] if cells["sources"] else [],
        )

    def _territories(self, cells: Mapping[str, str], notes: list[str]) -> list[int]:
        """The most precise known: the place, else those of its contrats, else the department."""
        department = self.places.department(cells["department"]) if cells["department"] else None
        if cells["department"] and department is None:
            notes.append(f"Département « {cells['department']} » inconnu.")
        if cells["place"]:
            place = self.places.place(cells["place"], department)
            if place is not None:
                return [place]
            notes.append(f"Lieu « {cells['place']} » inconnu ou ambigu (une commune fusionnée ?) : à préciser.")
        return self.places.carriers(cells["contracts"]) or ([department] if department is not None else [])

    def _recognise(self, wanted: Wanted, departments: frozenset[str], notes: list[str]) -> int | None:
        siret = wanted.values.get("siret", "")
        same = self.known.by_siret.get(siret, ()) if siret else ()
        if same:
            return same[0]
        for pk in self.by_name.get(normalised(wanted.name), ()):
            row = self.known.rows[pk]
            if departments and row.departments and not departments & row.departments:
                continue
            if siret and row.siret and siret != row.siret:
                notes.append(f"Même nom que « {row.name} », mais un autre SIRET : gardées toutes deux.")
                continue
            return pk
        return None

    def _create(self, number: int, wanted: Wanted, departments: frozenset[str], notes: list[str]) -> None:
        if self.likenesses:
            close = self.known.likely(wanted.name, wanted.values.get("siret", ""))
            notes += [f"Ressemble à « {candidate.name} » ({candidate.reason})." for candidate in close[:2]]
        key = -len(self.plan.creations) - 1
        self.plan.creations.append(wanted)
        self.created[key] = wanted
        names = [wanted.name, *wanted.former_names]
        self.known.add(Row(key, wanted.name, wanted.values.get("siret", ""), departments), names)
        for name in names:
            self.by_name[normalised(name)].append(key)
        self.plan.lines.append(Line(number, wanted.name, CREATED, notes))

    def _complete(self, number: int, key: int, wanted: Wanted, notes: list[str]) -> None:
        """What the line adds to a structure of the database, or to one that an earlier line creates."""
        made = self.created.get(key)
        if made is not None:
            wanted.former_names = self._other_names({"name": made.name, "former_names": "\n".join(made.former_names)}, wanted)
            notes.append(f"Réunie à « {made.name} », plus haut dans le fichier.")
            action = SAME if not _merge(made, wanted, notes) else COMPLETED
        else:
            added = self._added(key, wanted, notes)
            if added.brings_something:
                _merge(self.plan.completions.setdefault(key, Wanted(name=added.name, pk=key)), added, notes)
            action = COMPLETED if added.brings_something else SAME
        self.plan.lines.append(Line(number, wanted.name, action, notes))

    def _added(self, pk: int, wanted: Wanted, notes: list[str]) -> Wanted:
        """Only what the database lacks; what differs is told."""
        held = self.held[pk]
        added = Wanted(name=held["name"], pk=pk)
        for name, value in wanted.values.items():
            if name == "kind" or value == held[name]:
                continue
            if held[name]:
                notes.append(f"{LABELS[name]} : « {held[name]} » est gardé, le fichier dit « {value} ».")
            else:
                added.values[name] = held[name] = value
        for name in ("territories", "themes"):
            links = self.linked[name][pk]
            new = [key for key in getattr(wanted, name) if key not in links]
            # A department says less than the commune already known inside it.
            if name == "territories":
                new = [key for key in new if not any(self.places.path[k].startswith(f"{self.places.path[key]}/") for k in links)]
            links.update(new)
            getattr(added, name).extend(new)
        for name, lines in (("sources", wanted.sources), ("former_names", self._other_names(held, wanted))):
            fresh = [line for line in lines if line not in held[name].splitlines()]
            held[name] = "\n".join(filter(None, [held[name], *fresh]))
            getattr(added, name).extend(fresh)
        return added

    @staticmethod
    def _other_names(held: Mapping[str, Any], wanted: Wanted) -> list[str]:
        """A name that says something else than the known one is kept too, so that it is recognised next time."""
        known = {normalised(name) for name in [held["name"], *held["former_names"].splitlines()]}
        return [name for name in [wanted.name, *wanted.former_names] if normalised(name) not in known]


def _merge(into: Wanted, other: Wanted, notes: list[str]) -> bool:
    """Add to a planned structure what another line brings; whether it brought anything."""
    before = (dict(into.values), *(list(getattr(into, name)) for name in LISTS))
    into.values = other.values | into.values
    for name in LISTS:
        kept = getattr(into, name)
        kept.extend(value for value in getattr(other, name) if value not in kept)
    return before != (into.values, *(getattr(into, name) for name in LISTS))


LISTS = ("former_names", "territories", "themes", "sources")
LABELS = {
    "siret": "SIRET",
    "summary": "Présentation",
    "email": "E-mail",
    "phone": "Téléphone",
    "website": "Site",
    "address": "Adresse",
}


def guess_kind(name: str) -> str:
    """From the words of the name; an association when they say nothing."""
    words = normalised(name)
    return next((kind for word, kind in KIND_WORDS if f" {word} " in f" {words} "), OrganisationKind.ASSOCIATION)


def _linked(name: str) -> dict[int, set[int]]:
    """{organisation: {territory or theme}}"""
    through: Any = getattr(Organisation, name).through
    target = {"territories": "territory_id", "themes": "theme_id"}[name]
    links: dict[int, set[int]] = defaultdict(set)
    for organisation, key in through.objects.order_by("pk").values_list("organisation_id", target):
        links[organisation].add(key)
    return links


def _siret(text: str, notes: list[str]) -> str:
    """The first of the numbers: a structure with several establishments may come with several."""
    value, *others = [numbers.compact(part) for part in text.split("|")]
    if others:
        notes.append(f"Plusieurs SIRET : {value} est gardé, {', '.join(others)} laissé de côté.")
    try:
        numbers.check(value)
    except ValidationError:
        notes.append(f"SIRET « {text} » faux (sa clé ne correspond pas) : laissé de côté.")
        return ""
    return value


def _email(text: str, notes: list[str]) -> str:
    try:
        validate_email(text)
    except ValidationError:
        notes.append(f"Adresse e-mail « {text} » incomplète : laissée de côté.")
        return ""
    return text.lower()


def _website(text: str, notes: list[str]) -> str:
    url = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        notes.append(f"Site « {text} » : ce n’est pas une adresse, laissé de côté.")
        return ""
    return url[:200]


def _short(length: int) -> Any:
    def cut(text: str, notes: list[str]) -> str:
        if len(text) > length:
            notes.append(f"Texte coupé à {length} caractères.")
        return text[:length]

    return cut


CHECKS = {
    "siret": _siret,
    "email": _email,
    "website": _website,
    "summary": _short(400),
    "phone": _short(30),
    "address": _short(300),
}


def plan(table: Table, mapping: Mapping[str, int], sources: Iterable[str] = ()) -> Plan:
    """The plan of a whole table; `sources` are added to each structure it creates or completes."""
    planner = Planner(likenesses=len(table.lines) <= LIKENESSES_UP_TO)
    common = "\n".join(sources)
    for number, cells in table.lines:
        line = values(cells, mapping)
        planner.add(number, line | {"sources": line["sources"] or common})
    return planner.plan
