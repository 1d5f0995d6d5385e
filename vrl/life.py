"""The life of a session: the only writer of `Session.state`. Each step is a SessionChange; only allowed ones are offered.

People move a session (`move`); the clock brings it to what the facts say (`follow`, by `manage.py keep_sessions`).
The row of the session is held from its first read to the commit: of two people at once, the second is told that it has moved.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.events.changes import announce_changes, record_changes, stored_facts
from network.events.models import Event
from network.events.places import places_left
from network.events.registering import Refused
from network.events.steps import numbers
from network.events.vocabulary import EventStatus
from trajectoire.core import mail

from . import session_mail
from .access import MANAGING, trainer_of
from .cascade import enforce
from .report import Report
from .session import Session, SessionChange
from .vocabulary import COMING, LEADING, Level, Place, SessionState

State = SessionState
MOVES: dict[SessionState, tuple[SessionState, ...]] = {
    State.DRAFT: (State.PROPOSED, State.CANCELLED),
    State.PROPOSED: (State.TEAM, State.OPEN, State.DRAFT, State.CANCELLED),
    State.TEAM: (State.OPEN, State.POSTPONED, State.CANCELLED),
    State.OPEN: (State.FULL, State.CONFIRMED, State.HELD, State.TEAM, State.POSTPONED, State.CANCELLED),
    State.FULL: (State.OPEN, State.CONFIRMED, State.HELD, State.POSTPONED, State.CANCELLED),
    State.CONFIRMED: (State.HELD, State.POSTPONED, State.CANCELLED),
    State.HELD: (State.TO_CLOSE, State.CANCELLED),
    State.TO_CLOSE: (State.CLOSED,),
    State.CLOSED: (State.TO_CLOSE,),
    State.POSTPONED: (State.TEAM, State.OPEN, State.CANCELLED),
    State.CANCELLED: (),
}
# Places free or taken say so: nobody does.
BY_FACTS = {(State.OPEN, State.FULL), (State.FULL, State.OPEN)}
# What the coordination decides, for the plan.
BY_COORDINATION = {
    (State.PROPOSED, State.TEAM),
    (State.PROPOSED, State.OPEN),
    (State.HELD, State.CANCELLED),
    (State.TO_CLOSE, State.CLOSED),
    (State.CLOSED, State.TO_CLOSE),
}
LABELS = {
    State.DRAFT: "Remettre en brouillon",
    State.PROPOSED: "Proposer à la coordination",
    State.TEAM: "Chercher des formateurs",
    State.OPEN: "Ouvrir les inscriptions",
    State.CONFIRMED: "Confirmer la session",
    State.HELD: "Noter comme réalisée",
    State.TO_CLOSE: "Passer à la clôture",
    State.CLOSED: "Clôturer",
    State.POSTPONED: "Reporter",
    State.CANCELLED: "Annuler",
}
EVENT_STATUSES = {State.CANCELLED: EventStatus.CANCELLED, State.POSTPONED: EventStatus.POSTPONED}
MOVED = "Cette session est déjà à l’étape « {} » : rechargez la page pour voir ce que l’on peut faire."


def allowed(session: Session, user: Any, now: datetime.datetime | None = None) -> list[SessionState]:
    """Where this person may take the session now. No query when event, `team` and the trainer's habilitations are read."""
    coordinates = user.has_perm(MANAGING)
    if not (coordinates or leads(session, user)):
        return []
    pairs = [(SessionState(session.state), to) for to in MOVES[SessionState(session.state)]]
    mine = [pair for pair in pairs if pair not in BY_FACTS and (coordinates or pair not in BY_COORDINATION)]
    return [to for _, to in mine if _in_time(session.event, to, now or timezone.now())]


def leads(session: Session, user: Any) -> bool:
    """Whether this trainer owns it or is of its confirmed team, and is not en pause."""
    trainer = trainer_of(user)
    if trainer is None or not any(held.state in LEADING for held in trainer.habilitations.all()):
        return False
    team = [member.trainer_id for member in session.team.all() if member.state == Place.CONFIRMED]
    return session.owner_id == trainer.pk or trainer.pk in team


def _in_time(event: Event, to: SessionState, now: datetime.datetime) -> bool:
    """Nothing is held before its end, nor opened after."""
    over = event.ends_at is not None and event.ends_at <= now
    if to in (State.HELD, State.TO_CLOSE):
        return over
    return not (over and to in (State.PROPOSED, State.TEAM, State.OPEN, State.CONFIRMED, State.POSTPONED))


def move(session: Session, to: str, by: Any, note: str = "") -> None:
    """Take it there; Refused, with a French sentence, when this person may not, or when something is missing."""
    wanted = SessionState(to)
    with mail.held(), transaction.atomic():
        held = _held(session)
        if wanted not in allowed(held, by):
            raise Refused(MOVED.format(held.get_state_display()))
        _check(held, wanted)
        _write(held, wanted, by, note)
    session.refresh_from_db()


def _held(session: Session) -> Session:
    """Fresh, and nobody else's until the end of the transaction."""
    return Session.objects.select_for_update(of=("self",)).select_related("event__series__lead").get(pk=session.pk)


def _check(session: Session, to: SessionState) -> None:
    """What must be there before a step."""
    event = session.event
    if to in (State.PROPOSED, State.TEAM, State.OPEN, State.CONFIRMED) and event.starts_at is None:
        raise Refused("Donnez d’abord au moins une date à la session.")
    if to in (State.OPEN, State.CONFIRMED):
        confirmed = session.team.filter(state=Place.CONFIRMED).exists()
        if not confirmed and session.level != Level.N1:
            raise Refused("Il faut au moins une personne confirmée dans l’équipe.")
        enforce(session)
    sent = Report.objects.filter(session=session, sent_at__isnull=False)
    if to == State.CLOSED and session.level != Level.N1 and not sent.exists():
        raise Refused("Le compte rendu n’est pas encore remis : la session se clôture après.")


def _write(session: Session, to: SessionState, by: Any, note: str = "") -> None:
    """Store the step, what it means for the event, and tell people. The row is held."""
    now, before = timezone.now(), SessionState(session.state)
    session.state, session.state_since = to, now
    session.save(update_fields=["state", "state_since", "updated_at"])
    SessionChange.objects.create(session=session, before=before, after=to, note=note[:500], by=by, at=now)
    if to == State.CLOSED:
        Report.objects.filter(session=session, accepted_at=None).update(accepted_at=now, accepted_by=by)
    _keep_event(session, to, note)
    if (before, to) not in BY_FACTS:
        session_mail.moved(session, by, note)


def _keep_event(session: Session, to: SessionState, note: str) -> None:
    """Its event goes on line, is cancelled or postponed with it; those registered are told at once."""
    event = session.event
    before = stored_facts(event)
    status, published = event.status, event.published
    if to in EVENT_STATUSES:
        event.status, event.status_note = EVENT_STATUSES[to], note[:300]
    elif event.status == EventStatus.POSTPONED and to in COMING:
        event.status, event.status_note = EventStatus.RESCHEDULED, ""
    event.published = published or to == State.OPEN
    if (status, published) == (event.status, event.published):
        return
    event.save()
    record_changes(event, before)
    announce_changes(event)


# What the facts say


def follow(session: Session, now: datetime.datetime | None = None) -> bool:
    """Bring the session to what its event says; whether it moved. May be run twice, late, or by two processes."""
    with mail.held(), transaction.atomic():
        held = _held(session)
        to = next_by_facts(held, now or timezone.now())
        if to is not None:
            _write(held, to, None, "")
    if to is not None:
        session.refresh_from_db()
    return to is not None


def next_by_facts(session: Session, now: datetime.datetime) -> SessionState | None:
    """Where its event has taken it already; None when it stands where it should."""
    event, state = session.event, SessionState(session.state)
    told = {status: to for to, status in EVENT_STATUSES.items()}.get(EventStatus(event.status))
    if told is not None:
        return told if told in MOVES[state] else None
    if state in (State.OPEN, State.FULL, State.CONFIRMED) and event.ends_at and event.ends_at <= now:
        return State.HELD
    if state in (State.OPEN, State.FULL):
        left = places_left(event)
        full = event.status == EventStatus.FULL or (left is not None and left <= 0)
        now_is = State.FULL if full else State.OPEN
        return now_is if now_is != state else None
    return State.TO_CLOSE if state == State.HELD and _presence_done(session) else None


def _presence_done(session: Session) -> bool:
    """Every half-day of everyone is ticked; where nobody registered, the report is in."""
    found = numbers(session.event)
    sent = Report.objects.filter(session=session, sent_at__isnull=False)
    return not found.to_tick and (found.ticked > 0 or sent.exists())


def follow_all(now: datetime.datetime | None = None) -> int:
    """Every session that the facts may have moved; how many moved."""
    waiting = Session.objects.exclude(state__in=[State.CLOSED, State.CANCELLED, State.TO_CLOSE]).order_by("pk")
    return sum(follow(session, now) for session in waiting.iterator())


def label(to: str, session: Session) -> str:
    """What the button says."""
    again = session.state == State.CLOSED and to == State.TO_CLOSE
    reopened = session.state == State.OPEN and to == State.TEAM
    return "Rouvrir le dossier" if again else "Revenir à la recherche de formateurs" if reopened else LABELS[SessionState(to)]
