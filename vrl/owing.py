"""What a trainer owes for her sessions, each thing one click away: read from the rows, never ticked by hand."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from network.events.models import Presence, Registration, RegistrationState, Survey
from network.events.survey import Moment
from trajectoire.core.text import NBSP, plural

from .models import Report, Session, TeamMember, Trainer
from .team import missing
from .vocabulary import Place, SessionState

State = SessionState
FINISHED = (State.CLOSED, State.CANCELLED, State.POSTPONED)
BEFORE = (State.TEAM, State.OPEN, State.FULL, State.CONFIRMED)
AFTER = (State.HELD, State.TO_CLOSE)
SOON = datetime.timedelta(days=21)  # people like to know three weeks before that a session takes place
DOORS_OPEN = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Duty:
    """One thing to do, and where it is done; `urgent` when people wait for it."""

    session: Session
    label: str
    button: str
    url: str
    urgent: bool = False


def underway(trainer: Trainer) -> QuerySet[Session]:
    """Her sessions that are not finished, with what `duties` looks at."""
    return with_facts(Session.objects.led_by(trainer).exclude(state__in=FINISHED))


def with_facts(sessions: Any) -> QuerySet[Session]:
    """Adds confirmed_trainers, offers, people, ticked (half-days), written, asked; fetches event, dates and department."""
    confirmed = Registration.objects.filter(event=OuterRef("event"), state=RegistrationState.CONFIRMED)
    ticks = Presence.objects.filter(date__event=OuterRef("event"), registration__state=RegistrationState.CONFIRMED)
    offers = TeamMember.objects.filter(session=OuterRef("pk"), state=Place.OFFERED)
    counted = sessions.with_team().annotate(
        offers=_count(offers, "session"),
        people=_count(confirmed, "event"),
        ticked=_count(ticks, "date__event"),
        written=Exists(Report.objects.filter(session=OuterRef("pk"), sent_at__isnull=False)),
        asked=Exists(Survey.objects.filter(event=OuterRef("event"), moment=Moment.HOT)),
    )
    return (
        counted.select_related("event", "department", "owner").prefetch_related("event__dates").order_by("event__starts_at", "pk")
    )


def _count(rows: QuerySet, by: str) -> Coalesce:
    """How many of these rows, as a column."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def duties(sessions: list[Session], now: datetime.datetime | None = None) -> list[Duty]:
    """What is to be done for these sessions (`with_facts`), the most pressing first; one query more, for attestations."""
    now = now or timezone.now()
    over = [one.event_id for one in sessions if one.state in AFTER or _is_over(one, now)]
    due = attestations_due(over)
    found = [duty for session in sessions for duty in _of(session, due.get(session.event_id, 0), now)]
    return sorted(found, key=lambda duty: not duty.urgent)


def attestations_due(events: list[int]) -> dict[int, int]:
    """{key of the event: how many people are due an attestation}."""
    if not events:
        return {}
    named = Registration.objects.filter(event__in=events, event__attests=True, anonymous_since=None).exclude(name="")
    due = named.reaching().filter(attestations=None).order_by()  # type: ignore[attr-defined]
    counts: dict[int, int] = {}
    for event in due.values_list("event", flat=True):
        counts[event] = counts.get(event, 0) + 1
    return counts


def _is_over(session: Session, now: datetime.datetime) -> bool:
    return session.event.ends_at is not None and session.event.ends_at <= now


def _of(session: Any, due: int, now: datetime.datetime) -> Iterator[Duty]:
    if _is_over(session, now) or session.state in AFTER:
        yield from _after(session, due)
    else:
        yield from _before(session, now)


def _before(session: Any, now: datetime.datetime) -> Iterator[Duty]:
    page, starts = own_url(session), session.event.starts_at
    near = starts is not None and starts - now < SOON
    if session.state == State.DRAFT:
        yield Duty(session, "Brouillon à relire, puis à proposer à la coordination", "Ouvrir le brouillon", page)
    if session.offers:
        offers = plural(session.offers, "personne se propose", "personnes se proposent")
        yield Duty(session, f"{offers} pour animer", "Répondre", f"{page}#equipe", True)
    elif session.state in BEFORE and (short := missing(session)):
        lack = plural(short, "personne", "personnes")
        yield Duty(session, f"Équipe à compléter{NBSP}: il manque {lack}", "Compléter l’équipe", f"{page}#equipe", near)
    if session.state in (State.OPEN, State.FULL) and near:
        count = plural(session.people, "personne inscrite", "personnes inscrites")
        yield Duty(session, f"Session à confirmer{NBSP}: {count}", "Confirmer", f"{page}#etapes", True)
    if session.state == State.CONFIRMED and near and not session.asked and session.event.attests:
        yield Duty(session, "Questionnaire à préparer, il partira avec les remerciements", "Préparer", f"{page}#apres")
    if starts is not None and starts <= now + DOORS_OPEN and session.state in BEFORE:
        yield Duty(session, "La session commence", "Cocher la présence", presence_url(session), True)


def _after(session: Any, due: int) -> Iterator[Duty]:
    page = own_url(session)
    half_days = sum(len(date.half_days) for date in session.event.dates.all())
    if (left := session.people * half_days - session.ticked) > 0:
        some = plural(left, "demi-journée", "demi-journées")
        yield Duty(session, f"Présence à cocher{NBSP}: il reste {some}", "Cocher la présence", presence_url(session), True)
    elif due:
        label = f"{plural(due, 'attestation', 'attestations')} à donner"
        yield Duty(session, label, "Donner les attestations", f"{page}#apres", True)
    if not session.written:
        url = reverse("vrl:report", args=[session.event.slug])
        yield Duty(session, "Compte rendu à écrire", "Écrire le compte rendu", url)


def own_url(session: Session) -> str:
    return reverse("vrl:own_session", args=[session.event.slug])


def presence_url(session: Session) -> str:
    return reverse("events:presence", args=[session.event.slug])


def invitations(trainer: Trainer) -> QuerySet[TeamMember]:
    """The sessions she is asked to join, those of the past left out."""
    waiting = TeamMember.objects.filter(trainer=trainer, state=Place.INVITED).exclude(session__state__in=(*FINISHED, *AFTER))
    coming = waiting.filter(Q(session__event__ends_at=None) | Q(session__event__ends_at__gt=timezone.now()))
    known = coming.select_related("session__event", "session__department", "session__owner")
    return known.prefetch_related("session__event__dates").order_by("session__event__starts_at", "pk")
