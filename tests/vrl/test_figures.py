"""What is counted of the plan: one definition each, in SQL, and nothing that could tell who somebody is."""

import datetime

import pytest
from django.utils import timezone

from network.events import attestations
from network.events.models import Presence, Registration, RegistrationState
from tests.factories import events, vrl
from vrl import figures
from vrl.models import Session
from vrl.vocabulary import HabilitationState, SessionState

pytestmark = pytest.mark.usefixtures("world")


def today() -> datetime.date:
    return timezone.localdate()


def ago(days: int) -> datetime.date:
    return today() - datetime.timedelta(days=days)


def tick(person: Registration, *halves: str) -> None:
    """Present these half-days on the first date of her event."""
    first = person.event.dates.get()
    Presence.objects.bulk_create(Presence(registration=person, date=first, half_day=half, present=True) for half in halves)


def held(level="n3", *, day=-3, state=SessionState.CLOSED, **given) -> Session:
    """Two registered, one there all day."""
    made = vrl.session(level, state=state, days=(day,), **given)
    tick(events.registration(made.event, email="Ada@example.org"), "matin", "apres-midi")
    events.registration(made.event)
    return made


def totals(first=None, last=None) -> dict[str, int]:
    return {figure.name: figure.value for figure in figures.totals(first or ago(3000), last or today())}


def test_nothing_gives_zeros():
    found = totals()
    assert found.pop("short_departments") == 2  # 21 and 25 are without anybody
    assert set(found.values()) == {0}


def test_held_sessions_count_by_their_last_day():
    held()
    held(state=SessionState.TO_CLOSE)
    held(day=-400)
    for state in (SessionState.CANCELLED, SessionState.POSTPONED, SessionState.CONFIRMED):
        held(state=state)
    assert (totals()["sessions"], totals(ago(10))["sessions"], totals(ago(10), ago(5))["sessions"]) == (3, 2, 0)


def test_people_of_a_session():
    made = held()
    tick(events.registration(made.event), "matin")
    events.registration(made.event, RegistrationState.CANCELLED)
    attestations.issue(made.event)
    found = totals()
    assert {name: found[name] for name in ("registered", "present", "complete", "attested", "people", "half_days")} == {
        "registered": 3,
        "present": 2,
        "complete": 1,
        "attested": 1,
        "people": 2,
        "half_days": 3,
    }


def test_same_person_at_two_sessions_is_one_person_and_two_participations():
    held()
    made = held()
    tick(events.registration(made.event, email="", anonymous_since=timezone.now()), "matin")
    found = totals()
    assert (found["present"], found["people"]) == (3, 2)


def test_awareness_is_counted_by_hand_once_the_report_is_handed_in():
    vrl.report(vrl.session("sensibilisation", state="cloturee", days=(-3,)), people=30, young_people=22)
    vrl.report(vrl.session("sensibilisation", state="cloturee", days=(-3,)), people=9, sent_at=None)
    vrl.report(vrl.session("n3", state="cloturee", days=(-3,)), people=8)
    assert (totals()["aware"], totals()["young"]) == (30, 22)


def test_lines_by_level_department_and_year():
    held()
    held("n2", department=vrl.department("25"))
    held(day=-400)
    first, last = ago(3000), today()
    levels = figures.of_sessions(first, last, "level")
    assert {key: (line["sessions"], line["present"]) for key, line in levels.items()} == {"n2": (1, 1), "n3": (2, 2)}
    departments = figures.of_sessions(first, last, "department")
    assert {key: line["half_days"] for key, line in departments.items()} == {"21": 4, "25": 2}
    years = figures.of_sessions(first, last, "year")
    assert {key: line["registered"] for key, line in years.items()} == {ago(3).year: 4, ago(400).year: 2}


def test_trainers_by_level_and_department():
    both = vrl.trainer("n1", departments=("21", "25"))
    vrl.habilitation(both, "n2")
    vrl.trainer("n2", state=HabilitationState.TO_RENEW)
    vrl.trainer("n2", state=HabilitationState.PAUSED)
    vrl.gone_trainer()
    vrl.habilitation(vrl.trainer(""), expires_on=ago(1))
    assert figures.trainers_by_level(today()) == {"n1": 1, "n2": 1}
    assert figures.trainers_by_department(today()) == {"21": 2, "25": 1}
    assert (totals()["trainers"], totals()["short_departments"]) == (2, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(count, django_assert_num_queries):
    for _ in range(count):
        held()
        vrl.trainer()
    with django_assert_num_queries(6):
        totals()
    with django_assert_num_queries(4):
        figures.of_sessions(ago(100), today(), "department")


def test_every_figure_has_a_sentence():
    for figure in figures.totals(ago(10), today()):
        assert figure.definition.endswith("."), figure.name
