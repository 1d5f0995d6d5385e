"""Ticks: the latest moment wins, whatever the order they arrive in; who may tick; what a code opens."""

import datetime
from urllib.parse import urlsplit

import pytest
from django.http import Http404
from django.utils import timezone

from network.events import presence
from network.events.models import Presence, RegistrationState, Series
from network.events.notice_texts import NoticeKind
from network.events.notices import compose
from network.events.presence import Tick
from tests.factories import accounts, events

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def day():
    """One day of two half-days."""
    return events.event("Une journée", days=(0,))


def at(minutes: float) -> datetime.datetime:
    return NOW + datetime.timedelta(minutes=minutes)


def keys(event) -> list[str]:
    return [slot.key for slot in presence.slots(event)]


def test_half_days_follow_the_dates(day):
    events.add_date(day, 3, morning=False)
    assert [slot.half_day for slot in presence.slots(day)] == ["matin", "apres-midi", "apres-midi"]
    assert presence.slots(day)[2].label.endswith(", après-midi")


def test_first_of_the_month_is_written_in_french(day):
    date = day.dates.get()
    date.starts_at = datetime.datetime(2026, 10, 1, 7, tzinfo=datetime.UTC)
    assert presence.Slot(date, presence.HalfDay.MORNING).day == "jeudi 1er octobre"


@pytest.mark.parametrize(("hour", "expected"), [(7, 0), (9, 0), (11, 0), (12, 1), (16, 1), (22, 1)])
def test_half_day_under_way_is_the_one_shown(day, hour, expected):
    known = presence.slots(day)
    assert presence.slot_now(known, events.in_days(0, hour)) == known[expected]


def test_before_the_event_the_first_half_day_is_shown(day):
    known = presence.slots(day)
    assert presence.slot_now(known, events.in_days(-3)) == known[0]


def test_afternoon_that_begins_late_begins_at_its_hour(day):
    evening = events.add_date(day, 1, starts_at=events.in_days(1, 18), ends_at=events.in_days(1, 20), morning=False)
    assert presence.slots(day)[2].starts_at == evening.starts_at


def test_latest_tick_wins_in_any_order(day):
    person, (morning, _) = events.registration(day), keys(day)
    ticks = [Tick(person.pk, morning, True, at(-10)), Tick(person.pk, morning, False, at(-5))]
    for order in (ticks, ticks[::-1]):
        Presence.objects.all().delete()
        for tick in order:
            presence.record(day, [tick], None)
        assert Presence.objects.get().present is False
    Presence.objects.all().delete()
    presence.record(day, ticks[::-1], None)
    assert Presence.objects.get().present is False


def test_tick_sent_again_changes_nothing(day):
    person, (morning, _), by = events.registration(day), keys(day), accounts.administrator()
    presence.record(day, [Tick(person.pk, morning, True, at(-5))], by)
    before = Presence.objects.values().get()
    presence.record(day, [Tick(person.pk, morning, True, at(-5))], None)
    assert Presence.objects.values().get() == before
    assert before["ticked_by_id"] == by.pk


def test_late_tick_of_a_phone_ahead_does_not_win_for_ever(day):
    person, (morning, _) = events.registration(day), keys(day)
    presence.record(day, [Tick(person.pk, morning, True, at(90))], None, now=at(0))
    presence.record(day, [Tick(person.pk, morning, False, at(1))], None, now=at(2))
    assert Presence.objects.get().present is False


def test_ticks_of_others_and_of_other_days_are_left_out(day):
    elsewhere = events.event("Ailleurs", days=(0,))
    stranger, person = events.registration(elsewhere), events.registration(day)
    ticks = [
        Tick(stranger.pk, keys(day)[0], True, NOW),
        Tick(person.pk, keys(elsewhere)[0], True, NOW),
        Tick(person.pk, "0-matin", True, NOW),
        Tick(10**12, keys(day)[0], True, NOW),
    ]
    presence.record(day, ticks, None)
    assert not Presence.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_ticks_take_the_same_queries_whatever_their_number(day, count, django_assert_num_queries):
    people = [events.registration(day) for _ in range(count)]
    ticks = [Tick(person.pk, key, True, at(-5)) for person in people for key in keys(day)]
    presence.record(day, ticks, None)
    late = [Tick(person.pk, key, False, at(-1)) for person in people for key in keys(day)]
    with django_assert_num_queries(7):  # dates, a savepoint, people, insert, rows, update
        presence.record(day, late, None)
    assert not Presence.objects.filter(present=True).exists()


def test_no_tick_writes_nothing(day):
    presence.record(day, [], None)
    assert not Presence.objects.exists()


def test_everyone_expected_is_ticked_and_nobody_else(day):
    here = events.registration(day)
    events.registration(day, RegistrationState.WAITING)
    events.registration(day, RegistrationState.CANCELLED)
    slot = presence.slots(day)[0]
    presence.mark_everyone(day, slot, None)
    assert presence.present_at(day, slot) == {here.pk}


def test_people_come_by_name_those_expected_first(day):
    for name, state in [("Zoé", "confirmee"), ("élise", "confirmee"), ("Amir", "attente")]:
        events.registration(day, state, name=name)
    events.registration(day, name="")
    assert [person.name for person in presence.people(day)] == ["élise", "Zoé", "Amir"]


def test_session_of_a_cycle_ticks_those_registered_to_the_whole():
    cycle = Series.objects.create(title="Cycle", published=True)
    first, second = events.event("Un", days=(-7,), series=cycle), events.event("Deux", days=(0,), series=cycle)
    person = events.registration(first)
    second.series.refresh_from_db()
    slot = presence.slots(second)[0]
    presence.mark_everyone(second, slot, None)
    assert presence.present_at(second, slot) == {person.pk}
    assert presence.session_now(person, timezone.now()) == second
    assert presence.session_now(person, events.in_days(30)) == second
    assert presence.session_now(person, events.in_days(-9)) == first


def test_session_without_date_is_the_event_itself():
    person = events.registration(events.event(days=()))
    assert presence.session_now(person, NOW) == person.event


def test_only_who_may_tick_knows_the_page(day):
    assert presence.get_event_to_tick(accounts.administrator(), day.slug) == day
    for user in (accounts.user(), accounts.powerless_staff(), accounts.documentalist(), accounts.trainer()):
        with pytest.raises(Http404):
            presence.get_event_to_tick(user, day.slug)


def test_code_of_a_person_opens_that_person(day):
    person = events.registration(day)
    token = urlsplit(presence.door_url(person)).path.split("/")[2]
    assert presence.get_registration_at_door(token) == person


@pytest.mark.parametrize("change", ["link", "name", "letter", "scope"])
def test_code_that_is_not_right_opens_nothing(day, change):
    person = events.registration(day)
    token = urlsplit(presence.door_url(person)).path.split("/")[2]
    if change == "link":
        type(person).objects.update(link_version=1)
    elif change == "name":
        type(person).objects.update(name="")
    token = {"letter": f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}", "scope": person.token}.get(change, token)
    with pytest.raises(Http404):
        presence.get_registration_at_door(token)


@pytest.mark.parametrize(("mode", "told"), [("presentiel", True), ("mixte", True), ("en-ligne", False)])
def test_confirmation_tells_of_the_code_where_there_is_a_door(mode, told):
    person = events.registration(events.event(mode=mode))
    facts = [fact["value"] for fact in compose(NoticeKind.CONFIRMATION, person)["facts"]]
    assert any("code QR" in fact for fact in facts) is told
