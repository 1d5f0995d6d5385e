"""When jobs are due, whatever the season."""

import datetime
from datetime import UTC

import pytest
from django.core.management import get_commands

from trajectoire.core import clock

DAILY = clock.daily("x", "X", 4, 30)
WEEKLY = clock.weekly("x", "X", 4)
HOURLY = clock.Job("x", "X", clock.HOUR)


@pytest.mark.parametrize(
    ("job", "now", "first", "following"),
    [
        (HOURLY, "2026-03-10T12:00", "2026-03-10T12:00", "2026-03-10T13:00"),
        (DAILY, "2026-03-10T03:30", "2026-03-10T03:30", "2026-03-11T03:30"),
        (DAILY, "2026-03-10T03:29", "2026-03-10T03:30", "2026-03-11T03:30"),
        (DAILY, "2026-03-10T03:31", "2026-03-11T03:30", "2026-03-11T03:30"),
        (DAILY, "2026-03-28T03:31", "2026-03-29T02:30", "2026-03-29T02:30"),  # the night that loses an hour
        (DAILY, "2026-10-24T02:31", "2026-10-25T03:30", "2026-10-25T03:30"),  # the night that wins one
        (DAILY, "2026-12-31T23:30", "2027-01-01T03:30", "2027-01-02T03:30"),  # already tomorrow in Paris
        (WEEKLY, "2026-03-25T03:01", "2026-03-26T03:00", "2026-04-01T02:00"),
    ],
)
def test_due_at_the_hour_of_paris(job, now, first, following):
    moment = datetime.datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert job.first_after(moment).astimezone(UTC).isoformat()[:16] == first
    assert job.next_after(moment).astimezone(UTC).isoformat()[:16] == following


def test_every_job_is_a_command_with_words_for_people():
    jobs = clock.registered()
    assert {command.split()[0] for command in jobs} <= set(get_commands())
    assert {"send_mail", "backup", "apply_retention", "keep_events", "keep_sessions", "send_alerts"} <= set(jobs)
    assert len({job.label for job in jobs.values()}) == len(jobs)


def test_every_job_is_in_the_documentation(settings):
    told = (settings.BASE_DIR / "docs" / "mail.md").read_text(encoding="utf-8")
    assert [command for command in clock.registered() if f"`manage.py {command}`" not in told] == []
