"""The clock starts what is due, once, and tells how it ended."""

import datetime
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from trajectoire.core import clock
from trajectoire.core.clock import jobs, records, running
from trajectoire.core.clock.records import ScheduledJob, claim

pytestmark = pytest.mark.django_db(transaction=True)
SOON = clock.Job("version", "Dire la version", clock.HOUR)
WRONG = clock.Job("no_such_command", "Ce qui n’existe pas", clock.HOUR)


@pytest.fixture
def only(monkeypatch):
    """The only jobs of the site, for a test."""

    def declare(*wanted):
        monkeypatch.setattr(jobs, "_jobs", {job.command: job for job in wanted})

    return declare


def until_ended(mine: running.Clock) -> None:
    limit = time.monotonic() + 30
    while mine.running and time.monotonic() < limit:
        mine.look(start=False)
        time.sleep(0.05)
    assert not mine.running


def test_a_job_runs_when_due_and_not_again_before(only):
    only(SOON)
    mine = running.Clock()
    mine.look()
    assert list(mine.running) == ["version"]
    mine.look()
    until_ended(mine)
    row = ScheduledJob.objects.get()
    assert row.failure == ""
    assert row.started_at <= row.ended_at
    assert row.next_at - row.started_at == datetime.timedelta(hours=1)
    mine.look()
    assert not mine.running
    assert str(row) == "Dire la version"


def test_what_failed_says_why_until_it_goes_well(only, caplog):
    only(WRONG)
    mine = running.Clock()
    mine.look()
    until_ended(mine)
    [failed] = ScheduledJob.objects.failed()
    assert "no_such_command" in failed.failure
    assert len(failed.failure) <= records.REASON
    assert "no_such_command failed" in caplog.text
    records.end(WRONG, "")
    assert not ScheduledJob.objects.failed()


def test_a_job_that_is_no_more_does_not_stay_failed(only):
    ScheduledJob.objects.create(command="former", failure="x")
    only(SOON)
    assert not ScheduledJob.objects.failed()
    assert str(ScheduledJob.objects.get()) == "former"


def test_a_job_still_running_is_not_started_again(only):
    only(SOON)
    mine = running.Clock()
    mine.look()
    ScheduledJob.objects.update(next_at=timezone.now())
    mine.look()
    assert len(mine.running) == 1
    assert ScheduledJob.objects.get().next_at <= timezone.now()  # nobody claimed it
    until_ended(mine)


def together(number: int, act) -> list[bool]:
    """What each of so many threads is answered, all let go at once."""
    gate = threading.Barrier(number)

    def one(_: int) -> bool:
        try:
            gate.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_only_one_of_several_machines_takes_a_job():
    now = timezone.now()
    ScheduledJob.objects.create(command=SOON.command, next_at=now)
    assert sorted(together(6, lambda: claim(SOON, now))) == [False] * 5 + [True]


def test_without_the_condition_several_take_it():
    """The control: what is read and then written is taken more than once."""
    now = timezone.now()
    ScheduledJob.objects.create(command=SOON.command, next_at=now)
    read = threading.Barrier(6)

    def unguarded() -> bool:
        due = ScheduledJob.objects.get(pk=SOON.command).next_at <= now
        read.wait()
        ScheduledJob.objects.filter(pk=SOON.command).update(next_at=SOON.next_after(now))
        return due

    assert sum(together(6, unguarded)) == 6


def test_a_database_away_is_waited_for(only, caplog):
    only(SOON)
    mine = running.Clock()

    def away(*_):
        raise OperationalError("no connection")

    with connection.execute_wrapper(away):
        mine.look()
    assert "the clock waits for the database" in caplog.text
    mine.look()
    assert list(mine.running) == ["version"]
    until_ended(mine)


@pytest.mark.parametrize(("patience", "failure"), [(30, ""), (0, "code -9")])
def test_a_signal_ends_it_and_what_runs_is_left_a_moment(only, monkeypatch, patience, failure):
    only(SOON)
    monkeypatch.setattr(running, "PATIENCE", patience)
    former = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def stop_once_started() -> None:
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop_once_started).start()
    try:
        call_command("clock")
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    row = ScheduledJob.objects.get()
    assert row.ended_at is not None
    assert row.failure == failure


@pytest.mark.parametrize(("ago", "minutes"), [(None, 0), (14, 0), (16, 16)])
def test_a_clock_that_stopped_is_told(ago, minutes):
    now = timezone.now()
    if ago is not None:
        ScheduledJob.objects.create(command="version", started_at=now - datetime.timedelta(minutes=ago))
    assert records.minutes_stopped(now) == minutes
