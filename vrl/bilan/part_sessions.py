"""Part 1: sessions planned, held, cancelled; by level, length, department, funding and organiser."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet

from network.models import Territory, TerritoryKind

from .. import figures
from ..figures import DEFINITIONS, HELD, Told
from ..vocabulary import COMING, Funding, Length, Level, SessionState
from .parts import Grid, Part, Rows, Scope, line, made, table

COUNTS = {
    "planned": Count("pk", filter=~Q(state__in=[SessionState.DRAFT, SessionState.PROPOSED])),
    "sessions": Count("pk", filter=Q(state__in=HELD)),
    "to_come": Count("pk", filter=Q(state__in=COMING)),
    "postponed": Count("pk", filter=Q(state=SessionState.POSTPONED)),
    "cancelled": Count("pk", filter=Q(state=SessionState.CANCELLED)),
}
_IN_PERIOD = "Sessions dont la dernière date est dans la période"
LINES = {
    "planned": Told("Sessions programmées", f"{_IN_PERIOD}, quelle que soit la suite ; ni brouillons ni propositions.", False),
    "sessions": DEFINITIONS["sessions"],
    "to_come": Told("Sessions à venir", f"{_IN_PERIOD}, retenues et pas encore tenues.", False),
    "postponed": Told("Sessions reportées", f"{_IN_PERIOD}, reportées depuis.", False),
    "cancelled": Told("Sessions annulées", f"{_IN_PERIOD}, annulées.", False),
}
CENTRE = "Le centre"
KEYS = {"department": "department__code"}


def departments() -> dict[str, str]:
    """{code: name} of the region's departments, in the order of their codes."""
    found = Territory.objects.filter(kind=TerritoryKind.DEPARTMENT).order_by("code")
    return dict(found.values_list("code", "name"))


def part(scope: Scope) -> Part:
    sessions = figures.ended(scope.first, scope.last, scope.department).order_by()
    totals = sessions.aggregate(**COUNTS)
    lines = [line(name, told, totals[name]) for name, told in LINES.items()]
    grids = [_grid(sessions, rows, f"Sessions par {label}") for rows, label in _rows(scope)]
    return made("sessions", lines, [*grids, _organisers(sessions)])


def _rows(scope: Scope) -> list[tuple[Rows, str]]:
    found = [
        (Rows("level", "Niveau", dict(Level.choices)), "niveau"),
        (Rows("length", "Durée", dict(Length.choices)), "durée"),
        (Rows("funding", "Financement", dict(Funding.choices)), "financement"),
    ]
    if not scope.department:
        found.insert(1, (Rows("department", "Département", departments()), "département"))
    return found


def _grid(sessions: QuerySet[Any], rows: Rows, title: str) -> Grid:
    found: Any = sessions.values(key=F(KEYS.get(rows.by, rows.by))).annotate(**COUNTS)
    counts = {row.pop("key"): row for row in found}
    words = "Chaque session est sur une ligne, avec les dates de la période."
    return table(rows, LINES, counts, sums=True, slug=f"sessions-{rows.by}", title=title, definition=words, chart="bars")


def _organisers(sessions: QuerySet[Any]) -> Grid:
    """The rows are those that organised something, the ones with most sessions first."""
    found: Any = sessions.values(key=F("event__organisers"), named=F("event__organisers__name")).annotate(**COUNTS)
    rows, counts = Rows("organiser", "Structure", {}), {}
    for row in found.order_by("-planned", "named"):
        key = str(row.pop("key") or "")
        rows.labels[key] = row.pop("named") or CENTRE
        counts[key] = row
    words = "Une session de plusieurs structures compte à chacune ; sans structure nommée, elle est du centre."
    title = "Sessions par structure qui organise"
    return table(rows, LINES, counts, slug="sessions-organiser", title=title, definition=words)
