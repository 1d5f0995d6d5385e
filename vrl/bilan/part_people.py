"""Part 2: who registered, came, stayed, was attested; by level, department of the session, statut and department of the person."""

from collections.abc import Callable
from typing import Any

from network.events.vocabulary import ParticipantStatus

from .. import figures
from ..figures import DEFINITIONS, OF_SESSIONS, Counts
from ..vocabulary import Level
from .part_sessions import departments
from .parts import Grid, Part, Rows, Scope, line, made, table

LINES = {name: DEFINITIONS[name] for name in OF_SESSIONS if name != "sessions"}
TOLD = {name: DEFINITIONS[name] for name in ("registered", "present", "complete", "attested", "half_days")}
ELSEWHERE = "Autre département ou non dit"


def part(scope: Scope) -> Part:
    period = scope.first, scope.last
    crossed = figures.crossed(*period, ("level", "department"), scope.department)
    total = _added(crossed, lambda key: "").get("", {}) | {"people": figures.distinct_people(*period, scope.department)}
    lines = [line(name, told, total.get(name, 0)) for name, told in LINES.items()]
    places = departments()
    grids = [_of_sessions(Rows("level", "Niveau", dict(Level.choices)), _added(crossed, lambda key: key[0]), "niveau")]
    if not scope.department:
        here = Rows("department", "Département", places)
        grids.append(_of_sessions(here, _added(crossed, lambda key: key[1]), "département de la session"))
    statuses = Rows("status", "Statut", dict(ParticipantStatus.choices) | {"": "Non dit"})
    homes = Rows("home", "Département", places | {"": ELSEWHERE})
    grids.append(_of_people(statuses, figures.people_by(*period, "status", scope.department), "statut"))
    grids.append(
        _of_people(homes, figures.people_by(*period, "department", scope.department), "département où elles travaillent")
    )
    return made("personnes", lines, grids)


def _added(crossed: dict[tuple[Any, ...], Counts], key: Callable[[tuple[Any, ...]], str]) -> dict[str, Counts]:
    """The same counts on fewer lines."""
    added: dict[str, Counts] = {}
    for found, counts in crossed.items():
        line = added.setdefault(key(found), dict.fromkeys(counts, 0))
        for name, count in counts.items():
            line[name] += count
    return added


def _of_sessions(rows: Rows, counts: dict[str, Counts], label: str) -> Grid:
    words = "Inscriptions aux sessions tenues, chacune sur une ligne."
    return table(
        rows, TOLD, counts, sums=True, slug=f"people-{rows.by}", title=f"Personnes par {label}", definition=words, chart="bars"
    )


def _of_people(rows: Rows, found: dict[str, Counts], label: str) -> Grid:
    """What is not a row is counted on the last one."""
    told = {name: DEFINITIONS[name] for name in ("registered", "present")}
    counts = _added({(key,): row for key, row in found.items()}, lambda key: key[0] if key[0] in rows.labels else "")
    words = "D’après ce que chaque personne a dit en s’inscrivant."
    slug = f"people-{rows.by}"
    return table(rows, told, counts, sums=True, slug=slug, title=f"Personnes par {label}", definition=words, chart="bars")
