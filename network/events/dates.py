"""The dates of an event as people read them: in Paris, right over both clock changes."""

import datetime
from collections.abc import Sequence

from django.utils import formats, timezone

from trajectoire.core.text import NBSP, day, plural

from .event import Event, EventDate

UNKNOWN = "Date à préciser"


def hour(moment: datetime.datetime) -> str:
    """« 9 h », « 13 h 30 »; in the hour that the clocks live twice, « 2 h 30 (heure d’été) »."""
    here = timezone.localtime(moment)
    minutes = f"{NBSP}{here.minute:02}" if here.minute else ""
    twice = here.replace(fold=0).utcoffset() != here.replace(fold=1).utcoffset()
    which = f" (heure d’{'été' if here.dst() else 'hiver'})" if twice else ""
    return f"{here.hour}{NBSP}h{minutes}{which}"


def long_day(moment: datetime.datetime) -> str:
    """« jeudi 22 mai 2025 »."""
    here = timezone.localtime(moment)
    return f"{formats.date_format(here, 'l')} {day(here.date())}"


def hours(date: EventDate) -> str:
    """« 13 h – 14 h »."""
    return f"{hour(date.starts_at)}{NBSP}– {hour(date.ends_at)}"


def spelled(date: EventDate) -> str:
    """« jeudi 22 mai 2025, 13 h – 14 h », « du jeudi 22 mai 2025, 20 h au vendredi 23 mai 2025, 1 h »."""
    if same_day(date):
        return f"{long_day(date.starts_at)}, {hours(date)}"
    return f"du {long_day(date.starts_at)}, {hour(date.starts_at)} au {long_day(date.ends_at)}, {hour(date.ends_at)}"


def same_day(date: EventDate) -> bool:
    return timezone.localdate(date.starts_at) == timezone.localdate(date.ends_at)


def summed(event: Event) -> str:
    """In one line: the only date, or how many from when to when."""
    dates: Sequence[EventDate] = list(event.dates.all())
    if not dates:
        return UNKNOWN
    if len(dates) == 1:
        return spelled(dates[0])
    first, last = (day(timezone.localdate(moment)) for moment in (dates[0].starts_at, dates[-1].ends_at))
    return f"{plural(len(dates), 'date', 'dates')}, du {first} au {last}"
