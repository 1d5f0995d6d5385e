"""What changes after people have registered: the calendars follow at once, the people are told when staff says so, once.

An event remembers what its people were last told (`untold`) as long as it is no longer true.
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from trajectoire.core import mail
from trajectoire.core.mail_text import Rendered, render
from trajectoire.core.text import NBSP

from .dates import spelled
from .event import Event, EventDate
from .notice_texts import NoticeKind, place_of
from .notices import TEMPLATE, compose, notice
from .registrations import Registration, RegistrationState
from .vocabulary import EventMode, EventStatus

Facts = dict[str, Any]
# Those who left or were refused have nothing more to know.
CONCERNED = (
    RegistrationState.CONFIRMED,
    RegistrationState.OFFERED,
    RegistrationState.WAITING,
    RegistrationState.APPLIED,
)


def facts(event: Event) -> Facts:
    """What people must know again when it changes: {status, mode, place, address, dates: [[start, end]]} as JSON knows them."""
    dates = event.dates.order_by("starts_at", "pk").values_list("starts_at", "ends_at")
    return {
        "status": str(event.status),
        "mode": str(event.mode),
        "place": place_of(event),
        "address": event.address,
        "dates": [[start.isoformat(), end.isoformat()] for start, end in dates],
    }


def stored_facts(event: Event) -> Facts:
    """The same as the database has them, before what is being saved."""
    return facts(Event.objects.select_related("place").get(pk=event.pk))


def concerned(event: Event) -> QuerySet[Registration]:
    """Who is told of a change."""
    mine = Registration.objects.filter(event=event.holder, state__in=CONCERNED, anonymous_since=None)
    return mine.exclude(email="").select_related("event").order_by("pk")


def record_changes(event: Event, before: Facts) -> bool:
    """After the event was saved: its calendar gets a new SEQUENCE, and staff is asked to tell the people; whether it changed."""
    now = facts(event)
    if now == before:
        return False
    with transaction.atomic():
        Event.objects.filter(pk=event.pk).update(sequence=F("sequence") + 1, updated_at=timezone.now())
        event.refresh_from_db(fields=["sequence", "updated_at"])
        told = event.untold or before
        to_tell = told != now and not event.is_past and concerned(event).exists()
        event.untold = told if to_tell else None
        Event.objects.filter(pk=event.pk).update(untold=event.untold)
    return True


def kind_of_notice(event: Event) -> NoticeKind:
    return NoticeKind.EVENT_CANCELLED if event.is_cancelled else NoticeKind.CHANGED


def differences(event: Event) -> list[str]:
    """What is new for the people, in sentences; nothing when they know all."""
    before, now = event.untold, facts(event)
    if before is None:
        return []
    sentences = []
    if before["status"] != now["status"]:
        sentences.append(_status(event))
    if before["dates"] != now["dates"]:
        sentences.append(_instead("Date", _dates(now), _dates(before)))
    if (before["place"], before["address"]) != (now["place"], now["address"]):
        sentences.append(_instead("Lieu", _place(now), _place(before)))
    elif before["mode"] != now["mode"]:
        sentences.append(f"Participation{NBSP}: {EventMode(now['mode']).label.lower()}.")
    return sentences


def _status(event: Event) -> str:
    words = {EventStatus.SCHEDULED: "maintenu", EventStatus.FULL: "complet, votre inscription reste valable"}
    label = words.get(EventStatus(event.status), event.get_status_display().lower())
    note = f" {event.status_note}" if event.status_note else ""
    return f"L’événement est {label}.{note}"


def _instead(label: str, now: str, before: str) -> str:
    return f"{label}{NBSP}: {now} (jusqu’ici{NBSP}: {before})."


def _place(known: Facts) -> str:
    return ", ".join(filter(None, [known["place"], known["address"]]))


def _dates(known: Facts) -> str:
    moments = [[datetime.datetime.fromisoformat(moment) for moment in pair] for pair in known["dates"]]
    return ", puis ".join(spelled(EventDate(starts_at=start, ends_at=end)) for start, end in moments) or "à fixer"


def keep_quiet(event: Event) -> None:
    """Staff says that nobody need be told."""
    Event.objects.filter(pk=event.pk).update(untold=None)


def announce_changes(event: Event) -> int | None:
    """Write one mail a person, then know that all is told; how many, or None when there was nothing to tell any more."""
    with mail.held(), transaction.atomic():
        fresh = Event.objects.select_for_update().get(pk=event.pk)
        if fresh.untold is None:
            return None
        kind, note = kind_of_notice(fresh), news(fresh)
        written = [notice(kind, person, fresh, note=note) for person in concerned(fresh)]
        keep_quiet(fresh)
    return len(written)


def news(event: Event) -> str:
    """What the mail adds to its text: one line a difference."""
    return "\n".join(differences(event))


def preview(event: Event) -> Rendered:
    """The message as the first person will read it."""
    person = concerned(event).first() or Registration(event=event, name="Prénom Nom")
    return render(TEMPLATE, compose(kind_of_notice(event), person, event, note=news(event)))
