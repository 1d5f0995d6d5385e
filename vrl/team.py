"""The team of a session: the only writer of TeamMember. Nobody is confirmed against the cascade; each is told once."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from network.events.registering import Refused

from . import session_mail
from .access import MANAGING, trainer_of
from .cascade import obstacle
from .life import leads
from .session import Session, TeamMember
from .trainer import Trainer
from .vocabulary import DONE, Place

TOO_LATE = "L’équipe de cette session ne change plus."
INVITED = "Répondez depuis votre espace : accepter ou décliner prend un clic."
NOT_NEEDED = "Votre participation n’est finalement pas nécessaire pour cette session. Merci de votre disponibilité."
NOT_YOURS = "Seules la personne qui porte la session et la coordination décident de l’équipe."


def invite(session: Session, trainer: Trainer, by: Any) -> TeamMember:
    """Ask a trainer to join; who had offered herself is confirmed at once."""
    with transaction.atomic():
        held = _held(session)
        if not may_decide(held, by):
            raise Refused(NOT_YOURS)
        _refuse_obstacle(trainer, held)
        member = TeamMember.objects.filter(session=held, trainer=trainer).first()
        if member is None or member.state == Place.DECLINED:
            member = _asked(held, trainer, Place.INVITED)
            session_mail.tell(trainer, held, "Invitation", [f"{_name(by)} vous propose d’animer cette session.", INVITED])
            return member
        if member.state != Place.OFFERED:
            raise Refused(f"{trainer} est déjà dans l’équipe, ou invitée.")
        return _confirmed(member, by)


def offer(session: Session, trainer: Trainer, note: str = "") -> TeamMember:
    """« Je peux »: the owner or the coordination confirms; who was invited already is confirmed at once."""
    with transaction.atomic():
        held = _held(session)
        _refuse_obstacle(trainer, held)
        member = TeamMember.objects.filter(session=held, trainer=trainer).first()
        if member is None or member.state == Place.DECLINED:
            member = _asked(held, trainer, Place.OFFERED)
            session_mail.tell_owner(member, "Proposition", [f"{trainer} se propose pour animer cette session.", note])
            return member
        if member.state != Place.INVITED:
            raise Refused("Votre proposition est déjà notée.")
        return _confirmed(member, trainer.user)


def confirm(member: TeamMember, by: Any) -> TeamMember:
    """The invited says yes; or who decides of the team takes the offer of another."""
    with transaction.atomic():
        fresh = _fresh(member)
        hers = fresh.state == Place.INVITED and _is(fresh.trainer, by)
        if not (hers or may_decide(fresh.session, by)):
            raise Refused(NOT_YOURS)
        if fresh.state not in (Place.INVITED, Place.OFFERED):
            raise Refused("Cette place n’attend plus de réponse.")
        _refuse_obstacle(fresh.trainer, fresh.session)
        return _confirmed(fresh, by)


def decline(member: TeamMember, by: Any) -> TeamMember:
    """The invited says no, who offered herself thinks again, or who decides does not take her."""
    with transaction.atomic():
        fresh = _fresh(member)
        if not (_is(fresh.trainer, by) or may_decide(fresh.session, by)):
            raise Refused(NOT_YOURS)
        if fresh.state not in (Place.INVITED, Place.OFFERED):
            raise Refused("Cette place n’attend plus de réponse.")
        return _gone(fresh, by, f"{fresh.trainer} n’animera pas cette session.", NOT_NEEDED)


def leave(member: TeamMember, by: Any) -> TeamMember:
    """Out of the confirmed team, before the session."""
    with transaction.atomic():
        fresh = _fresh(member)
        if not (_is(fresh.trainer, by) or may_decide(fresh.session, by)):
            raise Refused(NOT_YOURS)
        if fresh.state != Place.CONFIRMED:
            raise Refused("Cette personne n’est pas dans l’équipe.")
        return _gone(fresh, by, f"{fresh.trainer} quitte l’équipe de cette session.", "Vous n’êtes plus dans l’équipe.")


def missing(session: Session) -> int:
    """How many trainers it lacks; nothing is asked of the database after `with_team()`."""
    confirmed = getattr(session, "confirmed_trainers", None)
    if confirmed is None:
        confirmed = session.team.filter(state=Place.CONFIRMED).count()
    return max(session.expected_trainers - confirmed, 0)


def may_decide(session: Session, user: Any) -> bool:
    """Who holds the session, its confirmed team, and the coordination."""
    return user.has_perm(MANAGING) or leads(session, user)


def _is(trainer: Trainer, user: Any) -> bool:
    return trainer.user_id is not None and trainer.user_id == user.pk


def _name(user: Any) -> str:
    trainer = trainer_of(user)
    return trainer.name if trainer else "La coordination"


def _held(session: Session) -> Session:
    """Fresh, locked; refused once its team no longer changes."""
    found = Session.objects.select_for_update(of=("self",)).select_related("event", "owner").get(pk=session.pk)
    if found.state in DONE:
        raise Refused(TOO_LATE)
    return found


def _fresh(member: TeamMember) -> TeamMember:
    """The member as stored, its session locked: two answers at once are one after the other."""
    held = _held(member.session)
    fresh = TeamMember.objects.select_related("trainer").get(pk=member.pk)
    fresh.session = held
    return fresh


def _refuse_obstacle(trainer: Trainer, session: Session) -> None:
    if found := obstacle(trainer, session):
        raise Refused(found)


def _asked(session: Session, trainer: Trainer, state: Place) -> TeamMember:
    values = {"state": state, "asked_at": timezone.now(), "answered_at": None}
    return TeamMember.objects.update_or_create(session=session, trainer=trainer, defaults=values)[0]


def _answered(member: TeamMember, state: Place) -> TeamMember:
    member.state, member.answered_at = state, timezone.now()
    member.save(update_fields=["state", "answered_at"])
    member.session.event.announce(member.session.event_id)  # the page says who leads
    return member


def _confirmed(member: TeamMember, by: Any) -> TeamMember:
    _answered(member, Place.CONFIRMED)
    if _is(member.trainer, by):
        session_mail.tell_owner(member, "Équipe", [f"{member.trainer} animera cette session."])
    else:
        session_mail.tell(member.trainer, member.session, "Équipe", ["Votre place dans l’équipe est confirmée."])
    return member


def _gone(member: TeamMember, by: Any, to_owner: str, to_her: str) -> TeamMember:
    _answered(member, Place.DECLINED)
    if _is(member.trainer, by):
        session_mail.tell_owner(member, "Équipe", [to_owner])
    else:
        session_mail.tell(member.trainer, member.session, "Équipe", [to_her])
    return member
