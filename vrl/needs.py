"""The board of needs: sessions that lack a trainer, requests without a session; what each trainer can answer."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from network.events.dates import summed
from trajectoire.core.text import NBSP, day, plural

from .availability import is_free
from .cascade import days_of, obstacle
from .models import Session, TeamMember, Trainer, TrainingRequest, Volunteer
from .team import missing
from .vocabulary import Place, RequestState

MOST = 60  # lines at once
OPEN = (RequestState.QUALIFIED, RequestState.OFFERED)
ANSWERED = {
    Place.INVITED: "Vous êtes invitée ou invité",
    Place.OFFERED: "Votre proposition attend une réponse",
    Place.CONFIRMED: "Vous êtes dans l’équipe",
}


def sessions(departments: Iterable[int] = ()) -> QuerySet[Session]:
    """Sessions to come that lack a trainer, the soonest first; of these departments only, if any."""
    lacking = Session.objects.lacking_trainers()
    here = lacking.filter(department__in=departments) if departments else lacking
    known = here.select_related("event", "department", "owner").prefetch_related("event__dates", "team")
    return known.order_by("event__starts_at", "pk")


def requests(departments: Iterable[int] = ()) -> QuerySet[TrainingRequest]:
    """Requests that the coordination keeps and that have no session yet."""
    waiting = TrainingRequest.objects.filter(state__in=OPEN, sessions=None)
    here = waiting.filter(department__in=departments) if departments else waiting
    known = here.select_related("department").prefetch_related(Prefetch("volunteers", Volunteer.objects.order_by("at", "pk")))
    return known.order_by("first_on", "created_at", "pk")


def board(trainer: Trainer | None, departments: Iterable[int] = ()) -> list[dict[str, Any]]:
    """The needs as lines, the soonest first, those without a date last, `MOST` at most; what this trainer may answer is on each."""
    lines = [of_session(one, trainer) for one in sessions(departments)[:MOST]]
    lines += [of_request(one, trainer) for one in requests(departments)[:MOST]]
    return sorted(lines, key=lambda line: line["on"] or datetime.date.max)[:MOST]


def near(trainer: Trainer, limit: int) -> list[dict[str, Any]]:
    """Those of her departments that she may answer and has not: the first ones, for the dashboard."""
    here = list(trainer.departments.values_list("pk", flat=True))
    return [line for line in board(reader(trainer), here) if line["open"]][:limit] if here else []


def of_session(session: Session, trainer: Trainer | None) -> dict[str, Any]:
    days = days_of(session.event)
    mine = next((one for one in session.team.all() if trainer and one.trainer_id == trainer.pk), None)  # type: ignore[attr-defined]
    lack = plural(missing(session), "personne manque", "personnes manquent")
    return {
        "key": f"session-{session.pk}",
        "kind": "Session",
        "title": session.event.title,
        "url": session.event.get_absolute_url() if session.event.is_public else "",
        "level": session.get_level_display(),
        "department": session.department.name,
        "when": summed(session.event),
        "on": days[0] if days else None,
        "facts": [f"{lack} dans l’équipe", session.event.venue],
        "answer_url": reverse("vrl:can_session", args=[session.pk]),
        **_answer(trainer, session.level, days, _said(mine)),
    }


def of_request(asked: TrainingRequest, trainer: Trainer | None) -> dict[str, Any]:
    """The structure and what it asks; who wrote stays with the coordination."""
    mine = next((one for one in asked.volunteers.all() if trainer and one.trainer_id == trainer.pk), None)  # type: ignore[attr-defined]
    offers = list(asked.volunteers.all())  # type: ignore[attr-defined]
    return {
        "key": f"demande-{asked.pk}",
        "kind": "Demande",
        "title": asked.structure,
        "url": "",
        "level": asked.get_level_display(),
        "department": asked.department.name,
        "when": period(asked),
        "on": asked.first_on,
        "facts": [
            plural(asked.people, "personne", "personnes"),
            asked.audience_note,
            asked.place,
            plural(len(offers), "proposition", "propositions") if offers else "",
        ],
        "answer_url": reverse("vrl:can_request", args=[asked.pk]),
        **_answer(
            trainer, asked.level, [asked.first_on] if asked.first_on else [], "Votre proposition est notée" if mine else ""
        ),
    }


def _said(member: TeamMember | None) -> str:
    return ANSWERED.get(Place(member.state), "") if member else ""


def _answer(trainer: Trainer | None, level: str, days: list[datetime.date], said: str) -> dict[str, Any]:
    """{said, obstacle, free, open}: what she answered already, else why she may not, else whether she said she was free."""
    if trainer is None or said:
        return {"said": said, "obstacle": "", "free": False, "open": False}
    stopped = obstacle(trainer, level, days or [timezone.localdate()])
    return {"said": "", "obstacle": stopped, "free": not stopped and is_free(trainer, days), "open": not stopped}


def period(asked: TrainingRequest) -> str:
    """« du 3 mars 2026 au 20 mars 2026 », « à partir du 3 mars 2026 », or what was written."""
    if asked.first_on and asked.last_on:
        when = f"du {day(asked.first_on)} au {day(asked.last_on)}"
    elif asked.first_on:
        when = f"à partir du {day(asked.first_on)}"
    else:
        when = f"avant le {day(asked.last_on)}" if asked.last_on else "Dates à convenir"
    return f"{when}{NBSP}: {asked.dates_note}" if asked.dates_note else when


def reader(trainer: Trainer) -> Trainer:
    """The same trainer with what the lines look at, in two queries whatever their number."""
    return Trainer.objects.prefetch_related("habilitations", "availabilities").get(pk=trainer.pk)
