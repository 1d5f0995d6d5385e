"""The life of a candidacy: received, accepted or refused, registered for an N2 session, habilitated. The only writer of its rows.

The row is held from its first read to the commit, and each step done twice stays done.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from network.events import registering
from network.events.models import Attestation
from network.events.registering import Refused
from network.models import Territory
from resources.intake import Accepted
from trajectoire.core import inviting, joining, mail
from trajectoire.core.auditing import record
from trajectoire.core.models import TRAINERS, User

from .asking import Candidacy
from .session import Session
from .trainer import Habilitation, Trainer
from .vocabulary import CandidacyState, HabilitationLevel, HabilitationState

State = CandidacyState
PENDING = (State.RECEIVED, State.ACCEPTED)  # she may still bring a paper, or withdraw
CENTRE = "Trajectoire Ressources"
KEPT_FOR = {State.REFUSED: datetime.timedelta(days=2 * 365), State.HABILITATED: datetime.timedelta(days=365)}
EMPTIED = dict.fromkeys(
    ("name", "email", "phone", "structure", "position", "motivation", "experience", "answer", "commitment", "agreement"), ""
)
ALREADY = "Cette candidature est déjà à l’étape «\u00a0{}\u00a0»."
NOT_YET = "L’habilitation suit la session\u00a0: donnez d’abord l’attestation de présence."
TOLD = {
    State.RECEIVED: "Nous avons bien reçu votre candidature. La coordination l’étudie et vous répond.",
    State.ACCEPTED: "Votre candidature est acceptée. Bienvenue dans le réseau\u202f!",
    State.REFUSED: "Votre candidature n’est pas retenue cette fois.",
    State.WITHDRAWN: "Vous avez retiré votre candidature. Rien d’autre n’est à faire.",
    State.HABILITATED: "Vous êtes habilitée ou habilité N2\u00a0: vous pouvez animer des sessions N3.",
}


def follow_url(one: Candidacy) -> str:
    return mail.link(reverse("vrl:candidacy_follow", args=[one.token]))


def admin_url(one: Candidacy) -> str:
    return mail.link(reverse("admin:vrl_candidacy_change", args=[one.pk]))


@contextmanager
def held(one: Candidacy) -> Iterator[Candidacy]:
    """The candidacy, fresh, and nobody else's until the end of the transaction; the caller's copy then follows."""
    with mail.held(), transaction.atomic():
        fresh = Candidacy.objects.select_for_update(of=("self",)).select_related("session__event", "registration").get(pk=one.pk)
        yield fresh
    one.refresh_from_db()


# From the person


def receive(one: Candidacy, departments: Iterable[Territory], paper: Accepted | None) -> Candidacy:
    """Store it with the employer's agreement, acknowledge it, tell the centre."""
    with mail.held(), transaction.atomic():
        one.save()
        one.departments.set(departments)
        if paper:
            _keep(one, paper)
        _tell(one)
        context = {"one": one, "url": admin_url(one)}
        mail.post("candidacy_to_centre", settings.CONTACT_EMAIL, context, reply_to=one.email)
    return one


def bring(one: Candidacy, paper: Accepted) -> None:
    """The agreement, later; it takes the place of the former one."""
    with held(one) as fresh:
        if fresh.state not in PENDING:
            raise Refused(ALREADY.format(fresh.get_state_display()))
        _keep(fresh, paper)


def withdraw(one: Candidacy) -> None:
    """She no longer wishes to; her place in the session is given back."""
    with held(one) as fresh:
        if fresh.state == State.WITHDRAWN:
            return
        if fresh.state not in PENDING:
            raise Refused(ALREADY.format(fresh.get_state_display()))
        if fresh.registration:
            registering.cancel(fresh.registration, by_staff=True)
        _move(fresh, State.WITHDRAWN)
        _tell(fresh)


# From the team


def accept(one: Candidacy, by: User, answer: str = "", session: Session | None = None) -> None:
    """Yes; with a session, she is registered there at once and told so by its own message. A later call may give the session."""
    with held(one) as fresh:
        if fresh.state not in (State.RECEIVED, State.REFUSED, State.ACCEPTED):
            raise Refused(ALREADY.format(fresh.get_state_display()))
        fresh.session = session or fresh.session
        if fresh.state != State.ACCEPTED:
            _decide(fresh, State.ACCEPTED, by, answer)
        if fresh.session and not fresh.registration:
            fresh.registration = registering.add(fresh.session.event, _fields(fresh))
        fresh.version += 1
        fresh.save()


def refuse(one: Candidacy, by: User, answer: str) -> None:
    """No, with words: she reads them."""
    with held(one) as fresh:
        if fresh.state == State.REFUSED:
            return
        if fresh.state != State.RECEIVED:
            raise Refused(ALREADY.format(fresh.get_state_display()))
        if not answer.strip():
            raise Refused("Écrivez à la personne pourquoi sa candidature n’est pas retenue, puis recommencez.")
        _decide(fresh, State.REFUSED, by, answer)


def may_habilitate(one: Candidacy) -> bool:
    """Accepted, and attested in the session."""
    return one.state == State.ACCEPTED and Attestation.objects.valid().filter(registration=one.registration_id).exists()


def with_attestation() -> QuerySet[Candidacy]:
    """The accepted ones whose habilitation may be given."""
    attested = Attestation.objects.valid().filter(registration=OuterRef("registration"))
    return Candidacy.objects.filter(Exists(attested), state=State.ACCEPTED)


def habilitate(one: Candidacy, by: User) -> Trainer:
    """The trainer, her habilitation dated from the last day of the session, and the way to her account. Done twice, it stays done."""
    with held(one) as fresh:
        if fresh.trainer and fresh.state == State.HABILITATED:
            return fresh.trainer
        if not may_habilitate(fresh) or fresh.session is None or fresh.session.event.ends_at is None:
            raise Refused(NOT_YET)
        trainer = _trainer(fresh)
        Habilitation.objects.get_or_create(
            trainer=trainer,
            level=HabilitationLevel.N2,
            obtained_on=timezone.localdate(fresh.session.event.ends_at),
            defaults={"granted_by": CENTRE, "session": fresh.session, "state": HabilitationState.ACTIVE},
        )
        _open_account(trainer, by)
        fresh.trainer = trainer
        _move(fresh, State.HABILITATED)
        record(by, "habilitation N2", trainer)
        _tell(fresh)
        return trainer


def _trainer(one: Candidacy) -> Trainer:
    """Known already by this address, or new."""
    known = Trainer.objects.present().filter(email__iexact=one.email).order_by("pk").first()
    if known is None:
        agreed = timezone.localdate(one.created_at) if one.agreement else None
        said = {"name": one.name, "email": one.email, "phone": one.phone, "employer": one.structure}
        known = Trainer.objects.create(**said, agreed_on=agreed)
    known.departments.add(*one.departments.all())
    return known


def _open_account(trainer: Trainer, by: User) -> None:
    """An invitation to the account; who has one already receives the role."""
    group, _ = Group.objects.get_or_create(name=TRAINERS)
    account = trainer.user or User.objects.filter(email__iexact=trainer.email, is_active=True).first()
    if account:
        account.groups.add(group)
        joining.joined(account)
    elif not inviting.obstacle(trainer.email):
        inviting.invite(by, trainer.email, group, trainer.name)


# Time


def old(now: datetime.datetime) -> QuerySet[Candidacy]:
    """Refused or withdrawn two years ago, or habilitated a year ago; accepted ones that nothing followed go like refused ones."""
    quiet = Candidacy.objects.filter(updated_at__lt=now - KEPT_FOR[State.REFUSED])
    done = Candidacy.objects.filter(state=State.HABILITATED, updated_at__lt=now - KEPT_FOR[State.HABILITATED])
    return (quiet | done).filter(anonymous_since=None)


def forget_old(now: datetime.datetime) -> int:
    return forget(old(now), now)


def forget(rows: QuerySet[Candidacy], now: datetime.datetime) -> int:
    """Take away who it was, and the paper; the departments, the decision and its date stay."""
    with transaction.atomic():
        found = list(rows.values_list("pk", "agreement"))
        Candidacy.objects.filter(pk__in=[pk for pk, _ in found]).update(**EMPTIED, anonymous_since=now)
        _delete(*(name for _, name in found))
    return len(found)


def _keep(one: Candidacy, paper: Accepted) -> None:
    """Under a name that says nothing; the former file goes after the commit."""
    former = one.agreement.name
    one.agreement.save(f"{uuid.uuid4().hex}.{paper.kind.extension}", paper.content, save=False)
    one.version += 1
    one.save(update_fields=["agreement", "version", "updated_at"])
    _delete(former or "")


def _delete(*names: str) -> None:
    """Once the transaction is committed, never before."""
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name))


def _decide(fresh: Candidacy, state: CandidacyState, by: User, answer: str) -> None:
    fresh.answer, fresh.decided_at, fresh.decided_by = answer, timezone.now(), by
    _move(fresh, state)
    record(by, f"candidature, étape «\u00a0{state.label}\u00a0»", fresh)
    _tell(fresh)


def _move(fresh: Candidacy, state: CandidacyState) -> None:
    fresh.state = state
    fresh.version += 1
    fresh.save()


def _fields(one: Candidacy) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("name", "email", "phone", "structure", "position")} | {
        "motivation": one.motivation[:2000]
    }


def _tell(one: Candidacy) -> None:
    state = State(one.state)
    decided = state in (State.ACCEPTED, State.REFUSED)
    context = {"one": one, "sentence": TOLD[state], "answer": one.answer if decided else "", "url": follow_url(one)}
    mail.post("candidacy", one.email, context, reply_to=settings.CONTACT_EMAIL)
