"""Half-days counted in SQL, the threshold of each event, the numbers of the bilan."""

import pytest

from network.events import attendance, presence
from network.events.models import Event, Presence, Registration, Series
from network.events.presence import Tick
from network.events.vocabulary import EventStatus
from tests.factories import events

pytestmark = pytest.mark.django_db


def present(person, *slots) -> None:
    event = slots[0].date.event
    presence.record(event, [Tick(person.pk, slot.key, True, events.in_days(0)) for slot in slots], None)


def counts(person) -> tuple[int, int, bool]:
    found = Registration.objects.with_attendance().get(pk=person.pk)
    return found.attended, found.planned, found.reached


@pytest.fixture
def two_days():
    return events.event("Deux jours", days=(-8, -1))


def test_half_days_are_counted(two_days):
    person, slots = events.registration(two_days), presence.slots(two_days)
    assert counts(person) == (0, 4, False)
    present(person, *slots[:3])
    assert counts(person) == (3, 4, False)
    present(person, slots[3])
    assert counts(person) == (4, 4, True)


def test_absence_ticked_is_not_presence(two_days):
    person, slots = events.registration(two_days), presence.slots(two_days)
    presence.record(two_days, [Tick(person.pk, slot.key, False, events.in_days(0)) for slot in slots], None)
    assert counts(person) == (0, 4, False)


@pytest.mark.parametrize(("setting", "own", "reached"), [(100, None, False), (75, None, True), (75, 80, False), (100, 50, True)])
def test_threshold_of_the_event_goes_before_that_of_the_site(two_days, settings, setting, own, reached):
    settings.ATTESTATION_THRESHOLD = setting
    Event.objects.filter(pk=two_days.pk).update(threshold=own)
    person = events.registration(two_days)
    present(person, *presence.slots(two_days)[:3])
    assert counts(person)[2] is reached


def test_third_of_three_half_days_is_not_two_thirds(settings):
    settings.ATTESTATION_THRESHOLD = 67
    event = events.event(days=(-2,))
    events.add_date(event, -1, afternoon=False)
    person = events.registration(event)
    present(person, *presence.slots(event)[:2])
    assert counts(person) == (2, 3, False)


def test_threshold_of_zero_still_wants_somebody_there(two_days):
    Event.objects.filter(pk=two_days.pk).update(threshold=0)
    person = events.registration(two_days)
    assert counts(person)[2] is False
    present(person, presence.slots(two_days)[0])
    assert counts(person)[2] is True


def test_event_without_date_is_reached_by_nobody():
    assert counts(events.registration(events.event(days=()))) == (0, 0, False)


def test_half_day_taken_off_the_programme_no_longer_counts(two_days):
    person, slots = events.registration(two_days), presence.slots(two_days)
    present(person, *slots)
    two_days.dates.filter(pk=slots[0].date.pk).update(morning=False)
    assert counts(person) == (3, 3, True)


def test_whole_cycle_counts_its_sessions_but_the_cancelled_ones():
    cycle = Series.objects.create(title="Cycle")
    first = events.event("Un", days=(-9,), series=cycle)
    second = events.event("Deux", days=(-5,), series=cycle)
    third = events.event("Trois", days=(-1,), series=cycle)
    events.event("Ailleurs", days=(-1,))
    for session in (first, second, third):
        session.series.refresh_from_db()
    person = events.registration(first)
    present(person, *presence.slots(first))
    present(person, *presence.slots(third))
    assert counts(person) == (4, 6, False)
    Event.objects.filter(pk=second.pk).update(status=EventStatus.CANCELLED)
    assert counts(person) == (4, 4, True)
    Event.objects.filter(pk=third.pk).update(status=EventStatus.CANCELLED)
    assert counts(person) == (2, 2, True)


def test_sessions_registered_one_by_one_count_alone():
    group = Series.objects.create(title="Groupe", scope=Series.Scope.SESSION)
    first, second = events.event("Un", days=(-9,), series=group), events.event("Deux", days=(-1,), series=group)
    person = events.registration(first)
    present(person, *presence.slots(first))
    assert counts(person) == (2, 2, True)
    assert counts(events.registration(second)) == (0, 2, False)


def test_people_participations_and_half_days(django_assert_num_queries):
    first, second, unticked = (events.event(days=(-day,)) for day in (9, 5, 1))
    ada = {"email": "Ada@example.org", "name": "Ada"}
    for event in (first, second, unticked):
        events.registration(event, **ada)
    events.registration(first, "attente")
    events.registration(first, "annulee")
    events.registration(first)  # did not come
    no_address = events.registration(first, email="")
    present(first.registrations.get(email_key="ada@example.org"), *presence.slots(first))
    present(second.registrations.get(email_key="ada@example.org"), presence.slots(second)[0])
    present(no_address, presence.slots(first)[0])
    with django_assert_num_queries(2):
        found = attendance.attendance(Event.objects.all())
    assert found == attendance.Attendance(registered=5, present=3, complete=1, absent=1, waiting=1, people=2, half_days=4)
    assert found.rate == 75


def test_nobody_makes_a_rate_of_nothing():
    assert attendance.attendance([events.event()]) == attendance.Attendance(0, 0, 0, 0, 0, 0, 0)
    assert attendance.attendance([]).rate == 0


def test_attendance_goes_with_other_annotations(two_days):
    person = events.registration(two_days)
    present(person, *presence.slots(two_days)[:2])
    joined = Registration.objects.filter(presences__present=True).with_attendance().distinct()
    assert [(row.attended, row.planned) for row in joined] == [(2, 4)]
    assert Presence.objects.counted().count() == 2
