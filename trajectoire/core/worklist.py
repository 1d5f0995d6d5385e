"""What waits for the team, on the home page of the administration: apps declare their lines in `AppConfig.ready()`.

A line is counted from the rows each time: nobody ticks it, it goes when the work is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .text import NBSP, slug_of, spaced_number

# The headings of the list, in their order.
AGENDA, PLAN, NETWORK, LIBRARY, SITE = "Rendez-vous", "Plan VRL", "Réseau", "Bibliothèque", "Site"
SUBJECTS = (PLAN, AGENDA, NETWORK, LIBRARY, SITE)


@dataclass(frozen=True)
class Task:
    """`one` and `many` are French, after a number: « demande à traiter », « demandes à traiter ».

    `count(user)` says how many, `url()` where they are done in one click, for who holds `permission`; `subject` is the heading
    under which the line stands.
    """

    one: str
    many: str
    count: Callable[[Any], int]
    url: Callable[[], str]
    permission: str
    urgent: bool = False
    subject: str = SITE


@dataclass(frozen=True)
class Line:
    """`number` and `label` are the two halves of `words`: « 3 » and « documents à relire »."""

    number: str
    label: str
    url: str
    urgent: bool
    subject: str

    @property
    def words(self) -> str:
        return f"{self.number}{NBSP}{self.label}"


_tasks: dict[str, Task] = {}


def register(*tasks: Task) -> None:
    for task in tasks:
        _tasks[task.one] = task


def registered() -> list[Task]:
    return list(_tasks.values())


def lines(user: Any) -> list[Line]:
    """What this person has to do, what is urgent first; one query a line."""
    mine = [task for task in registered() if user.has_perm(task.permission)]
    counted = [(task, task.count(user)) for task in sorted(mine, key=lambda task: (not task.urgent, task.one))]
    return [
        Line(spaced_number(count), task.one if count < 2 else task.many, task.url(), task.urgent, task.subject)
        for task, count in counted
        if count
    ]


def by_subject(user: Any) -> list[dict[str, Any]]:
    """The same lines under their headings: [{"subject", "name", "lines"}], without those that have none."""
    found = lines(user)
    groups = [(subject, [line for line in found if line.subject == subject]) for subject in SUBJECTS]
    return [{"subject": subject, "name": slug_of(subject), "lines": mine} for subject, mine in groups if mine]
