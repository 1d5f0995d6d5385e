"""A trainer leaves the network: the role at once, her places in sessions to come, her habilitations; the past stays hers."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from network.events.dates import summed
from trajectoire.core import auditing, mail
from trajectoire.core.models import User

from . import team
from .models import Habilitation, Session, TeamMember, Trainer
from .vocabulary import COMING, LEADING, HabilitationState, Place, SessionState

MAIL = "trainer_left"
GIVEN_BACK = (SessionState.DRAFT, SessionState.PROPOSED, *COMING, SessionState.POSTPONED)


def to_replace(trainer: Trainer) -> QuerySet[Session]:
    """The sessions to come that somebody else will have to take."""
    coming = Session.objects.led_by(trainer).filter(state__in=GIVEN_BACK)
    open_ended = coming.filter(Q(event__ends_at=None) | Q(event__ends_at__gt=timezone.now()))
    return open_ended.select_related("event", "department").prefetch_related("event__dates").order_by("event__starts_at", "pk")


def leave(trainer: Trainer, by: User) -> int:
    """She has left from today on; how many sessions to come need somebody. The coordination is told."""
    with mail.held(), transaction.atomic():
        given_back = list(to_replace(trainer))
        places = TeamMember.objects.filter(trainer=trainer, session__state__in=GIVEN_BACK).select_related("session", "trainer")
        Session.objects.filter(pk__in=[one.pk for one in given_back], owner=trainer).update(owner=None)
        for place in places.exclude(state=Place.DECLINED):
            (team.leave if place.state == Place.CONFIRMED else team.decline)(place, by)
        for held in Habilitation.objects.filter(trainer=trainer, state__in=(*LEADING, HabilitationState.PAUSED)):
            held.state = HabilitationState.LEFT
            held.save(update_fields=["state", "updated_at"])
        trainer.availabilities.all().delete()  # type: ignore[attr-defined]
        trainer.left_on, trainer.listed, trainer.kit_mail, trainer.digest = timezone.localdate(), False, False, False
        trainer.version += 1
        trainer.save()
        auditing.record(by, "départ du réseau des formateurs", trainer)
        _tell(trainer, given_back)
    return len(given_back)


def _tell(trainer: Trainer, given_back: list[Session]) -> None:
    sessions = [
        {
            "title": one.event.title,
            "when": summed(one.event),
            "url": mail.link(reverse("vrl:own_session", args=[one.event.slug])),
        }
        for one in given_back
    ]
    mail.post(MAIL, settings.CONTACT_EMAIL, {"name": trainer.name, "sessions": sessions})
