"""The digest of the exchanges: what was let through since the last one, in one message; killed anywhere, nothing is told twice."""

import datetime
import logging
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import mail
from trajectoire.core.models import TRAINERS
from trajectoire.core.text import plural

from . import mail_choice
from .exchange import DigestSent, Reply, Topic
from .trainer import Trainer
from .vocabulary import Shown

logger = logging.getLogger(__name__)
SETTLED = datetime.timedelta(minutes=2)  # what is dated now may be committed a moment later
FIRST = datetime.timedelta(days=7)  # how far back the first digest looks
SHOWN_AT_MOST = 20


def readers() -> QuerySet[Trainer]:
    open_to = Trainer.objects.present().filter(user__is_active=True, user__groups__name=TRAINERS)
    return open_to.filter(digest=True).exclude(email="").order_by("pk")


def send_all(days: int = 1, now: datetime.datetime | None = None) -> int:
    """Write to everyone who has something new, at most once in `days`; how many. Safe at any number at once."""
    until = (now or timezone.now()) - SETTLED
    sent = 0
    with mail.held():
        for trainer in readers():
            try:
                sent += _tell(trainer, until, datetime.timedelta(days=days))
            except Exception:  # what goes wrong with one must not keep the others from theirs
                logger.exception("digest of trainer %s", trainer.pk)
    return sent


@transaction.atomic
def _tell(trainer: Trainer, until: datetime.datetime, pause: datetime.timedelta) -> bool:
    """Store the message and how far it tells together; another run waits for the row, then finds nothing."""
    DigestSent.objects.get_or_create(trainer=trainer, defaults={"until": until - FIRST})
    last = DigestSent.objects.select_for_update().get(trainer=trainer)
    # An hour of slack: a daily run is never late by a day because it started a minute earlier.
    if last.until + pause > until + datetime.timedelta(hours=1):
        return False
    found = new_for(trainer, last.until, until)
    if not found:
        return False
    last.until = until
    last.save(update_fields=["until"])
    url = mail_choice.leave_url(trainer, "digest")
    context = {"name": trainer.name, "count": plural(len(found), "message", "messages"), "messages": found, "leave_url": url}
    mail.post("exchange_digest", trainer.email, context, headers=mail.leaving(url))
    return True


def new_for(trainer: Trainer, after: datetime.datetime, until: datetime.datetime) -> list[dict[str, Any]]:
    """[{title, text, answer, url}] let through between these moments, her own left out."""
    between = Q(state=Shown.SHOWN, shown_at__gt=after, shown_at__lte=until) & ~Q(author=trainer)
    topics = Topic.objects.filter(between).order_by("shown_at", "pk")[:SHOWN_AT_MOST]
    replies = Reply.objects.filter(between, topic__state=Shown.SHOWN).select_related("topic").order_by("shown_at", "pk")
    asked = [{"title": one.title, "text": one.text, "answer": False, "url": _url(one.pk)} for one in topics]
    return asked + [
        {"title": one.topic.title, "text": one.text, "answer": True, "url": _url(one.topic_id)} for one in replies[:SHOWN_AT_MOST]
    ]


def _url(pk: int) -> str:
    return mail.link(reverse("vrl:exchange", args=[pk]))
