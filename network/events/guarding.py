"""What an app above has to say of an event: before its dates change, and of how one registers. Declared in its AppConfig.ready()."""

import datetime
from collections.abc import Callable, Sequence

from .event import Event

Check = Callable[[Event, Sequence[datetime.date]], list[str]]
Door = Callable[[Event], str]
_checks: dict[Check, None] = {}  # sets that keep their order
_doors: dict[Door, None] = {}


def guard_dates(check: Check) -> None:
    """`check(event, days)` gives French sentences; none when the event may be held on these days."""
    _checks[check] = None


def objections(event: Event, days: Sequence[datetime.date]) -> list[str]:
    """Why this event cannot be held on these days."""
    return [sentence for check in _checks for sentence in check(event, days)]


def guard_registering(door: Door) -> None:
    """`door(event)` gives the address of the form that stands for the ordinary one; empty when there is none."""
    _doors[door] = None


def other_door(event: Event) -> str:
    """Where one registers for this event, when it is not by the ordinary form."""
    return next((address for door in _doors if (address := door(event))), "")
