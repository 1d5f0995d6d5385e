"""A month of the agenda: the weeks of a calendar, each day with what happens on it."""

import calendar
import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone

from .cards import state
from .dates import hour, long_day, same_day
from .event import Event

FIRST_YEAR, LAST_YEAR = 2006, 2100  # the centre was born in 2006
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def weeks(year: int, month: int, events: Iterable[Event]) -> list[list[dict[str, Any]]]:
    """[[{number, iso, weekday, inside, today, entries: [{hours, title, url, state}]}]], from Monday to Sunday."""
    happening = _by_day(events)
    today = timezone.localdate()
    return [
        [
            {
                "number": day.day,
                "iso": day.isoformat(),
                "weekday": DAYS[day.weekday()],
                "inside": day.month == month,
                "today": day == today,
                "entries": happening.get(day, []) if day.month == month else [],
            }
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]


def _by_day(events: Iterable[Event]) -> dict[datetime.date, list[dict[str, Any]]]:
    """What happens on each day, by hour; a date that goes on after midnight stands on each of its days."""
    found: dict[datetime.date, list[dict[str, Any]]] = {}
    dates = sorted(
        ((date, event) for event in events for date in event.dates.all()), key=lambda pair: (pair[0].starts_at, pair[0].pk)
    )
    for date, event in dates:
        first, last = timezone.localdate(date.starts_at), timezone.localdate(date.ends_at)
        shown = {
            "hours": hour(date.starts_at) if same_day(date) else f"jusqu’au {long_day(date.ends_at)}",
            "title": event.title,
            "url": event.get_absolute_url(),
            "state": state(event),
        }
        for number in range((last - first).days + 1):
            found.setdefault(first + datetime.timedelta(days=number), []).append(shown)
    return found


def title(year: int, month: int) -> str:
    """« mai 2026 »."""
    return formats.date_format(datetime.date(year, month, 1), "F Y")


def neighbour(year: int, month: int, step: int) -> dict[str, str] | None:
    """{label, path} of the month before (-1) or after (1); None beyond the years of the agenda."""
    index = year * 12 + month - 1 + step
    there = index // 12, index % 12 + 1
    if not FIRST_YEAR <= there[0] <= LAST_YEAR:
        return None
    return {"label": title(*there), "path": reverse("events:month", args=there)}
