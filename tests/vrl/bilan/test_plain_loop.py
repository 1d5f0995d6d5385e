"""The figures of sessions and people, counted a second time by a plain loop over every row, on random data."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.events.models import Event, EventDate, Presence, Registration
from network.models import Territory
from tests.factories import vrl
from vrl.bilan import parts
from vrl.bilan.parts import Scope, lines_of
from vrl.models import Session

from .story import at

HELD = ("realisee", "a-cloturer", "cloturee")
STATES = ("brouillon", "ouverte", "reportee", "annulee", *HELD)
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from(["confirmee", "attente", "annulee"]),
        st.sampled_from(["", "fpt", "elu"]),
        st.integers(0, 2),
    ),
    max_size=5,
    unique_by=lambda person: person[0],
)
SESSIONS = st.lists(
    st.tuples(
        st.sampled_from(STATES),
        st.sampled_from(["n2", "n3"]),
        st.sampled_from(["21", "25"]),
        st.sampled_from([(2024, 12, 31), (2025, 1, 1), (2025, 12, 31), (2026, 1, 1)]),
        PEOPLE,
    ),
    max_size=6,
)


@pytest.fixture
def departments(db):
    return [Territory.objects.create(code=code, kind="departement", name=code) for code in ("21", "25")]


@settings(max_examples=12, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SESSIONS, st.sampled_from(["", "21", "25"]))
def test_sql_and_a_plain_loop_agree(departments, sessions, department):
    with transaction.atomic():
        for number, told in enumerate(sessions):
            store(number, *told)
        found = parts.compute(Scope(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31), department))
        mine, levels, statuses = looped(department)
        transaction.set_rollback(True)
    values = {one.name: one.value for one in lines_of(found)}
    assert {name: values[name] for name in mine} == mine
    grids = {grid.slug: dict(zip(grid.keys, grid.cells, strict=True)) for part in found for grid in part.grids}
    assert {level: grids["people-level"][level][1] for level in levels} == levels
    assert {status: grids["people-status"][status][1] for status in statuses} == statuses


def store(number, state, level, department, day, people):
    event = Event.objects.create(title=f"Session {number}", slug=f"session-{number}", published=True)
    date = EventDate.objects.create(event=event, starts_at=at(*day), ends_at=at(*day, 17))
    event.keep_bounds()
    Session.objects.create(event=event, level=level, length="1-jour", state=state, department=vrl.department(department))
    for name, registered, status, half_days in people:
        email = f"{name}@example.org"
        person = Registration.objects.create(event=event, state=registered, email=email, email_key=email, status=status)
        for half in ("matin", "apres-midi")[:half_days]:
            Presence.objects.create(registration=person, date=date, half_day=half, present=True)


def looped(department):
    """The same, row by row: ({name: number}, present by level, present by statut)."""
    names = (
        "planned",
        "sessions",
        "postponed",
        "cancelled",
        "registered",
        "waiting",
        "absent",
        "present",
        "complete",
        "half_days",
    )
    counts, people = dict.fromkeys(names, 0), set()
    levels, statuses = {"n2": 0, "n3": 0}, {"": 0, "fpt": 0, "elu": 0}
    for session in Session.objects.select_related("event", "department"):
        if session.event.ends_at.year != 2025 or (department and session.department.code != department):
            continue
        counts["planned"] += session.state != "brouillon"
        counts["postponed"] += session.state == "reportee"
        counts["cancelled"] += session.state == "annulee"
        if session.state not in HELD:
            continue
        counts["sessions"] += 1
        for person in session.event.registrations.all():
            half_days = person.presences.count()
            counts["half_days"] += half_days
            counts["registered"] += person.state == "confirmee"
            counts["waiting"] += person.state == "attente"
            counts["absent"] += person.state == "confirmee" and not half_days
            counts["present"] += half_days > 0
            counts["complete"] += half_days == 2
            levels[session.level] += half_days > 0
            statuses[person.status] += half_days > 0
            if half_days:
                people.add(person.email_key)
    return counts | {"people": len(people)}, levels, statuses
