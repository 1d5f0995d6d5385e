"""What the State's bilan counts of events: half-days and people, by mission, category and way of attending, in SQL.

An event counts when it is on the site (private ones included) and neither cancelled nor put off; its dates count one by one,
so that an event over two years is shared between them.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Territory
from .event import Event, EventDate
from .registrations import Presence
from .vocabulary import EventMode, EventStatus

NOT_HELD = (EventStatus.CANCELLED, EventStatus.POSTPONED)
HALF_DAYS = Case(When(morning=True, then=1), default=0) + Case(When(afternoon=True, then=1), default=0)


@dataclass(frozen=True)
class Row:
    """One line of the table. `events` are counted once each, `presences` are half-days of people, `people` registrations."""

    mission: str
    category: str
    mode: str
    events: int
    half_days: int
    people: int
    presences: int


def span(first: datetime.date, last: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """From midnight in Paris of the first day to that of the day after the last."""
    days = (first, last + datetime.timedelta(days=1))
    start, end = (timezone.make_aware(datetime.datetime.combine(day, datetime.time())) for day in days)
    return start, end


def half_days_of(event: OuterRef, first: datetime.date, last: datetime.date) -> Coalesce:
    """The half-days of an event from the first day to the last, as an annotation."""
    start, end = span(first, last)
    inside = EventDate.objects.filter(event=event, starts_at__gte=start, starts_at__lt=end).order_by()
    counted = inside.values(one=Value(1)).annotate(total=Sum(HALF_DAYS)).values("total")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def held_dates(first: datetime.date, last: datetime.date, territory: Territory | None = None) -> QuerySet[EventDate]:
    """The dates that took place from the first day to the last; of the events that concern a territory, when one is given."""
    start, end = span(first, last)
    dates = EventDate.objects.filter(starts_at__gte=start, starts_at__lt=end, event__published=True)
    dates = dates.exclude(event__status__in=NOT_HELD)
    return dates.filter(event__in=_concerning(territory)) if territory else dates


def ticked(first: datetime.date, last: datetime.date, territory: Territory | None = None) -> QuerySet[Presence]:
    """The half-days of people at these dates."""
    start, end = span(first, last)
    there = Presence.objects.filter(present=True, date__starts_at__gte=start, date__starts_at__lt=end)
    there = there.filter(date__event__published=True).exclude(date__event__status__in=NOT_HELD)
    return there.filter(date__event__in=_concerning(territory)) if territory else there


def _concerning(territory: Territory) -> QuerySet[Any]:
    return Event.objects.in_territory(territory).order_by().values("pk")


def activity(first: datetime.date, last: datetime.date, territory: Territory | None = None) -> list[Row]:
    """Mission × category × mode of what was held from the first day to the last, in two queries."""
    held = _by(held_dates(first, last, territory), "event__")
    counted = held.annotate(events=Count("event", distinct=True), half_days=Sum(HALF_DAYS))
    there = _by(ticked(first, last, territory), "date__event__")
    people = {_key(row): row for row in there.annotate(people=Count("registration", distinct=True), presences=Count("pk"))}
    nobody = {"people": 0, "presences": 0}
    return sorted(
        (_row(row, people.get(_key(row), nobody)) for row in counted), key=lambda row: (row.mission, row.category, row.mode)
    )


def _by(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    """Grouped by mission, category and mode; what was moved online was held online."""
    moved = When(Q(**{f"{path}status": EventStatus.MOVED_ONLINE}), then=Value(EventMode.ONLINE.value))
    held_as = Case(moved, default=F(f"{path}mode"))
    return rows.order_by().values(mission=F(f"{path}mission"), category=F(f"{path}category"), held_as=held_as)


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["mission"], row["category"], row["held_as"]


def _row(row: dict[str, Any], people: dict[str, Any]) -> Row:
    return Row(*_key(row), row["events"], row["half_days"], people["people"], people["presences"])


def totals(rows: Iterable[Row]) -> dict[str, int]:
    """{events, half_days, presences} of all the lines: nothing is counted twice, each event is on one line."""
    known = list(rows)
    return {name: sum(getattr(row, name) for row in known) for name in ("events", "half_days", "presences")}
