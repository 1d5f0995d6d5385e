"""What the clock writes: each mail once, at its hour in Paris, to those it concerns."""

import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from network.events import reminding
from network.events.models import Event, EventDate, Presence, SentNotice, Series
from tests.factories import events
from trajectoire.core.outbox import OutgoingMail

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
LONG_AGO = datetime.datetime(2026, 1, 1, 12, tzinfo=PARIS)


def paris(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=PARIS)


def held(*days: datetime.datetime, **given) -> Event:
    """An event of eight hours on each of these days."""
    made = events.event(days=(), **given)
    for start in days:
        EventDate.objects.create(event=made, starts_at=start, ends_at=start + datetime.timedelta(hours=8))
    made.keep_bounds()
    return made


def known(made: Event, state: str = "confirmee", **given):
    return events.registration(made, state, **{"queued_at": LONG_AGO} | given)


def kept(now: datetime.datetime) -> dict[str, int]:
    return {kind: count for kind, count in reminding.keep(now).items() if count}


def test_reminders_come_a_week_then_a_day_before_at_nine_in_paris():
    made = held(paris(2026, 6, 18, 14))
    known(made)
    hours = [(11, 8, 59), (11, 9, 0), (11, 9, 5), (17, 8, 59), (17, 9, 0), (18, 13, 59)]
    found = [kept(paris(2026, 6, day, hour, minute)) for day, hour, minute in hours]
    assert found == [{}, {"rappel-j7": 1}, {}, {}, {"rappel-j1": 1}, {}]
    assert OutgoingMail.objects.count() == SentNotice.objects.count() == 2


@pytest.mark.parametrize(
    ("start", "before", "at"),
    [
        (paris(2026, 3, 29, 14), datetime.datetime(2026, 3, 28, 7, 59, tzinfo=datetime.UTC), 8),  # summer time begins that night
        (paris(2026, 10, 25, 14), datetime.datetime(2026, 10, 24, 6, 59, tzinfo=datetime.UTC), 7),  # and ends that one
    ],
)
def test_clock_changes_do_not_move_the_hour(start, before, at):
    known(held(start), confirmed_at=before - datetime.timedelta(days=1))
    assert kept(before) == {}
    assert kept(before.replace(hour=at, minute=0)) == {"rappel-j1": 1}


def test_late_run_writes_what_is_still_true_and_nothing_else():
    made = held(paris(2026, 6, 18, 14))
    known(made)
    assert kept(paris(2026, 6, 17, 20)) == {"rappel-j1": 1}
    other = held(paris(2026, 7, 18, 14))
    known(other)
    assert kept(paris(2026, 7, 18, 14, 1)) == {}


def test_who_has_just_registered_is_not_reminded():
    made = held(paris(2026, 6, 18, 14))
    known(made, confirmed_at=paris(2026, 6, 12, 10))
    assert kept(paris(2026, 6, 13, 10)) == {}
    known(made, confirmed_at=paris(2026, 6, 17, 12))
    assert kept(paris(2026, 6, 17, 13)) == {"rappel-j1": 1}


@pytest.mark.parametrize("state", ["attente", "proposee", "candidature", "refusee", "annulee"])
def test_only_people_with_a_place_are_reminded(state):
    known(held(paris(2026, 6, 18, 14)), state, **({"offer_ends_at": paris(2026, 6, 18, 14)} if state == "proposee" else {}))
    assert kept(paris(2026, 6, 17, 10)) == {}


@pytest.mark.parametrize("status", ["annule", "reporte"])
def test_event_that_does_not_take_place_reminds_nobody(status):
    made = held(paris(2026, 6, 18, 14), status=status, online_url="https://visio.example.org/", mode="en-ligne")
    Presence.objects.create(registration=known(made), date=made.dates.get(), half_day="matin", present=True)
    assert [kept(paris(2026, 6, day, 10)) for day in (12, 17, 18, 19)] == [{}] * 4


def test_moved_event_reminds_again():
    made = held(paris(2026, 6, 18, 14))
    known(made)
    assert kept(paris(2026, 6, 17, 10)) == {"rappel-j1": 1}
    EventDate.objects.update(starts_at=paris(2026, 6, 20, 14), ends_at=paris(2026, 6, 20, 17))
    assert kept(paris(2026, 6, 19, 10)) == {"rappel-j1": 1}


def test_several_dates_remind_before_each_but_not_in_the_middle_of_two_days():
    made = held(paris(2026, 6, 18, 9), paris(2026, 6, 19, 9), paris(2026, 7, 2, 9))
    known(made)
    days = [(6, 11), (6, 17), (6, 18), (6, 25), (7, 1)]
    found = [kept(paris(2026, month, day, 10)) for month, day in days]
    assert found == [{"rappel-j7": 1}, {"rappel-j1": 1}, {}, {}, {"rappel-j1": 1}]


def test_sessions_of_a_cycle_remind_the_people_of_the_cycle():
    cycle = Series.objects.create(title="Cycle")
    lead = held(paris(2026, 6, 18, 9), title="Première", series=cycle)
    held(paris(2026, 7, 16, 9), title="Deuxième", series=cycle)
    mine = known(lead)
    assert kept(paris(2026, 7, 15, 10)) == {"rappel-j1": 1}
    assert "Deuxième" in OutgoingMail.objects.get(recipient=mine.email).subject


def test_link_of_the_meeting_leaves_at_its_hour_and_again_when_it_changes():
    made = held(paris(2026, 6, 18, 14), mode="en-ligne", online_url="https://visio.example.org/abc", online_hours=2)
    mine = known(made, confirmed_at=paris(2026, 6, 18, 11))
    assert kept(paris(2026, 6, 18, 11, 59)) == {}
    assert kept(paris(2026, 6, 18, 12)) == {"lien-visio": 1}
    assert kept(paris(2026, 6, 18, 12, 5)) == {}
    late = known(made, confirmed_at=paris(2026, 6, 18, 13))
    assert kept(paris(2026, 6, 18, 13, 5)) == {"lien-visio": 1}
    Event.objects.update(online_url="https://visio.example.org/nouveau")
    assert kept(paris(2026, 6, 18, 13, 10)) == {"lien-visio": 2}
    assert "https://visio.example.org/nouveau" in OutgoingMail.objects.filter(recipient=late.email).latest("pk").body.text
    assert OutgoingMail.objects.filter(recipient=mine.email).count() == 2


def test_link_may_leave_weeks_before():
    made = held(paris(2026, 6, 18, 14), mode="mixte", online_url="https://visio.example.org/abc", online_hours=500)
    known(made)
    assert kept(paris(2026, 5, 29, 10)) == {"lien-visio": 1}


@pytest.mark.parametrize("given", [{"mode": "presentiel", "online_url": "https://x.example.org/"}, {"mode": "en-ligne"}])
def test_no_link_without_an_online_meeting(given):
    known(held(paris(2026, 6, 18, 14), **given), confirmed_at=paris(2026, 6, 18, 11))
    assert kept(paris(2026, 6, 18, 13)) == {}


def test_event_moved_online_sends_its_link():
    known(held(paris(2026, 6, 18, 14), status="deplace-en-ligne", online_url="https://x.example.org/"))
    assert kept(paris(2026, 6, 18, 13)) == {"rappel-j1": 1, "lien-visio": 1}


def test_only_people_present_are_thanked_even_when_ticked_later():
    made = held(paris(2026, 6, 18, 9))
    date = made.dates.get()
    came, late, absent = known(made), known(made), known(made)
    for half_day in ("matin", "apres-midi"):
        Presence.objects.create(registration=came, date=date, half_day=half_day, present=True)
    Presence.objects.create(registration=absent, date=date, half_day="matin", present=False)
    assert kept(paris(2026, 6, 18, 20)) == {}
    assert kept(paris(2026, 6, 19, 9)) == {"merci": 1}
    Presence.objects.create(registration=late, date=date, half_day="matin", present=True)
    assert kept(paris(2026, 6, 24, 9)) == {"merci": 1}
    assert kept(paris(2026, 6, 25, 9)) == {}
    assert not OutgoingMail.objects.filter(recipient=absent.email).exists()
    assert kept(paris(2026, 8, 1, 9)) == {}


def test_cycle_thanks_after_its_last_session():
    cycle = Series.objects.create(title="Cycle")
    lead = held(paris(2026, 6, 18, 9), series=cycle)
    held(paris(2026, 7, 2, 9), series=cycle)
    Presence.objects.create(registration=known(lead), date=lead.dates.get(), half_day="matin", present=True)
    assert kept(paris(2026, 6, 19, 10)) == {}
    assert kept(paris(2026, 7, 3, 10)) == {"merci": 1}


def test_person_who_left_meanwhile_gets_nothing():
    made = held(paris(2026, 6, 18, 14))
    mine = known(made)
    type(mine).objects.update(state="annulee")
    assert not reminding._once(mine.pk, "rappel-j1", made, "x")
    assert not SentNotice.objects.exists()


def test_two_runs_at_once_write_once():
    """The row that says it is written, seen by the second run only when it writes its own."""
    made = held(paris(2026, 6, 18, 14))
    mine = known(made)
    assert [reminding._once(mine.pk, "rappel-j1", made, "x") for _ in range(2)] == [True, False]
    assert OutgoingMail.objects.count() == 1


@time_machine.travel(paris(2026, 6, 17, 10), tick=False)
def test_command_says_what_it_did():
    known(held(paris(2026, 6, 18, 14)))
    made = held(paris(2026, 6, 25, 14))
    known(made, "proposee", offer_ends_at=paris(2026, 6, 17, 9))
    out = StringIO()
    call_command("keep_events", stdout=out)
    assert out.getvalue() == "1\u00a0message écrit, 1\u00a0place reprise.\n"


@pytest.mark.parametrize("count", [1, 4])
def test_nothing_due_asks_little_of_the_database(count, django_assert_num_queries):
    for number in range(count):
        known(held(paris(2026, 9, 1 + number, 14)))
    with django_assert_num_queries(4):
        reminding.keep(paris(2026, 6, 17, 10))
