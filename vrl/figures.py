"""What is counted of the plan, each figure defined once, in SQL; the pages and the annual bilan are made of it.

A figure about people from 1 to 4 is masked in what leaves the centre, with a second one when the first could be found by
subtraction. Sessions are public: their number is not masked.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear

from network.events.figures import span
from network.events.models import Attestation, Presence, Registration
from network.events.registrations import TAKES_A_PLACE
from network.models import Territory, TerritoryKind
from trajectoire.core.text import spaced_number

from .models import Habilitation, Session, Trainer
from .vocabulary import HabilitationLevel, Level, SessionState

FEWEST = 5  # a smaller number of people could tell who they are
MASK, HIDDEN = "moins de 5", "masqué"  # the second one protects the first
ENOUGH_TRAINERS = 2  # a department with fewer holds no session by itself
HELD = (SessionState.HELD, SessionState.TO_CLOSE, SessionState.CLOSED)


class Told(NamedTuple):
    label: str
    definition: str
    about_people: bool = True


@dataclass(frozen=True)
class Figure:
    """`name` is its key in DEFINITIONS, `value` the exact number; `shown(…)` is what may leave the centre."""

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
OF_SESSIONS = ("sessions", "registered", "present", "complete", "attested", "people", "half_days", "aware", "young")
BY = {"level": "level", "department": "department__code", "year": "event__ends_at"}
Counts = dict[str, int]


def figure(name: str, value: int) -> Figure:
    told = DEFINITIONS[name]
    return Figure(name, told.label, told.definition, value)


def held(first: datetime.date, last: datetime.date) -> QuerySet[Session]:
    """The sessions that ended from the first day to the last, in Paris."""
    start, end = span(first, last)
    return Session.objects.filter(state__in=HELD, event__ends_at__gte=start, event__ends_at__lt=end)


def totals(first: datetime.date, last: datetime.date) -> list[Figure]:
    """Every figure of the period, in the order of DEFINITIONS; five queries."""
    counts = of_sessions(first, last).get("", dict.fromkeys(OF_SESSIONS, 0))
    departments = trainers_by_department(last)
    short = sum(count < ENOUGH_TRAINERS for count in departments.values())
    values = counts | {"trainers": sum(trainers_by_level(last).values()), "short_departments": short}
    return [figure(name, values[name]) for name in DEFINITIONS]


def of_sessions(first: datetime.date, last: datetime.date, by: str = "") -> dict[Any, Counts]:
    """{level, code of department, year, or "" for all: {name: number}} of what was held; three queries, whatever is counted.

    `by` is a key of BY. Distinct people of two lines may be the same ones: lines do not add up to the total.
    """
    sessions = held(first, last)
    pks = sessions.order_by().values("pk")
    lines: dict[Any, Counts] = {}
    for found in (_sessions(sessions, by), _registrations(pks, by), _half_days(pks, by)):
        for row in found:
            key = row.pop("key", "")
            lines.setdefault(key, dict.fromkeys(OF_SESSIONS, 0)).update(row)
    return dict(sorted(lines.items()))


def _grouped(rows: QuerySet[Any], by: str, path: str) -> QuerySet[Any]:
    """Grouped by `key`, read from the session found at `path`; by nothing, one line for all."""
    key: Any = F(path + BY[by]) if by else Value("")
    return rows.order_by().values(key=ExtractYear(key) if by == "year" else key)


def _sessions(sessions: QuerySet[Session], by: str) -> QuerySet[Any]:
    """Sessions have one report at most: nothing is counted twice."""
    reported = Q(level=Level.AWARENESS, report__sent_at__isnull=False)
    return _grouped(sessions, by, "").annotate(
        sessions=Count("pk"),
        aware=Coalesce(Sum("report__people", filter=reported), 0),
        young=Coalesce(Sum("report__young_people", filter=reported), 0),
    )


def _registrations(sessions: QuerySet[Any], by: str) -> Iterator[dict[str, Any]]:
    attested = Exists(Attestation.objects.valid().filter(registration=OuterRef("pk")))
    rows = Registration.objects.filter(event__training__in=sessions).with_attendance().annotate(holds=attested)
    came = Q(attended__gt=0)
    for row in _grouped(rows, by, "event__training__").annotate(
        registered=Count("pk", filter=Q(state__in=TAKES_A_PLACE)),
        present=Count("pk", filter=came),
        complete=Count("pk", filter=Q(reached=True)),
        attested=Count("pk", filter=Q(holds=True)),
        named=Count("email_key", filter=came & ~Q(email_key=""), distinct=True),
        unnamed=Count("pk", filter=came & Q(email_key="")),
    ):
        people = row.pop("named") + row.pop("unnamed")
        yield row | {"people": people}


def _half_days(sessions: QuerySet[Any], by: str) -> QuerySet[Any]:
    ticked = Presence.objects.counted().filter(registration__event__training__in=sessions)
    return _grouped(ticked, by, "registration__event__training__").annotate(half_days=Count("pk"))


# Trainers


def trainers_by_level(day: datetime.date) -> Counts:
    """{level: people who may lead that day}; who holds both levels counts once, as N1. One query."""
    first = Exists(Habilitation.objects.valid_on(day).filter(trainer=OuterRef("pk"), level=HabilitationLevel.N1))
    counted = habilitated(day).aggregate(n1=Count("pk", filter=first), all=Count("pk"))
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


# What leaves the centre


def masked(values: Sequence[int]) -> list[str]:
    """The cells of a line or a column about people, of which the total may be known: 1 to 4 are masked.

    When they hide less than 5 people together, the smallest other one is masked too: no subtraction finds them.
    """
    hidden = {place for place, value in enumerate(values) if 0 < value < FEWEST}
    others = sorted((value, place) for place, value in enumerate(values) if value >= FEWEST)
    if hidden and others and (len(hidden) == 1 or sum(values[place] for place in hidden) < FEWEST):
        hidden.add(others[0][1])
    return [_shown(value, place in hidden) for place, value in enumerate(values)]


def shown(figure: Figure) -> str:
    """One figure by itself as the public and partners read it."""
    about_people = DEFINITIONS[figure.name].about_people
    return _shown(figure.value, about_people and 0 < figure.value < FEWEST)


def _shown(value: int, hidden: bool) -> str:
    if not hidden:
        return spaced_number(value)
    return MASK if value < FEWEST else HIDDEN
