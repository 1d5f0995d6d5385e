"""Make an event out of another: same words, same questions, no date and nobody yet."""

import uuid

from django.db import transaction

from .event import Event, Question
from .notice_texts import NoticeText
from .vocabulary import EventStatus

# What belongs to the first one alone.
FRESH = {
    "slug": "",
    "sequence": 0,
    "status": EventStatus.SCHEDULED,
    "status_note": "",
    "published": False,
    "published_at": None,
    "online_url": "",
    "opens_at": None,
    "closes_at": None,
    "starts_at": None,
    "ends_at": None,
    "is_demo": False,
    "version": 0,
    "untold": None,
}
LINKS = ("territories", "themes", "audiences", "organisers", "partners")


@transaction.atomic
def copy(event: Event) -> Event:
    """A draft with the same description, programme, questions and texts of mails."""
    made = Event.objects.get(pk=event.pk)
    made.pk, made._state.adding = None, True
    for name, value in FRESH.items():
        setattr(made, name, value)
    made.uid = uuid.uuid4()
    made.save()
    for name in LINKS:
        getattr(made, name).set(getattr(event, name).all())
    _copy_programme(event, made)
    rows: list[Question | NoticeText] = [*event.questions.all(), *event.notice_texts.all()]
    for row in rows:
        row.pk, row._state.adding, row.event = None, True, made
        row.save()
    return made


def _copy_programme(event: Event, made: Event) -> None:
    for item in event.programme.prefetch_related("speakers"):
        speakers = list(item.speakers.all())
        item.pk, item._state.adding, item.event, item.date = None, True, made, None
        item.save()
        item.speakers.set(speakers)
