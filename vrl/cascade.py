"""The cascade: who may lead a session of which level, on which days.."""

import datetime
from collections.abc import Iterable, Sequence

from django.utils import timezone

from network.events.models import Event
from network.events.registering import Refused
from trajectoire.core.text import NBSP, fold
from trajectoire.core.text import day as written

from .session import Session
from .trainer import Habilitation, Trainer
from .vocabulary import DONE, LEADING, MAY_LEAD, HabilitationState, Level, Place

FROM_PARIS = "Les sessions N1 sont animées par l’équipe nationale."
VOWELS = tuple("aeiouyh")
STATES = {
    HabilitationState.PAUSED: "est en pause",
    HabilitationState.WITHDRAWN: "a été retirée",
    HabilitationState.LEFT: "a pris fin",
}


def days_of(event: Event) -> list[datetime.date]:
    """Every day of the event, in Paris, the first one first; both days of a date that goes on after midnight."""
    moments = [moment for date in event.dates.all() for moment in (date.starts_at, date.ends_at)]
    return sorted({timezone.localdate(moment) for moment in moments})


def obstacle(trainer: Trainer, about: Session | str, days: Iterable[datetime.date] | None = None) -> str:
    """Why she may not lead this session, or one of this level, on these days: a French sentence; empty when she may.

    Without days, those of the session. Habilitations are read with `trainer.habilitations.all()`: prefetch them for a list.
    """
    level = about.level if isinstance(about, Session) else about
    if days is None:
        days = days_of(about.event) if isinstance(about, Session) else []
    wanted = MAY_LEAD[level]
    if not wanted:
        return FROM_PARIS
    if trainer.left_on:
        return f"{trainer} ne fait plus partie du réseau depuis le {written(trainer.left_on)}."
    held = [found for found in trainer.habilitations.all() if found.level in wanted]
    leading = [found for found in held if found.state in LEADING]
    if not leading:
        return _without(trainer, level, held)
    uncovered = [day for day in days if not any(_covers(found, day) for found in leading)]
    return _uncovered(trainer, leading, uncovered[0]) if uncovered else ""


def check_team(session: Session, days: Iterable[datetime.date] | None = None) -> list[str]:
    """What stands in the way of its confirmed team, one sentence a person; on its own days, or on those it would move to."""
    members = session.team.filter(state=Place.CONFIRMED).select_related("trainer").prefetch_related("trainer__habilitations")
    asked = days_of(session.event) if days is None else list(days)
    return [sentence for member in members if (sentence := obstacle(member.trainer, session, asked))]


def enforce(session: Session, days: Iterable[datetime.date] | None = None) -> None:
    """Refuse what the cascade forbids, with all the sentences."""
    if found := check_team(session, days):
        raise Refused(" ".join(found))


def objections(event: Event, days: Sequence[datetime.date]) -> list[str]:
    """What its team says of other days for the event of a session still to come; nothing when the days stay the same."""
    if not event.of_plan or list(days) == days_of(event):
        return []
    session = Session.objects.select_related("event").get(event=event)
    return [] if session.state in DONE else check_team(session, days)


def _of(trainer: Trainer) -> str:
    """« de Zoé », « d’Ana »."""
    return f"d’{trainer}" if fold(trainer.name).startswith(VOWELS) else f"de {trainer}"


def _covers(habilitation: Habilitation, day: datetime.date) -> bool:
    return habilitation.obtained_on <= day and (habilitation.expires_on is None or day <= habilitation.expires_on)


def _without(trainer: Trainer, level: str, held: list[Habilitation]) -> str:
    """No habilitation that leads: the one that ended last says why, or none was ever of the right level."""
    if held:
        last = max(held, key=lambda found: (found.obtained_on, found.pk))
        return f"L’habilitation {last.get_level_display()} {_of(trainer)} {STATES[HabilitationState(last.state)]}."
    who = "habilitées N1" if level == Level.N2 else "habilitées N1 ou N2"
    what = "Un moment de sensibilisation" if level == Level.AWARENESS else f"Une session {level.upper()}"
    verb = "est animé" if level == Level.AWARENESS else "est animée"
    return f"{what} {verb} par des personnes {who}{NBSP}: ce n’est pas le cas {_of(trainer)}."


def _uncovered(trainer: Trainer, leading: list[Habilitation], day: datetime.date) -> str:
    """The day that none covers: each ended before, or the next one begins after."""
    ended = [found for found in leading if found.obtained_on <= day]
    if ended:
        last = max(ended, key=lambda found: (found.expires_on or found.obtained_on, found.pk))
        end = written(last.expires_on)
        return (
            f"L’habilitation {last.get_level_display()} {_of(trainer)} s’arrête le {end}"
            f"{NBSP}: elle ne couvre pas le {written(day)}."
        )
    first = min(leading, key=lambda found: (found.obtained_on, found.pk))
    return (
        f"L’habilitation {first.get_level_display()} {_of(trainer)} commence le {written(first.obtained_on)}"
        f"{NBSP}: elle ne couvre pas le {written(day)}."
    )
