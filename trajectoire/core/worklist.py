"""What waits for the team, on the home page of the administration: apps declare their lines in `AppConfig.ready()`.

A line is counted from the rows each time: nobody ticks it, it goes when the work is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .text import plural


@dataclass(frozen=True)
class Task:
    """`one` and `many` are French, after a number: « demande à traiter », « demandes à traiter ».

    `count(user)` says how many, `url()` where they are done in one click, for who holds `permission`.
    """

    one: str
    many: str
    count: Callable[[Any], int]
    url: Callable[[], str]
    permission: str
    urgent: bool = False


@dataclass(frozen=True)
class Line:
    words: str
    url: str
    urgent: bool


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
    return [Line(plural(count, task.one, task.many), task.url(), task.urgent) for task, count in counted if count]
