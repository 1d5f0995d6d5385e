"""Questions and answers between trainers: who reads what, writing one, what moderation does."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from resources.models import Document
from trajectoire.core.limits import too_many_for
from trajectoire.core.text import local_moment, plural

from .exchange import Reply, Topic
from .trainer import Trainer
from .vocabulary import Shown

A_DAY = 20  # messages of one trainer


def readable(rows: QuerySet, trainer: Trainer | None, moderates: bool) -> QuerySet:
    """What was let through, and one's own; everything for coordination."""
    if moderates:
        return rows
    return rows.filter(Q(state=Shown.SHOWN) | Q(author=trainer, author__isnull=False) & ~Q(state=Shown.HIDDEN))


def topics(trainer: Trainer | None, moderates: bool) -> QuerySet[Topic]:
    """With the number of answers that everyone reads."""
    answers = Count("replies", filter=Q(replies__state=Shown.SHOWN))
    rows = Topic.objects.select_related("author", "document__kit_part", "situation").annotate(answers=answers)
    return readable(rows, trainer, moderates).order_by("-at", "-pk")


def topics_about(document: Document, trainer: Trainer | None, moderates: bool) -> list[dict[str, Any]]:
    return [row(topic, trainer) for topic in topics(trainer, moderates).filter(document=document)[:20]]


def row(topic: Any, trainer: Trainer | None) -> dict[str, Any]:
    """What a line shows of a question; `topic` comes from `topics()`."""
    return message(topic, trainer) | {
        "title": topic.title,
        "pk": topic.pk,
        "about": about(topic),
        "answers": plural(topic.answers, "réponse", "réponses"),
    }


def message(written: Topic | Reply, trainer: Trainer | None) -> dict[str, Any]:
    """Who wrote when, and where moderation stands."""
    return {
        "text": written.text,
        "author": written.author.name if written.author else "Une personne qui a quitté le réseau",
        "own": bool(trainer and written.author_id == trainer.pk),
        "at": local_moment(written.at),
        "waiting": written.state == Shown.WAITING,
        "hidden": written.state == Shown.HIDDEN,
    }


def about(topic: Topic) -> dict[str, str] | None:
    """The part of the kit, or the situation: {label, url}."""
    held = getattr(topic.document, "kit_part", None) if topic.document else None
    if topic.document and held and topic.document.is_published:
        return {"label": topic.document.title, "url": held.get_absolute_url()}
    if topic.situation and topic.situation.published:
        return {"label": topic.situation.question, "url": topic.situation.get_absolute_url()}
    return None


def writes_too_much(trainer: Trainer) -> bool:
    return too_many_for(f"trainer-{trainer.pk}", "exchange", limit=A_DAY, seconds=86_400)


@transaction.atomic
def moderate(rows: QuerySet[Any], state: Shown) -> int:
    """Let through, or hide; the moment at which a message is first let through is that of the digest. How many changed."""
    shown = {"shown_at": timezone.now()} if state == Shown.SHOWN else {}
    return rows.exclude(state=state).update(state=state, **shown)
