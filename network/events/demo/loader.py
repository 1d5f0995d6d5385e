"""Fills the agenda with the demonstration. What exists stays as people left it: a known address is never touched again."""

import datetime
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from trajectoire.core import search

from ...models import Audience, Organisation, Person, Territory, Theme
from ..event import Event, EventDate, ProgrammeItem
from ..series import Series

FILE = Path(__file__).parent / "agenda.toml"
VOCABULARIES = {
    "themes": (Theme, "slug"),
    "territories": (Territory, "code"),
    "audiences": (Audience, "slug"),
    "organisers": (Organisation, "slug"),
    "partners": (Organisation, "slug"),
}
TEAM = "L’équipe du centre"
ANNOUNCED_BEFORE = datetime.timedelta(days=60)
OTHERS = {"days", "on", "month_day", "hours", "morning", "afternoon", "programme", "series", "place", "documents", *VOCABULARIES}


def rows(name: str) -> list[dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))[name]


@cache
def event_of_document() -> dict[str, str]:
    """The slug of the event by that of each document that came of it."""
    return {document: row["slug"] for row in rows("event") for document in row.get("documents", [])}


def load() -> int:
    """Create the events that are missing; how many."""
    with search.paused(), transaction.atomic():
        for row in rows("series"):
            _make_series(row)
        known = set(Event.objects.values_list("slug", flat=True))
        missing = [row for row in rows("event") if row["slug"] not in known]
        for row in missing:
            _make(row)
    return len(missing)


def _make_series(row: dict[str, Any]) -> None:
    columns = {name: value for name, value in row.items() if name != "themes"}
    if Series.objects.filter(slug=row["slug"]).exists():
        return
    made = Series.objects.create(is_demo=True, published=True, published_at=timezone.now(), **columns)
    made.themes.set(Theme.objects.filter(slug__in=row["themes"]))


def _make(row: dict[str, Any]) -> None:
    columns = {name: value for name, value in row.items() if name not in OTHERS}
    found = days(row, timezone.localdate())
    announced = min(timezone.now(), moment(found[0], "9:00") - ANNOUNCED_BEFORE)
    event = Event(is_demo=True, published=True, published_at=announced, **{"contact_name": TEAM} | columns)
    event.series = Series.objects.filter(slug=row.get("series", "")).first()
    event.place = Territory.objects.filter(code=row.get("place", "")).first()
    event.save()
    for name, (vocabulary, code) in VOCABULARIES.items():
        getattr(event, name).set(vocabulary._default_manager.filter(**{f"{code}__in": row.get(name, [])}))
    for day in found:
        begins, ends = (moment(day, hour) for hour in row["hours"].split("-"))
        halves = {"morning": row.get("morning", True), "afternoon": row.get("afternoon", True)}
        EventDate.objects.create(event=event, starts_at=begins, ends_at=ends, **halves)
    for order, item in enumerate(row.get("programme", [])):
        _add_item(event, order, item)
    event.keep_bounds()


def _add_item(event: Event, order: int, item: dict[str, Any]) -> None:
    made = ProgrammeItem.objects.create(
        event=event,
        order=order,
        time=datetime.time.fromisoformat(item["time"]),
        title=item["title"],
        text=item.get("text", ""),
        other_speakers=item.get("others", ""),
    )
    made.speakers.set(Person.objects.filter(slug__in=item.get("speakers", [])))


def days(row: dict[str, Any], today: datetime.date) -> list[datetime.date]:
    """Its days: certain ones, the next one of a date of the year, or counted from today without weekends."""
    if "on" in row:
        return [datetime.date.fromisoformat(day) for day in row["on"]]
    if "month_day" in row:
        this_year, next_year = (datetime.date.fromisoformat(f"{today.year + more}-{row['month_day']}") for more in (0, 1))
        return [this_year if this_year >= today else next_year]
    counted = (today + datetime.timedelta(days=number) for number in row["days"])
    return [day + datetime.timedelta(days=max(0, 7 - day.isoweekday()) + 1) if day.isoweekday() > 5 else day for day in counted]


def moment(day: datetime.date, hour: str) -> datetime.datetime:
    """That hour in Paris: « 9:00 » on a day."""
    hours, minutes = map(int, hour.split(":"))
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hours, minutes)))
