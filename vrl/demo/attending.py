"""Who came to the sessions of the demonstration: registrations, presence, answers, reports, attestations. Stored in bulk."""

import datetime
from itertools import count
from typing import Any

from django.db.models import F
from django.utils import timezone

from network.events import attestations, questionnaires
from network.events.models import EventDate, Presence, Registration, RegistrationState, SurveyAnswer
from network.events.survey import Moment, Survey, SurveyItem, SurveyKind

from ..report import Report, SituationMet
from ..session import Session
from ..vocabulary import Level, SessionState
from .sessions import at

State = SessionState
TICKED = (State.TO_CLOSE, State.CLOSED)
PEOPLE = 331  # a prime: the same person comes back to another session, never to the same one
DOMAIN = "example.org"


def load(made: dict[str, Session], rows: list[dict[str, Any]], words: dict[str, Any]) -> None:
    """Everything that follows from how many registered at each session (`registered`, `came` of its row)."""
    told = [(row, made[row["slug"]]) for row in rows if row["slug"] in made]
    people = Registration.objects.bulk_create(_registrations(told, words))
    Registration.objects.filter(pk__in=[person.pk for person in people]).update(created_at=F("queued_at"))
    by_event: dict[int, list[Registration]] = {}
    for person in people:
        by_event.setdefault(person.event_id, []).append(person)
    held = [session for _, session in told if session.state in TICKED and session.level != Level.AWARENESS]
    came = _tick(held, by_event)
    _answer(held, came, words)
    _report(told, words)
    for session in held:
        if session.state == State.CLOSED and session.event.ends_at:
            attestations.issue(session.event, now=session.event.ends_at + datetime.timedelta(days=1))


def _registrations(told: list[tuple[dict[str, Any], Session]], words: dict[str, Any]) -> list[Registration]:
    number, made = count(1), []
    for row, session in told:
        for rank in range(row.get("registered", 0)):
            made.append(_registration(session, rank, next(number), words))
    return made


def _registration(session: Session, rank: int, number: int, words: dict[str, Any]) -> Registration:
    who, event = number * 37 % PEOPLE, session.event
    email = f"participante-{who}@{DOMAIN}"
    begins = min(event.starts_at or timezone.now(), timezone.now())
    asked = begins - datetime.timedelta(days=2 + (who * 3 + rank) % 40, hours=who % 9)
    state = _state(session, rank)
    return Registration(
        event=event,
        state=state,
        name=f"{words['first'][who % len(words['first'])]} {words['last'][who * 7 % len(words['last'])]}",
        email=email,
        email_key=email,
        structure=words["structures"][who % len(words["structures"])],
        position=words["positions"][who % len(words["positions"])],
        status=words["statuses"][who % len(words["statuses"])],
        department=session.department.code,
        motivation="Former ensuite mes collègues, avec l’accord de mon employeur." if session.level == Level.N2 else "",
        queued_at=asked,
        confirmed_at=asked if state == RegistrationState.CONFIRMED else None,
    )


def _state(session: Session, rank: int) -> str:
    """The first ones have the places; of those who ask for a session of trainers to come, some are still to be examined."""
    if session.level == Level.N2 and session.state == State.OPEN and rank > 2:
        return RegistrationState.REFUSED if rank == 3 else RegistrationState.APPLIED
    full = session.event.capacity is not None and rank >= session.event.capacity
    return RegistrationState.WAITING if full else RegistrationState.CONFIRMED


def _tick(held: list[Session], people: dict[int, list[Registration]]) -> dict[int, list[Registration]]:
    """Presence of each half-day; {event: who came}. One in nine does not come, one in seven leaves before the end."""
    dates: dict[int, list[EventDate]] = {}
    for date in EventDate.objects.filter(event__in=[session.event_id for session in held]):
        dates.setdefault(date.event_id, []).append(date)
    ticks: list[Presence] = []
    came: dict[int, list[Registration]] = {}
    for session in held:
        confirmed = [one for one in people.get(session.event_id, []) if one.state == RegistrationState.CONFIRMED]
        slots = [(date, half) for date in dates[session.event_id] for half in date.half_days]
        for rank, person in enumerate(confirmed):
            stayed = 0 if rank % 9 == 4 else len(slots) - (rank % 7 == 5)
            ticks += [
                Presence(registration=person, date=date, half_day=half, present=order < stayed, ticked_at=date.ends_at)
                for order, (date, half) in enumerate(slots)
            ]
            if stayed:
                came.setdefault(session.event_id, []).append(person)
    Presence.objects.bulk_create(ticks)
    return came


def _answer(held: list[Session], came: dict[int, list[Registration]], words: dict[str, Any]) -> None:
    """Two in three of those who came answered the questionnaire."""
    answers, answered = [], []
    for session in held:
        survey = questionnaires.prepare(session.event, Moment.HOT)
        items, ended = list(survey.items.all()), timezone.localdate(session.event.ends_at)
        for rank, person in enumerate(came.get(session.event_id, [])):
            if rank % 3 != 2:
                replies = {str(item.pk): _reply(item, rank + session.pk, words) for item in items}
                day = ended + datetime.timedelta(days=1 + rank % 4)
                answers.append(SurveyAnswer(survey=survey, day=day, replies={k: v for k, v in replies.items() if v}))
                answered.append(person.pk)
    SurveyAnswer.objects.bulk_create(answers)
    Registration.objects.filter(pk__in=answered).update(answered_hot=True)
    for session in held:
        Survey.objects.filter(event=session.event).update(sent_at=at(timezone.localdate(session.event.ends_at), 18))


def _reply(item: SurveyItem, number: int, words: dict[str, Any]) -> str:
    """Mostly content, as people are; a few words from one in four."""
    if item.kind == SurveyKind.TEXT:
        said = words["better"] if item.code == "a-ameliorer" else words["kept"]
        return said[number % len(said)] if number % 4 == 1 else ""
    if item.kind == SurveyKind.SCALE:
        return "54354545"[(number + item.order) % 8]
    values = [value for value, _ in item.options]
    return values[0 if number % 5 else 1]


def _report(told: list[tuple[dict[str, Any], Session]], words: dict[str, Any]) -> None:
    """A report for each session closed, and for the first of those to be closed: the others still owe it."""
    waiting = [session for _, session in told if session.state == State.TO_CLOSE][:1]
    wanted = [(row, session) for row, session in told if session.state == State.CLOSED or session in waiting]
    reports = Report.objects.bulk_create(_new_report(row, session, rank, words) for rank, (row, session) in enumerate(wanted))
    SituationMet.objects.bulk_create(
        SituationMet(report=report, count=1 + (rank + order) % 4, **words["met"][(rank * 3 + order * 2) % len(words["met"])])
        for rank, report in enumerate(reports)
        for order in range(rank % 4)
    )


def _new_report(row: dict[str, Any], session: Session, rank: int, words: dict[str, Any]) -> Report:
    sent = session.event.ends_at + datetime.timedelta(days=2 + rank % 5) if session.event.ends_at else None
    closed = session.state == State.CLOSED
    return Report(
        session=session,
        author=session.owner,
        sent_at=sent,
        accepted_at=session.state_since if closed else None,
        people=row.get("came"),
        young_people=row.get("young"),
        **{name: words[name][rank % len(words[name])] for name in ("worked", "hard", "wishes")},
    )
