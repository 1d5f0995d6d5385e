"""What an app above has to say before the dates of an event change: it declares its check in its AppConfig.ready()."""

import datetime
from collections.abc import Callable, Sequence

from .event import Event

Check = Callable[[Event, Sequence[datetime.date]], list[str]]
_checks: dict[Check, None] = {}  # a set that keeps its order


def guard_dates(check: Check) -> None:
    """`check(event, days)` gives French sentences; none when the event may be held on these days."""
    _checks[check] = None


def objections(event: Event, days: Sequence[datetime.date]) -> list[str]:
    """Why this event cannot be held on these days."""
    return [sentence for check in _checks for sentence in check(event, days)]
