"""The life of a request: received, qualified, offered to trainers, planned, held, or refused or withdrawn. The only writer of its rows.

The row is held from its first read to the commit, and each step done twice stays done: nobody is told the same thing again.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from network.events.registering import Refused
from network.models import Audience
from trajectoire.core import mail
from trajectoire.core.auditing import record
from trajectoire.core.text import day

from .asking import TrainingRequest, Volunteer
from .cascade import obstacle
from .creating import create_from
from .figures import HELD
from .session import Session, SessionModel
from .trainer import Trainer
from .vocabulary import MAY_LEAD, RequestState, SessionState

State = RequestState
# Where each step may be taken from.
FROM: dict[RequestState, tuple[RequestState, ...]] = {
    State.QUALIFIED: (State.RECEIVED, State.REFUSED, State.PLANNED),
    State.OFFERED: (State.QUALIFIED,),
    State.PLANNED: (State.QUALIFIED, State.OFFERED),
    State.DONE: (State.PLANNED,),
    State.REFUSED: (State.RECEIVED, State.QUALIFIED, State.OFFERED),
    State.WITHDRAWN: (State.RECEIVED, State.QUALIFIED, State.OFFERED, State.PLANNED),
}
OPEN = (State.RECEIVED, State.QUALIFIED, State.OFFERED)
NOT_ANY_MORE = "La demande est passée à l’étape « {} » : rechargez la page pour voir ce que l’on peut faire."
SLEEPS_AFTER = datetime.timedelta(days=14)
KEPT_FOR = datetime.timedelta(days=3 * 365)
EMPTIED = dict.fromkeys(
    ("name", "email", "phone", "position", "audience_note", "dates_note", "constraints", "note", "answer", "place"), ""
)
# What the asker is told at each step.
TOLD = {
    State.RECEIVED: "Nous avons bien reçu votre demande. L’équipe la lit et vous répond.",
    State.QUALIFIED: "L’équipe a étudié votre demande et la retient. Elle cherche maintenant des dates et une équipe d’animation.",
    State.OFFERED: "Votre demande est proposée aux formatrices et formateurs du département.",
    State.PLANNED: "Une session est en préparation pour vous.",
    State.DONE: "La session que vous aviez demandée a eu lieu. Merci de votre accueil.",
    State.REFUSED: "Nous ne pouvons pas donner suite à votre demande.",
    State.WITHDRAWN: "Vous avez retiré votre demande. Rien d’autre n’est à faire.",
}
BACK = "La session prévue n’aura pas lieu. Votre demande est reprise, et nous cherchons une autre date."


def follow_url(asked: TrainingRequest) -> str:
    return mail.link(reverse("vrl:request", args=[asked.token]))


def admin_url(asked: TrainingRequest) -> str:
    return mail.link(reverse("admin:vrl_trainingrequest_change", args=[asked.pk]))


@contextmanager
def held(asked: TrainingRequest) -> Iterator[TrainingRequest]:
    """The request, fresh, and nobody else's until the end of the transaction; the caller's copy then follows."""
    with mail.held(), transaction.atomic():
        fresh = TrainingRequest.objects.select_for_update().get(pk=asked.pk)
        yield fresh
    asked.refresh_from_db()


def may(asked: TrainingRequest, to: RequestState) -> bool:
    return RequestState(asked.state) in FROM[to]


# From the structure


def receive(asked: TrainingRequest, audiences: Iterable[Audience]) -> TrainingRequest:
    """Store a new request, acknowledge it, tell the centre."""
    with mail.held(), transaction.atomic():
        asked.save()
        asked.audiences.set(audiences)
        _tell(asked)
        _tell_team(asked, f"Demande de formation de {asked.structure}", summary(asked), settings.CONTACT_EMAIL)
    return asked


def withdraw(asked: TrainingRequest) -> None:
    """The structure no longer asks; the centre is told when it had begun to work on it. Refused once the session was held."""
    with held(asked) as fresh:
        before = fresh.get_state_display()
        if _moved(fresh, State.WITHDRAWN):
            _tell(fresh)
            _tell_team(fresh, f"{fresh.structure} retire sa demande de formation", [("Étape jusque-là", before)], _whom(fresh))


# From the team


def qualify(asked: TrainingRequest, by: Any) -> None:
    """The team keeps it: trainers may now see it. Also the way back of a request refused too fast."""
    with held(asked) as fresh:
        if _moved(fresh, State.QUALIFIED, by):
            _tell(fresh)


def offer(asked: TrainingRequest, by: Any) -> int:
    """Write to the trainers of the department who may lead it; how many. Nobody is written to twice."""
    with held(asked) as fresh:
        if _moved(fresh, State.OFFERED, by):
            _tell(fresh)
        known = [mail.Recipient(one.email, {"name": one.name}) for one in able(fresh).exclude(email="")]
        context = {"asked": fresh, "rows": _rows(summary(fresh)), "url": mail.link(reverse("vrl:space"))}
        batch = f"training-request-{fresh.pk}-{fresh.sessions.count()}"  # taken back after a session, it is offered anew
        return mail.post_batch("training_request_offer", batch, context, known, names=["name"])


def able(asked: TrainingRequest) -> QuerySet[Trainer]:
    """The trainers of the department who hold today what it takes to lead what is asked."""
    here = Trainer.objects.holding(*MAY_LEAD[asked.level], on=timezone.localdate())
    return here.filter(departments=asked.department).order_by("name", "pk")


def plan(
    asked: TrainingRequest,
    by: Any,
    *,
    model: SessionModel,
    dates: Sequence[datetime.date],
    owner: Trainer | None,
    **facts: Any,
) -> Session:
    """The session that answers it, prefilled; sent twice, the session already made. Raises Refused against the cascade.

    Its page will be public: it does not name who asked.
    """
    with held(asked) as fresh:
        made = fresh.sessions.live().order_by("pk").first()  # type: ignore[attr-defined]
        if made is not None:
            return made
        if owner and (reason := obstacle(owner, model.level, dates)):
            raise Refused(reason)
        _move(fresh, State.PLANNED, by)
        made = create_from(
            model, owner=owner, department=fresh.department, dates=dates, request=fresh, **{"contact_name": ""} | facts
        )
        _tell(fresh)
        return made


def refuse(asked: TrainingRequest, by: Any, answer: str) -> None:
    """Nothing follows, and the structure reads why."""
    with held(asked) as fresh:
        if not answer.strip():
            raise Refused("Écrivez à la structure pourquoi sa demande reste sans suite, puis recommencez.")
        if _moved(fresh, State.REFUSED, by):
            fresh.answer = answer
            fresh.save(update_fields=["answer"])
            _tell(fresh)


# From trainers


def volunteer(asked: TrainingRequest, trainer: Trainer, note: str = "") -> Volunteer:
    """« Je peux »: noted once, and the team is told. Raises Refused when she may not lead it, or when it is too late."""
    with held(asked) as fresh:
        known = Volunteer.objects.filter(request=fresh, trainer=trainer).first()
        if known:
            return known
        if fresh.state not in (State.QUALIFIED, State.OFFERED):
            raise Refused("Cette demande n’attend plus de proposition.")
        if reason := obstacle(trainer, fresh.level, []):
            raise Refused(reason)
        made = Volunteer.objects.create(request=fresh, trainer=trainer, note=note)
        TrainingRequest.objects.filter(pk=fresh.pk).update(last_activity_at=timezone.now())
        said = [("Se propose", trainer.name), ("Précisions", note)]
        _tell_team(fresh, f"Une proposition pour la demande de {fresh.structure}", said, _whom(fresh))
        return made


# By the clock


def follow() -> int:
    """Bring planned requests to what became of their sessions; how many moved."""
    moved = 0
    for asked in TrainingRequest.objects.filter(state=State.PLANNED).order_by("pk"):
        states = set(asked.sessions.order_by().values_list("state", flat=True))  # type: ignore[attr-defined]
        with held(asked) as fresh:
            if fresh.state == State.PLANNED and states & set(HELD):
                moved += _moved(fresh, State.DONE)
                _tell(fresh)
            elif fresh.state == State.PLANNED and states <= {SessionState.CANCELLED}:
                moved += _moved(fresh, State.QUALIFIED)
                _tell(fresh, BACK)
    return moved


def sleeping(now: datetime.datetime | None = None) -> QuerySet[TrainingRequest]:
    """Open ones that nothing happened to for two weeks."""
    return TrainingRequest.objects.filter(state__in=OPEN, last_activity_at__lt=(now or timezone.now()) - SLEEPS_AFTER)


def remind(now: datetime.datetime) -> int:
    """One message to the centre about what sleeps, each request at most once every two weeks; how many are in it."""
    with transaction.atomic():
        asleep = list(
            sleeping(now).exclude(reminded_at__gt=now - SLEEPS_AFTER).order_by("last_activity_at", "pk").select_for_update()
        )
        if asleep:
            TrainingRequest.objects.filter(pk__in=[asked.pk for asked in asleep]).update(reminded_at=now)
            rows = [
                {"label": asked.structure, "days": (now - asked.last_activity_at).days, "url": admin_url(asked)}
                for asked in asleep
            ]
            mail.post("training_request_sleeping", settings.CONTACT_EMAIL, {"rows": rows})
    return len(asleep)


def old(now: datetime.datetime) -> QuerySet[TrainingRequest]:
    """Three years after the last thing that happened, and still named."""
    return TrainingRequest.objects.filter(last_activity_at__lt=now - KEPT_FOR, anonymous_since=None)


def forget_old(now: datetime.datetime) -> int:
    return forget(old(now), now)


def forget(rows: QuerySet[TrainingRequest], now: datetime.datetime) -> int:
    """Take away who asked; the structure, the place in the region, the number of people and what became of it stay."""
    return TrainingRequest.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(**EMPTIED, anonymous_since=now)


def _moved(fresh: TrainingRequest, to: RequestState, by: Any = None) -> bool:
    """False when it is there already."""
    if fresh.state == to:
        return False
    _move(fresh, to, by)
    return True


def _move(fresh: TrainingRequest, to: RequestState, by: Any) -> None:
    if not may(fresh, to):
        raise Refused(NOT_ANY_MORE.format(fresh.get_state_display()))
    fresh.state, fresh.last_activity_at, fresh.reminded_at = to, timezone.now(), None
    if by is not None and fresh.in_charge is None:
        fresh.in_charge = by
    fresh.version += 1
    fresh.save(update_fields=["state", "last_activity_at", "reminded_at", "in_charge", "version", "updated_at"])
    if by is not None:
        record(by, f"demande de formation, étape « {to.label} »", fresh)


def _tell(fresh: TrainingRequest, sentence: str = "") -> None:
    """Where it stands, to who asked; nobody is written to once the names have left."""
    if not fresh.email:
        return
    state = RequestState(fresh.state)
    context = {
        "asked": fresh,
        "sentence": sentence or TOLD[state],
        "answer": fresh.answer if state == State.REFUSED else "",
        "url": follow_url(fresh),
    }
    mail.post("training_request", fresh.email, context, reply_to=settings.CONTACT_EMAIL)


def _tell_team(asked: TrainingRequest, title: str, said: list[tuple[str, str]], to: str) -> None:
    context = {"title": title, "rows": _rows(said), "url": admin_url(asked)}
    mail.post("training_request_team", to, context, reply_to=asked.email)


def _rows(said: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in said if value]


def summary(asked: TrainingRequest) -> list[tuple[str, str]]:
    """What is asked, without who asks: [(label, value)], what is empty left out."""
    period = " – ".join(day(date) for date in (asked.first_on, asked.last_on) if date)
    audiences = ", ".join(audience.name for audience in asked.audiences.all())
    rows = [
        ("Demande", asked.get_level_display()),
        ("Durée", asked.get_length_display()),
        ("Personnes", str(asked.people)),
        ("Publics", ", ".join(filter(None, [audiences, asked.audience_note]))),
        ("Département", asked.department.name),
        ("Lieu", ", ".join(filter(None, [asked.place, "salle disponible" if asked.has_room else ""]))),
        ("Période", ", ".join(filter(None, [period, asked.dates_note]))),
        ("Contraintes et attentes", asked.constraints),
    ]
    return [(label, value) for label, value in rows if value]


def _whom(fresh: TrainingRequest) -> str:
    """Who follows it, or the centre."""
    person = fresh.in_charge
    return person.email if person and person.is_active else settings.CONTACT_EMAIL
