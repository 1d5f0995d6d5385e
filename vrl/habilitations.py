"""What the coordination watches of trainers: habilitations that end, people who no longer lead anything."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import mail
from trajectoire.core.text import day

from .figures import ENOUGH_TRAINERS, HELD, trainers_by_department
from .session import Session, TeamMember
from .trainer import Habilitation, Trainer
from .vocabulary import COMING, LEADING, HabilitationState, Place

ENDS_WITHIN = datetime.timedelta(days=92)  # three months
IDLE_AFTER = datetime.timedelta(days=730)  # 24 months


def led(trainer: OuterRef) -> QuerySet[Session]:
    """The sessions that this trainer led or will lead, for a subquery."""
    place = TeamMember.objects.filter(session=OuterRef("pk"), trainer=OuterRef(trainer), state=Place.CONFIRMED)
    return Session.objects.filter(Q(owner=trainer) | Q(Exists(place)), state__in=(*HELD, *COMING))


def idle(today: datetime.date | None = None) -> QuerySet[Trainer]:
    """Able to lead for 24 months at least, and without any session since then nor to come."""
    since = (today or timezone.localdate()) - IDLE_AFTER
    able = Habilitation.objects.filter(trainer=OuterRef("pk"), state__in=LEADING, obtained_on__lte=since)
    lately = led(OuterRef("pk")).filter(event__ends_at__date__gte=since)
    return Trainer.objects.present().filter(Exists(able), ~Exists(lately))


def to_renew(today: datetime.date | None = None) -> QuerySet[Habilitation]:
    """Marked so, or ending within three months, or over though nobody said so; of those who have not left."""
    limit = (today or timezone.localdate()) + ENDS_WITHIN
    ends = Q(state=HabilitationState.TO_RENEW) | Q(expires_on__lte=limit)
    return Habilitation.objects.filter(ends, state__in=LEADING, trainer__left_on=None)


def short_departments(today: datetime.date | None = None) -> list[str]:
    """Codes of the departments where too few people may lead."""
    there = trainers_by_department(today or timezone.localdate())
    return [code for code, count in there.items() if count < ENOUGH_TRAINERS]


def remind(now: datetime.datetime) -> int:
    """Write to the trainers whose habilitation ends within three months, once for each end; how many."""
    today = timezone.localdate(now)
    with mail.held(), transaction.atomic():
        ending = to_renew(today).filter(expires_on__gte=today).select_related("trainer").order_by("expires_on", "pk")
        unreminded = Q(reminded_at=None) | Q(reminded_at__lt=F("expires_on") - ENDS_WITHIN)
        found = list(ending.filter(unreminded).select_for_update(of=("self",)))
        Habilitation.objects.filter(pk__in=[one.pk for one in found]).update(reminded_at=now)
        for one in found:
            if one.trainer.email:
                context = {
                    "one": one,
                    "name": one.trainer.name,
                    "end": day(one.expires_on),
                    "url": mail.link(reverse("vrl:space")),
                }
                mail.post("habilitation_ends", one.trainer.email, context, reply_to=settings.CONTACT_EMAIL)
    return len(found)
