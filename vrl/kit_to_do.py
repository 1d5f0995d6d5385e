"""The lines of the work list about situations, the kit and what trainers write to each other."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from resources.models import Document
from trajectoire.core.rereading import sources
from trajectoire.core.worklist import PLAN, Task, register

from .exchange import Reply, Topic
from .kit_part import KitPart
from .situation import Situation
from .vocabulary import Shown


def to_read_again() -> QuerySet[Situation]:
    """On the site, and to be read again by today."""
    return Situation.objects.published().filter(review_on__lte=timezone.localdate())


def to_validate() -> QuerySet[Situation]:
    return Situation.objects.published().filter(validated=False)


def to_publish() -> QuerySet[Situation]:
    return Situation.objects.filter(published=False)


SITUATIONS: dict[str, Callable[[], QuerySet[Situation]]] = {
    "relire": to_read_again,
    "valider": to_validate,
    "publier": to_publish,
}


def opened_to_all() -> QuerySet[KitPart]:
    """Parts whose document somebody has opened to everyone: they left the kit that day."""
    return KitPart.objects.filter(document__status=Document.Status.PUBLISHED).exclude(document__access=Document.Access.TRAINERS)


def declare() -> None:
    sources.register(
        sources.Source(
            "situation",
            "les situations",
            PLAN,
            Situation.objects.published,
            "vrl.change_situation",
            texts=("question", "summary"),
            linked=(("sources", "url"),),
        )
    )
    register(
        _situations("relire", "situation à relire", "situations à relire"),
        _situations("valider", "situation à valider", "situations à valider"),
        _situations("publier", "situation à mettre en ligne", "situations à mettre en ligne"),
        Task(
            "partie du kit ouverte à tout le monde",
            "parties du kit ouvertes à tout le monde",
            lambda user: opened_to_all().count(),
            lambda: f"{reverse('admin:vrl_kitpart_changelist')}?travail=ouverte",
            "vrl.change_kitpart",
            subject=PLAN,
            urgent=True,
        ),
        Task(
            "question entre pairs à relire",
            "questions entre pairs à relire",
            lambda user: Topic.objects.filter(state=Shown.WAITING).count(),
            lambda: f"{reverse('admin:vrl_topic_changelist')}?state__exact={Shown.WAITING}",
            "vrl.change_topic",
            subject=PLAN,
        ),
        Task(
            "réponse entre pairs à relire",
            "réponses entre pairs à relire",
            lambda user: Reply.objects.filter(state=Shown.WAITING).count(),
            lambda: f"{reverse('admin:vrl_reply_changelist')}?state__exact={Shown.WAITING}",
            "vrl.change_reply",
            subject=PLAN,
        ),
    )


def _situations(name: str, one: str, many: str) -> Task:
    rows = SITUATIONS[name]
    return Task(
        one,
        many,
        lambda user: rows().count(),
        lambda: f"{reverse('admin:vrl_situation_changelist')}?travail={name}",
        "vrl.change_situation",
        subject=PLAN,
    )
