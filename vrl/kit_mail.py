"""Telling trainers of a new version of the kit: one message to each who wishes it, once for each version."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from trajectoire.core import mail
from trajectoire.core.mail_text import Rendered, render
from trajectoire.core.models import TRAINERS
from trajectoire.core.text import plural

from . import mail_choice
from .kit_part import KitPart, KitPartQuerySet
from .trainer import Trainer

KIND = "kit_news"


def to_announce() -> KitPartQuerySet:
    """Current parts that no message has told yet."""
    return KitPart.objects.current().filter(announced_at=None).select_related("document")


def readers() -> QuerySet[Trainer]:
    """Those whose account opens the kit, and who did not say no."""
    open_to = Trainer.objects.present().filter(user__is_active=True, user__groups__name=TRAINERS)
    return open_to.filter(kit_mail=True).exclude(email="")


def _context(parts: list[KitPart]) -> dict[str, Any]:
    return {
        "count": plural(len(parts), "nouveauté", "nouveautés"),
        "parts": [
            {
                "title": part.document.title,
                "url": mail.link(part.get_absolute_url()),
                "version": part.version_label,
                "changes": part.changes,
            }
            for part in parts
        ],
    }


def preview(parts: list[KitPart]) -> Rendered:
    """The message as it will be read; the link of each leads nowhere."""
    return render(KIND, _context(parts) | {"leave_url": "#"})


def announce(parts: list[KitPart]) -> int:
    """Store the messages and say that these parts are told, in one transaction; how many people. Done twice, 0."""
    with transaction.atomic():
        known = KitPart.objects.select_for_update(of=("self",)).filter(pk__in=[part.pk for part in parts], announced_at=None)
        mine = {part.pk for part in known}
        told = [part for part in parts if part.pk in mine]
        if not told:
            return 0
        KitPart.objects.filter(pk__in=mine).update(announced_at=timezone.now())
        people = [mail_choice.recipient(trainer, "kit_mail") for trainer in readers()]
        batch = f"kit-{max(mine)}-{timezone.now():%Y%m%d%H%M%S%f}"
        return mail.post_batch(KIND, batch, _context(told), people, names=("leave_url",))
