"""What a source says of an event, by our names: the same facts whether they come from a table or from a calendar."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.html import escape, linebreaks

from trajectoire.core.importing import cells
from trajectoire.core.text import fold

from ..vocabulary import EventKind, EventMode, EventStatus

MORNING, EVENING = datetime.time(9), datetime.time(17)
NIGHT = datetime.time(6)  # what ends before is the end of the evening before
MOST_DAYS = 31
KINDS = cells.worded(EventKind.choices)
MODES = cells.worded(
    EventMode.choices,
    {
        EventMode.ONLINE: ["visio", "visioconference", "distanciel", "a distance"],
        EventMode.MIXED: ["hybride"],
        EventMode.ON_SITE: ["sur place"],
    },
)
STATUSES = cells.worded(
    EventStatus.choices, {EventStatus.CANCELLED: ["annulee", "cancelled"], EventStatus.POSTPONED: ["reportee"]}
)
GUESSES = (
    ("webinaire", EventKind.WEBINAR),
    ("comite de pilotage", EventKind.STEERING_COMMITTEE),
    ("copil", EventKind.STEERING_COMMITTEE),
    ("assemblee generale", EventKind.GENERAL_ASSEMBLY),
    ("groupe de travail", EventKind.WORKING_GROUP),
    ("cycle", EventKind.CYCLE),
    ("formation", EventKind.TRAINING),
    ("atelier", EventKind.WORKSHOP),
    ("seminaire", EventKind.SEMINAR),
    ("visite", EventKind.SITE_VISIT),
    ("debat", EventKind.DEBATE),
    ("laicite", EventKind.SECULARISM_DAY),
    ("rencontre", EventKind.REGIONAL_MEETING),
    ("reseau", EventKind.NETWORK_MEETING),
)
ONLINE = re.compile(r"en ligne|visio|distanciel|webinaire|a distance|teams|zoom|https?://")


@dataclass
class Facts:
    """`dates`: [[start, end]] in ISO; `page`: the slug of a page here; `uid`: of the event here, when its source has one."""

    title: str
    kind: str = ""
    summary: str = ""
    body: str = ""
    status: str = EventStatus.SCHEDULED
    mode: str = ""
    location: str = ""
    place: str = ""
    online_url: str = ""
    themes: list[str] = field(default_factory=list)
    territories: list[str] = field(default_factory=list)
    audiences: list[str] = field(default_factory=list)
    dates: list[list[str]] = field(default_factory=list)
    capacity: int | None = None
    private: bool = False
    page: str = ""
    uid: str = ""

    def values(self) -> dict[str, Any]:
        return asdict(self)


def guess_kind(title: str) -> str:
    """From the words of the title; a study day when they say nothing."""
    said = fold(title)
    return next((kind for word, kind in GUESSES if word in said), EventKind.STUDY_DAY)


def guess_mode(location: str) -> str:
    return EventMode.ONLINE if ONLINE.search(fold(location)) else EventMode.ON_SITE


def rich(text: str) -> str:
    """As HTML: what already is stays, its field cleans it."""
    return text if re.search(r"</?(?:p|br|div|a|ul|b|strong|span)\b", text, re.IGNORECASE) else linebreaks(escape(text))


def told(text: str) -> tuple[str, str]:
    """(summary, body in HTML) of a description: the first words, and all of it when they do not say all."""
    html = rich(text)
    plain = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    return (plain, "") if len(plain) <= 400 and html != text else (shortened(plain), html)


def shortened(text: str, longest: int = 400) -> str:
    """Cut between two words."""
    return text if len(text) <= longest else f"{text[: longest - 1].rsplit(' ', 1)[0]}…"


def span(first: datetime.datetime, last: datetime.datetime) -> list[str]:
    return [first.isoformat(), last.isoformat()]


def on(date: datetime.date, hours: list[datetime.time]) -> list[str]:
    """A day with its hours: from 9 to 17 h when none is said, two hours when only the first is, until midnight at the latest."""
    begins = hours[0] if hours else MORNING
    later = datetime.datetime.combine(date, begins) + datetime.timedelta(hours=2)
    ends = hours[1] if len(hours) > 1 else later.time() if hours and later.date() == date else EVENING
    if ends <= begins:
        ends = datetime.time(23, 59)
    return span(here(date, begins), here(date, ends))


def spread(start: datetime.datetime, end: datetime.datetime) -> list[list[str]]:
    """One span a day, in Paris: presence is counted by day. What lasts a night, or more than a month, is one span."""
    start, end = timezone.localtime(start), timezone.localtime(end)
    if end.time() == datetime.time() and end.date() > start.date():
        end = here(end.date() - datetime.timedelta(days=1), datetime.time(23, 59))
    count = (end.date() - start.date()).days
    if count == 0 or count > MOST_DAYS or (count == 1 and end.time() <= NIGHT):
        return [span(start, max(end, start + datetime.timedelta(minutes=1)))]
    days = [start.date() + datetime.timedelta(days=number) for number in range(count + 1)]
    if start.time() < end.time():
        return [span(here(date, start.time()), here(date, end.time())) for date in days]
    first = span(start, here(days[0], EVENING if start.time() < EVENING else datetime.time(23, 59)))
    last = span(here(days[-1], MORNING if end.time() > MORNING else datetime.time()), end)
    return [first, *(span(here(date, MORNING), here(date, EVENING)) for date in days[1:-1]), last]


def here(date: datetime.date, hour: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, hour))


def moments(dates: Iterable[list[str]]) -> list[tuple[datetime.datetime, datetime.datetime]]:
    return [(datetime.datetime.fromisoformat(first), datetime.datetime.fromisoformat(last)) for first, last in dates]
