"""Mails about a session to those who lead it: where it stands, who is invited, who offers herself."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from network.events.dates import summed
from trajectoire.core import mail

from .session import Session, TeamMember
from .trainer import Trainer
from .vocabulary import Place, SessionState

KIND = "session"
# What a step means for the team.
STEPS = {
    SessionState.TEAM: "La coordination a retenu la session : il reste à compléter l’équipe.",
    SessionState.OPEN: "Les inscriptions sont ouvertes.",
    SessionState.CONFIRMED: "La session est confirmée : elle aura lieu.",
    SessionState.HELD: "La session a eu lieu. Il reste à cocher la présence, à donner les attestations et à écrire le compte rendu.",
    SessionState.CLOSED: "Le compte rendu est accepté et la session est clôturée. Merci !",
    SessionState.POSTPONED: "La session est reportée. Les personnes inscrites sont prévenues.",
    SessionState.CANCELLED: "La session est annulée. Les personnes inscrites sont prévenues.",
}


def moved(session: Session, by: Any, note: str) -> None:
    """Tell the owner and the confirmed team, but not who did it; a proposal goes to the coordination."""
    state = SessionState(session.state)
    if state == SessionState.PROPOSED:
        write(
            settings.CONTACT_EMAIL, "", session, "Session proposée", ["Une session attend la réponse de la coordination.", note]
        )
    if state in STEPS:
        for trainer in leaders(session):
            if by is None or trainer.user_id != by.pk:
                tell(trainer, session, state.label, [STEPS[state], note])


def leaders(session: Session) -> list[Trainer]:
    """The owner and the confirmed team, each once."""
    members = session.team.filter(state=Place.CONFIRMED).select_related("trainer")
    found = [*([session.owner] if session.owner else []), *(member.trainer for member in members)]
    return list({trainer.pk: trainer for trainer in found}.values())


def tell(trainer: Trainer, session: Session, what: str, sentences: Iterable[str]) -> None:
    """Write to a trainer, unless she left or has no address."""
    if trainer.email and not trainer.left_on:
        write(trainer.email, trainer.name, session, what, sentences)


def tell_owner(member: TeamMember, what: str, sentences: Iterable[str]) -> None:
    """Write to who holds the session, or to the coordination when nobody does."""
    owner = member.session.owner
    if owner is None or owner.left_on or not owner.email:
        write(settings.CONTACT_EMAIL, "", member.session, what, sentences)
    elif owner.pk != member.trainer_id:
        tell(owner, member.session, what, sentences)


def write(to: str, name: str, session: Session, what: str, sentences: Iterable[str]) -> None:
    context = {
        "what": what,
        "name": name,
        "title": session.event.title,
        "when": summed(session.event),
        "sentences": [sentence for sentence in sentences if sentence],
        "url": settings.SITE_URL + reverse("vrl:space"),
    }
    mail.post(KIND, to, context, reply_to=settings.CONTACT_EMAIL if name else "")
