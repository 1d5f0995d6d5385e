"""A job: a command and when it is due."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

MINUTE, FIVE_MINUTES = datetime.timedelta(minutes=1), datetime.timedelta(minutes=5)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """`command`, with its words; due again `every` so long after it began, or at the hour `at` of Paris, every so many days.

    `label` is French, for the page where staff sees that it runs.
    """

    command: str
    label: str
    every: datetime.timedelta
    at: datetime.time | None = None

    def next_after(self, now: datetime.datetime) -> datetime.datetime:
        """When it is due again, once begun at `now`: the same hour in summer and in winter."""
        if self.at is None:
            return now + self.every
        return paris(timezone.localdate(now) + self.every, self.at)

    def first_after(self, now: datetime.datetime) -> datetime.datetime:
        """When a new site runs it: at once, or at the next such hour."""
        if self.at is None:
            return now
        today = timezone.localdate(now)
        return paris(today if paris(today, self.at) >= now else today + DAY, self.at)


def paris(day: datetime.date, at: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, at))


def daily(command: str, label: str, hour: int, minute: int = 0) -> Job:
    return Job(command, label, DAY, datetime.time(hour, minute))


def weekly(command: str, label: str, hour: int, minute: int = 0) -> Job:
    return Job(command, label, 7 * DAY, datetime.time(hour, minute))


_jobs: dict[str, Job] = {}


def register(*jobs: Job) -> None:
    for job in jobs:
        _jobs[job.command] = job


def registered() -> dict[str, Job]:
    """{command: job}, in the order of the alphabet."""
    return dict(sorted(_jobs.items()))
