"""The life of a session, as tables: every step from every state, for each actor, and what the facts say."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection, connections

from network.events import registering
from network.events.models import Event, Presence, RegistrationState
from network.events.vocabulary import EventStatus, HalfDay
from tests.factories import accounts, events, vrl
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.roles import VRL
from vrl import life
from vrl.models import Session, SessionChange
from vrl.vocabulary import SessionState

pytestmark = pytest.mark.django_db
S = SessionState
BEFORE, AFTER = (10,), (-3,)
# From, to, days of the event, who may: c the coordination, t the team. What is in no row is refused to all.
TABLE = [
    (S.DRAFT, S.PROPOSED, BEFORE, "ct"),
    (S.DRAFT, S.CANCELLED, BEFORE, "ct"),
    (S.DRAFT, S.CANCELLED, AFTER, "ct"),
    (S.PROPOSED, S.TEAM, BEFORE, "c"),
    (S.PROPOSED, S.OPEN, BEFORE, "c"),
    (S.PROPOSED, S.DRAFT, BEFORE, "ct"),
    (S.PROPOSED, S.DRAFT, AFTER, "ct"),
    (S.PROPOSED, S.CANCELLED, BEFORE, "ct"),
    (S.PROPOSED, S.CANCELLED, AFTER, "ct"),
    (S.TEAM, S.OPEN, BEFORE, "ct"),
    (S.TEAM, S.POSTPONED, BEFORE, "ct"),
    (S.TEAM, S.CANCELLED, BEFORE, "ct"),
    (S.TEAM, S.CANCELLED, AFTER, "ct"),
    (S.OPEN, S.CONFIRMED, BEFORE, "ct"),
    (S.OPEN, S.TEAM, BEFORE, "ct"),
    (S.OPEN, S.POSTPONED, BEFORE, "ct"),
    (S.OPEN, S.CANCELLED, BEFORE, "ct"),
    (S.OPEN, S.CANCELLED, AFTER, "ct"),
    (S.OPEN, S.HELD, AFTER, "ct"),
    (S.FULL, S.CONFIRMED, BEFORE, "ct"),
    (S.FULL, S.POSTPONED, BEFORE, "ct"),
    (S.FULL, S.CANCELLED, BEFORE, "ct"),
    (S.FULL, S.CANCELLED, AFTER, "ct"),
    (S.FULL, S.HELD, AFTER, "ct"),
    (S.CONFIRMED, S.POSTPONED, BEFORE, "ct"),
    (S.CONFIRMED, S.CANCELLED, BEFORE, "ct"),
    (S.CONFIRMED, S.CANCELLED, AFTER, "ct"),
    (S.CONFIRMED, S.HELD, AFTER, "ct"),
    (S.HELD, S.TO_CLOSE, AFTER, "ct"),
    (S.HELD, S.CANCELLED, AFTER, "c"),
    (S.HELD, S.CANCELLED, BEFORE, "c"),
    (S.TO_CLOSE, S.CLOSED, AFTER, "c"),
    (S.TO_CLOSE, S.CLOSED, BEFORE, "c"),
    (S.CLOSED, S.TO_CLOSE, AFTER, "c"),
    (S.POSTPONED, S.TEAM, BEFORE, "ct"),
    (S.POSTPONED, S.OPEN, BEFORE, "ct"),
    (S.POSTPONED, S.CANCELLED, BEFORE, "ct"),
    (S.POSTPONED, S.CANCELLED, AFTER, "ct"),
]


@pytest.fixture
def coordination():
    return accounts.in_role(VRL)


@pytest.fixture
def leader():
    return vrl.trainer("n2")


def subjects() -> list[str]:
    return sorted(OutgoingMail.objects.values_list("subject", flat=True))


def test_every_step_is_the_one_of_the_table(coordination, leader):
    """11 states × 11 states × before or after × five people."""
    others = {
        "t": leader.user,
        "c": coordination,
        "stranger": vrl.trainer("n2").user,
        "paused": vrl.trainer("n2", state="en-pause").user,
        "left": vrl.gone_trainer().user,
    }
    made = {days: vrl.session(days=days, trainers=[leader]) for days in (BEFORE, AFTER)}
    for who in ("paused", "left"):
        for session in made.values():
            vrl.team_member(session, others[who].trainer)
    found = []
    for state in SessionState:
        for days, session in made.items():
            session.state = state
            asked = {who: life.allowed(session, user) for who, user in others.items()}
            reached = {to for moves in asked.values() for to in moves}
            found += [(state, to, days, "".join(who for who in ("c", "t") if to in asked[who])) for to in reached]
            assert (asked["stranger"], asked["paused"], asked["left"]) == ([], [], [])
    assert set(found) == set(TABLE)


def test_each_allowed_step_is_taken_and_written(coordination, leader):
    rows = {(start, to): (days, who) for start, to, days, who in TABLE}  # before or after is told by the table above
    made = {days: vrl.session(days=days, trainers=[leader]) for days in (BEFORE, AFTER)}
    for session in made.values():
        vrl.report(session)
    for (start, to), (days, who) in rows.items():
        session = made[days]
        Session.objects.filter(pk=session.pk).update(state=start)
        Event.objects.filter(pk=session.event_id).update(status=EventStatus.SCHEDULED)
        by = leader.user if "t" in who else coordination
        life.move(session, to, by, "Voilà pourquoi.")
        change = session.changes.latest("pk")
        assert (session.state, change.before, change.after, change.by, change.note) == (to, start, to, by, "Voilà pourquoi.")


def test_a_step_that_is_not_offered_is_refused_with_a_sentence(leader):
    session = vrl.session(state=S.CONFIRMED, trainers=[leader])
    with pytest.raises(life.Refused, match="déjà à l’étape «\u00a0Confirmée\u00a0»"):
        life.move(session, S.OPEN, leader.user)
    assert not SessionChange.objects.exists()


# What is missing


def test_nothing_is_proposed_without_a_date(leader):
    session = vrl.session(state=S.DRAFT, days=(), trainers=[leader])
    with pytest.raises(life.Refused, match="au moins une date"):
        life.move(session, S.PROPOSED, leader.user)


def test_nothing_opens_without_a_confirmed_trainer(coordination):
    session = vrl.session(state=S.PROPOSED)
    vrl.team_member(session, vrl.trainer(), "invitation")
    with pytest.raises(life.Refused, match="au moins une personne confirmée"):
        life.move(session, S.OPEN, coordination)


def test_n1_opens_without_a_team_and_closes_without_a_report(coordination):
    session = vrl.session("n1", state=S.PROPOSED)
    life.move(session, S.OPEN, coordination)
    assert session.state == S.OPEN
    over = vrl.session("n1", state=S.TO_CLOSE, days=AFTER)
    life.move(over, S.CLOSED, coordination)
    assert over.state == S.CLOSED


@pytest.mark.parametrize("to", [S.OPEN, S.CONFIRMED])
def test_cascade_stands_before_opening_and_confirming(coordination, leader, to):
    leader.habilitations.update(expires_on=events.in_days(5).date())
    session = vrl.session(state=S.TEAM if to == S.OPEN else S.OPEN, trainers=[leader])
    with pytest.raises(life.Refused, match="ne couvre pas"):
        life.move(session, to, coordination)


def test_closing_wants_the_report_and_accepts_it(coordination, leader):
    session = vrl.session(state=S.TO_CLOSE, days=AFTER, trainers=[leader])
    report = vrl.report(session, sent_at=None)
    with pytest.raises(life.Refused, match="pas encore remis"):
        life.move(session, S.CLOSED, coordination)
    report.sent_at = events.in_days(-1)
    report.save()
    life.move(session, S.CLOSED, coordination)
    report.refresh_from_db()
    assert report.accepted_by == coordination
    assert report.accepted_at is not None


# What it means for the event, and who is told


def test_opening_publishes_the_event(leader):
    session = vrl.session(state=S.TEAM, trainers=[leader])
    assert not session.event.published
    life.move(session, S.OPEN, leader.user)
    assert session.event.published


@pytest.mark.parametrize(("to", "status"), [(S.CANCELLED, EventStatus.CANCELLED), (S.POSTPONED, EventStatus.POSTPONED)])
def test_cancelling_and_postponing_tell_everyone(leader, to, status):
    session = vrl.session(trainers=[leader, vrl.trainer()])
    person = events.registration(session.event)
    life.move(session, to, leader.user, "La salle est fermée.")
    event = Event.objects.get(pk=session.event_id)
    assert (event.status, event.status_note, event.untold, event.sequence) == (status, "La salle est fermée.", None, 1)
    told = {mail.recipient: mail.body.text for mail in OutgoingMail.objects.select_related("body")}
    assert set(told) == {person.email, session.team.exclude(trainer=leader).get().trainer.email}
    assert all("La salle est fermée." in text for text in told.values())


def test_postponed_session_comes_back_rescheduled(leader):
    session = vrl.session(trainers=[leader])
    person = events.registration(session.event)
    life.move(session, S.POSTPONED, leader.user)
    OutgoingMail.objects.all().delete()
    life.move(session, S.OPEN, leader.user)
    assert session.event.status == EventStatus.RESCHEDULED
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [person.email]


def test_proposal_goes_to_the_coordination_and_its_answer_to_the_owner(settings, coordination, leader):
    settings.CONTACT_EMAIL = "coordination@example.org"
    session = vrl.session(state=S.DRAFT, trainers=[leader])
    life.move(session, S.PROPOSED, leader.user)
    life.move(session, S.TEAM, coordination)
    sent = {mail.recipient: mail.subject.split("\u00a0")[0] for mail in OutgoingMail.objects.all()}
    assert sent == {"coordination@example.org": "Session proposée", leader.email: "Formateurs à compléter"}


# Two people at once


def at_once(session, people) -> list[str]:
    """Each confirms the session at the same moment, in threads of their own: what each was told."""
    start, said = threading.Barrier(2), ["", ""]

    def press(rank: int) -> None:
        try:
            own = Session.objects.get(pk=session.pk)
            start.wait(10)
            life.move(own, S.CONFIRMED, people[rank])
            said[rank] = "ok"
        except life.Refused as reason:
            said[rank] = str(reason)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(rank,)) for rank in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said)


@pytest.fixture
def two():
    people = [vrl.trainer(), vrl.trainer()]
    return vrl.session(trainers=people), [trainer.user for trainer in people]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_take_one_step(two):
    session, people = two
    told, done = at_once(session, people)
    assert done == "ok"
    assert told.startswith("Cette session est déjà à l’étape")
    assert session.changes.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_row_held_both_take_it(two, monkeypatch):
    """Negative control; on SQLite the transaction itself is the lock."""
    if connection.vendor == "sqlite":
        pytest.skip("BEGIN IMMEDIATE already puts writers in a row")
    read = threading.Barrier(2)

    def unheld(session):
        found = Session.objects.select_related("event").get(pk=session.pk)
        read.wait(10)
        return found

    monkeypatch.setattr(life, "_held", unheld)
    session, people = two
    assert at_once(session, people) == ["ok", "ok"]
    assert session.changes.count() == 2


# The facts


@pytest.mark.parametrize(
    ("state", "days", "facts", "expected"),
    [
        (S.OPEN, BEFORE, {"capacity": 1}, S.FULL),
        (S.OPEN, BEFORE, {"capacity": 2}, None),
        (S.OPEN, BEFORE, {"capacity": None}, None),
        (S.OPEN, BEFORE, {"capacity": 9, "status": EventStatus.FULL}, S.FULL),
        (S.FULL, BEFORE, {"capacity": 2}, S.OPEN),
        (S.CONFIRMED, BEFORE, {"capacity": 1}, None),
        (S.OPEN, AFTER, {}, S.HELD),
        (S.FULL, AFTER, {}, S.HELD),
        (S.CONFIRMED, AFTER, {}, S.HELD),
        (S.TEAM, AFTER, {}, None),
        (S.OPEN, BEFORE, {"status": EventStatus.CANCELLED}, S.CANCELLED),
        (S.TEAM, BEFORE, {"status": EventStatus.POSTPONED}, S.POSTPONED),
        (S.POSTPONED, BEFORE, {"status": EventStatus.POSTPONED}, None),
        (S.HELD, AFTER, {}, None),
        (S.DRAFT, (), {}, None),
    ],
)
def test_facts_say_where_the_session_is(state, days, facts, expected):
    session = vrl.session(state=state, days=days, **facts)
    events.registration(session.event)
    assert life.follow(session) == (expected is not None)
    assert session.state == (expected or state)
    if expected:
        assert session.changes.get().by is None


def test_session_waits_for_closing_once_everyone_is_ticked(leader):
    session = vrl.session(state=S.HELD, days=AFTER, trainers=[leader])
    person, date = events.registration(session.event), session.event.dates.get()
    events.registration(session.event, RegistrationState.CANCELLED)
    Presence.objects.create(registration=person, date=date, half_day=HalfDay.MORNING, present=True)
    assert not life.follow(session)
    Presence.objects.create(registration=person, date=date, half_day=HalfDay.AFTERNOON, present=False)
    assert life.follow(session)
    assert session.state == S.TO_CLOSE


def test_awareness_where_nobody_registers_waits_for_its_report(leader):
    session = vrl.session("sensibilisation", state=S.HELD, days=AFTER, trainers=[leader], registering=Event.Registering.NONE)
    assert not life.follow(session)
    vrl.report(session)
    assert life.follow(session)


def test_command_follows_all_and_changes_nothing_twice(capsys, leader):
    for state in (S.OPEN, S.CONFIRMED):
        vrl.session(state=state, days=AFTER, trainers=[leader])
    vrl.session(state=S.CLOSED, days=AFTER)
    call_command("keep_sessions")
    call_command("keep_sessions")
    assert capsys.readouterr().out == "2\u00a0sessions ont changé d’étape.\n0\u00a0session a changé d’étape.\n"
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [leader.email] * 2


def test_registration_fills_the_session(leader):
    session = vrl.session(capacity=1, trainers=[leader])
    registering.register(session.event, {"name": "Une personne", "email": "une@example.org"})
    life.follow_all()
    session.refresh_from_db()
    assert session.state == S.FULL


def test_change_reads_as_a_step(leader):
    session = vrl.session(state=S.DRAFT, trainers=[leader])
    life.move(session, S.PROPOSED, leader.user)
    assert str(session.changes.get()) == "Brouillon → Proposée"


def test_labels_say_what_the_button_does():
    reopened, closed = vrl.session(), vrl.session(state=S.CLOSED)
    assert life.label(S.CANCELLED, reopened) == "Annuler"
    assert life.label(S.TEAM, reopened) == "Revenir à la recherche de formateurs"
    assert life.label(S.TO_CLOSE, closed) == "Rouvrir le dossier"
