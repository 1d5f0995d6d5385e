"""What is counted of the plan, each figure defined once, in SQL; the pages and the annual bilan are made of it.

The numbers are exact: what leaves the centre goes through bilan/masking.py. Sessions are public: their number is not masked.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear

from network.events.figures import span
from network.events.models import Attestation, Presence, Registration
from network.events.registrations import TAKES_A_PLACE, RegistrationState
from network.models import Territory, TerritoryKind

from .models import Habilitation, Session, Trainer
from .vocabulary import HabilitationLevel, Level, SessionState

FEWEST = 5  # a smaller number of people could tell who they are
ENOUGH_TRAINERS = 2  # a department with fewer holds no session by itself
HELD = (SessionState.HELD, SessionState.TO_CLOSE, SessionState.CLOSED)


class Told(NamedTuple):
    label: str
    definition: str
    about_people: bool = True


@dataclass(frozen=True)
class Figure:
    """`name` is its key in DEFINITIONS, `value` the exact number."""

    name: str
    label: str
    definition: str
    value: int


DEFINITIONS: dict[str, Told] = {
    "sessions": Told(
        "Sessions tenues",
        "Sessions réalisées, à clôturer ou clôturées dont la dernière date est dans la période. Reportées et annulées ne comptent pas.",
        False,
    ),
    "registered": Told(
        "Personnes inscrites", "Inscriptions confirmées ou places proposées, aux sessions tenues. Une personne compte à chacune."
    ),
    "waiting": Told("En liste d’attente", "Inscriptions aux sessions tenues restées en liste d’attente."),
    "absent": Told(
        "Personnes absentes",
        "Inscriptions confirmées ou places proposées, aux sessions tenues, sans aucune demi-journée de présence.",
    ),
    "present": Told(
        "Personnes présentes",
        "Inscriptions aux sessions tenues avec une demi-journée de présence au moins. Une personne compte à chacune.",
    ),
    "complete": Told(
        "Parcours complets", "Inscriptions aux sessions tenues qui atteignent la présence demandée pour l’attestation."
    ),
    "attested": Told("Attestations", "Inscriptions aux sessions tenues dont l’attestation est valable aujourd’hui."),
    "people": Told(
        "Personnes différentes",
        "Personnes présentes, comptées une fois chacune d’après leur adresse e-mail ; une fois les noms effacés, chaque inscription compte.",
    ),
    "half_days": Told(
        "Demi-journées suivies",
        "Demi-journées de présence cochées aux sessions tenues : 12 personnes pendant 2 demi-journées font 24.",
    ),
    "aware": Told(
        "Personnes sensibilisées",
        "Personnes comptées à la main dans le compte rendu des moments de sensibilisation tenus, sans nom.",
    ),
    "young": Told(
        "Dont moins de 18 ans", "Parmi les personnes sensibilisées, celles de moins de 18 ans, comptées à la main, sans nom."
    ),
    "trainers": Told(
        "Personnes habilitées",
        "Formatrices et formateurs dont une habilitation active ou à renouveler vaut au dernier jour de la période, et qui n’ont pas quitté le réseau.",
    ),
    "short_departments": Told(
        "Départements à renforcer",
        f"Départements où moins de {ENOUGH_TRAINERS} personnes habilitées interviennent au dernier jour de la période.",
        False,
    ),
}
OF_SESSIONS = (
    "sessions",
    "registered",
    "waiting",
    "absent",
    "present",
    "complete",
    "attested",
    "people",
    "half_days",
    "aware",
    "young",
)
BY = {"level": "level", "department": "department__code", "year": "event__ends_at"}
Counts = dict[str, int]


def figure(name: str, value: int) -> Figure:
    told = DEFINITIONS[name]
    return Figure(name, told.label, told.definition, value)


def ended(first: datetime.date, last: datetime.date, department: str = "") -> QuerySet[Session]:
    """The sessions of every state whose last date is from the first day to the last, in Paris; of one department, by its code."""
    start, end = span(first, last)
    found = Session.objects.filter(event__ends_at__gte=start, event__ends_at__lt=end)
    return found.filter(department__code=department) if department else found


def held(first: datetime.date, last: datetime.date, department: str = "") -> QuerySet[Session]:
    """Those of `ended()` that took place."""
    return ended(first, last, department).filter(state__in=HELD)


def totals(first: datetime.date, last: datetime.date) -> list[Figure]:
    """Every figure of the period, in the order of DEFINITIONS; six queries."""
    counts = of_sessions(first, last).get("", dict.fromkeys(OF_SESSIONS, 0))
    departments = trainers_by_department(last)
    short = sum(count < ENOUGH_TRAINERS for count in departments.values())
    values = counts | {"trainers": sum(trainers_by_level(last).values()), "short_departments": short}
    return [figure(name, values[name]) for name in DEFINITIONS]


def of_sessions(first: datetime.date, last: datetime.date, by: str = "", department: str = "") -> dict[Any, Counts]:
    """{level, code of department, year, or "" for all: {name: number}} of what was held; four queries, whatever is counted.

    `by` is a key of BY. Distinct people of two lines may be the same ones: lines do not add up to the total.
    """
    found = crossed(first, last, (by,) if by else (), department)
    return {key[0] if by else "": counts for key, counts in found.items()}


def crossed(first: datetime.date, last: datetime.date, by: Sequence[str], department: str = "") -> dict[tuple[Any, ...], Counts]:
    """The same, by several keys of BY at once."""
    sessions = held(first, last, department)
    pks = sessions.order_by().values("pk")
    lines: dict[tuple[Any, ...], Counts] = {}
    for found in (_sessions(sessions, by), _registrations(pks, by), _presences(pks, by), _complete(pks, by)):
        for row in found:
            key = tuple(row.pop(f"key_{name}") for name in by)
            lines.setdefault(key, dict.fromkeys((*OF_SESSIONS, "placed"), 0)).update(
                {name: row[name] for name in row if name != "all"}
            )
    for counts in lines.values():
        counts["absent"] = counts["registered"] - counts.pop("placed")
    return dict(sorted(lines.items()))


def people_by(first: datetime.date, last: datetime.date, field: str, department: str = "") -> dict[str, Counts]:
    """{what people said in this field of their registration: {registered, present}}; two queries."""
    pks = held(first, last, department).order_by().values("pk")
    # The state is counted, not filtered on: an index on it would lead through all the registrations of the site.
    rows = Registration.objects.filter(event__training__in=pks).order_by().values_list(field)
    registered = rows.annotate(n=Count("pk", filter=Q(state__in=TAKES_A_PLACE)))
    counts = {key: {"registered": count, "present": 0} for key, count in registered}
    came = _ticked(pks).values_list(f"registration__{field}").annotate(n=Count("registration", distinct=True))
    for key, count in came:
        counts.setdefault(key, {"registered": 0, "present": 0})["present"] = count
    return counts


def distinct_people(first: datetime.date, last: datetime.date, department: str = "") -> int:
    pks = held(first, last, department).order_by().values("pk")
    return next((row["people"] for row in _presences(pks, ())), 0)


def _grouped(rows: QuerySet[Any], by: Sequence[str], path: str) -> QuerySet[Any]:
    """Grouped by `key_…`, read from the session found at `path`; by nothing, one line for all."""
    keys: dict[str, Any] = {f"key_{name}": F(path + BY[name]) for name in by}
    if "year" in by:
        keys["key_year"] = ExtractYear(keys["key_year"])
    return rows.order_by().values(all=Value(""), **keys)


def _sessions(sessions: QuerySet[Session], by: Sequence[str]) -> QuerySet[Any]:
    """Sessions have one report at most: nothing is counted twice."""
    reported = Q(level=Level.AWARENESS, report__sent_at__isnull=False)
    return _grouped(sessions, by, "").annotate(
        sessions=Count("pk"),
        aware=Coalesce(Sum("report__people", filter=reported), 0),
        young=Coalesce(Sum("report__young_people", filter=reported), 0),
    )


def _registrations(sessions: QuerySet[Any], by: Sequence[str]) -> QuerySet[Any]:
    attested = Exists(Attestation.objects.valid().filter(registration=OuterRef("pk")))
    rows = Registration.objects.filter(event__training__in=sessions).annotate(holds=attested)
    return _grouped(rows, by, "event__training__").annotate(
        registered=Count("pk", filter=Q(state__in=TAKES_A_PLACE)),
        waiting=Count("pk", filter=Q(state=RegistrationState.WAITING)),
        attested=Count("pk", filter=Q(holds=True)),
    )


def _ticked(sessions: QuerySet[Any]) -> QuerySet[Presence]:
    return Presence.objects.counted().filter(registration__event__training__in=sessions).order_by()


def _presences(sessions: QuerySet[Any], by: Sequence[str]) -> Iterator[dict[str, Any]]:
    """`placed`: those present who had a place; who came without one is not among the registered."""
    unnamed = Q(registration__email_key="")
    for row in _grouped(_ticked(sessions), by, "registration__event__training__").annotate(
        half_days=Count("pk"),
        present=Count("registration", distinct=True),
        placed=Count("registration", distinct=True, filter=Q(registration__state__in=TAKES_A_PLACE)),
        named=Count("registration__email_key", distinct=True, filter=~unnamed),
        unnamed=Count("registration", distinct=True, filter=unnamed),
    ):
        people = row.pop("named") + row.pop("unnamed")
        yield row | {"people": people}


def _complete(sessions: QuerySet[Any], by: Sequence[str]) -> QuerySet[Any]:
    reaching = Registration.objects.filter(event__training__in=sessions).reaching()
    return _grouped(reaching, by, "event__training__").annotate(complete=Count("pk"))


# Trainers


def trainers_by_level(day: datetime.date, department: str = "") -> Counts:
    """{level: people who may lead that day, in one department, by its code}; who holds both levels counts once, as N1. One query."""
    first = Exists(Habilitation.objects.valid_on(day).filter(trainer=OuterRef("pk"), level=HabilitationLevel.N1))
    known = habilitated(day)
    known = known.filter(departments__code=department) if department else known
    counted = known.aggregate(n1=Count("pk", filter=first), all=Count("pk"))
    return {HabilitationLevel.N1.value: counted["n1"], HabilitationLevel.N2.value: counted["all"] - counted["n1"]}


def trainers_by_department(day: datetime.date) -> Counts:
    """{code: people who may lead that day there}, every department of the region, those without anybody too. One query."""
    there = Count("trainers", filter=Q(trainers__in=habilitated(day).order_by().values("pk")))
    departments = Territory.objects.filter(kind=TerritoryKind.DEPARTMENT).order_by("code")
    return dict(departments.values_list("code").annotate(there=there))


def habilitated(day: datetime.date) -> QuerySet[Trainer]:
    """Who had not left by that day and may lead."""
    valid = Habilitation.objects.valid_on(day).filter(trainer=OuterRef("pk"))
    return Trainer.objects.filter(Q(left_on=None) | Q(left_on__gt=day)).filter(Exists(valid))
