"""The lines of the work list about events."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse

from trajectoire.core.worklist import AGENDA, Task, register

from .event import Event
from .steps import TO_DO


def declare() -> None:
    register(
        _task("candidatures", "événement avec des candidatures à examiner", "événements avec des candidatures à examiner"),
        _task(
            "prevenir",
            "événement qui a changé sans que les personnes le sachent",
            "événements qui ont changé sans que les personnes le sachent",
        ),
        _task("presence", "événement passé sans présence cochée", "événements passés sans présence cochée"),
        _task("publier", "événement en brouillon, à publier", "événements en brouillon, à publier"),
    )


def _task(name: str, one: str, many: str) -> Task:
    events: Callable[[], QuerySet[Event]] = TO_DO[name]
    return Task(
        one,
        many,
        lambda user: events().count(),
        lambda: f"{reverse('admin:events_event_changelist')}?quand=tous&a-faire={name}",
        "events.change_event",
        subject=AGENDA,
        urgent=name in ("candidatures", "prevenir"),
    )
