"""Who was there, half-day by half-day: the only writer of Presence, and the only door to ticking.

A tick has its moment; the latest moment wins, whichever phone it comes from and however late it arrives.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import formats, timezone

from trajectoire.core import tokens
from trajectoire.core.mail import link
from trajectoire.core.text import fold

from .models import Event, EventDate, Presence, Registration, RegistrationState
from .vocabulary import HalfDay

PERMISSION = "events.change_presence"
SCOPE = "presence"
NOON = datetime.time(13)
DOORS_OPEN = datetime.timedelta(hours=1)  # before the beginning, people already come in


@dataclass(frozen=True)
class Slot:
    """One half-day of one date."""

    date: EventDate
    half_day: HalfDay

    @property
    def key(self) -> str:
        return f"{self.date.pk}-{self.half_day}"

    @property
    def starts_at(self) -> datetime.datetime:
        start = timezone.localtime(self.date.starts_at)
        after_noon = start.replace(hour=NOON.hour, minute=0, second=0, microsecond=0)
        return max(start, after_noon) if self.half_day == HalfDay.AFTERNOON else start

    @property
    def label(self) -> str:
        """« jeudi 12 mars, matin »."""
        return f"{self.day}, {self.half_day.label}"

    @property
    def day(self) -> str:
        start = timezone.localtime(self.date.starts_at)
        return formats.date_format(start, "l j F" if start.day > 1 else r"l j\e\r F")


@dataclass(frozen=True)
class Tick:
    """One person present or not at one half-day, as somebody saw it at a moment."""

    registration: int
    slot: str
    present: bool
    at: datetime.datetime


_others: dict[Callable[[Any, Event], bool], None] = {}  # a set that keeps its order


def allow(check: Callable[[Any, Event], bool]) -> None:
    """Let in whom an app above says: `check(user, event)`, called from its AppConfig.ready()."""
    _others[check] = None


def may_tick(user: Any, event: Event) -> bool:
    """Whether this person ticks presence at this event: staff whose role does, and whom an app above lets in."""
    return bool(user.has_perm(PERMISSION)) or any(check(user, event) for check in _others)


def get_event_to_tick(user: Any, slug: str) -> Event:
    """The event at this address for someone who ticks there; it does not exist for others."""
    event = get_object_or_404(Event.objects.select_related("series__lead"), slug=slug)
    if not may_tick(user, event):
        raise Http404
    return event


def slots(event: Event) -> list[Slot]:
    """The half-days of this event, in order."""
    return [Slot(date, half_day) for date in event.dates.all() for half_day in date.half_days]


def slot_now(event_slots: list[Slot], now: datetime.datetime) -> Slot:
    """The half-day under way, or that begins within the hour; before the event the first one, after it the last."""
    begun = [slot for slot in event_slots if slot.starts_at <= now + DOORS_OPEN]
    return begun[-1] if begun else event_slots[0]


def people(event: Event) -> list[Registration]:
    """Everybody who has a name here, those expected first, by name."""
    known = event.holder.registrations.filter(anonymous_since=None).exclude(name="")
    return sorted(known, key=lambda person: (not is_expected(person), fold(person.name), person.pk))


def is_expected(person: Registration) -> bool:
    return person.state == RegistrationState.CONFIRMED


def present_at(event: Event, slot: Slot) -> set[int]:
    """The keys of the registrations ticked present."""
    ticked = Presence.objects.filter(registration__event=event.holder, date=slot.date, half_day=slot.half_day, present=True)
    return set(ticked.values_list("registration", flat=True))


def record(event: Event, ticks: Iterable[Tick], by: Any, now: datetime.datetime | None = None) -> None:
    """Store the ticks that are later than what is known.

    Safe to send again. A tick of someone who is not registered here, or of a half-day that is not of this event, is left out;
    a moment still to come (a clock ahead) counts as now.
    """
    now = now or timezone.now()
    by_key = {slot.key: slot for slot in slots(event)}
    latest: dict[tuple[int, int, str], Presence] = {}
    for tick in sorted(ticks, key=lambda tick: tick.at):
        if slot := by_key.get(tick.slot):
            given = {"present": tick.present, "ticked_at": min(tick.at, now), "ticked_by": by}
            row = Presence(registration_id=tick.registration, date=slot.date, half_day=str(slot.half_day), **given)
            latest[_key(row)] = row
    with transaction.atomic():
        here = event.holder.registrations.filter(pk__in={key[0] for key in latest})
        known = set(here.values_list("pk", flat=True))
        _store({key: row for key, row in sorted(latest.items()) if key[0] in known})


def _store(latest: dict[tuple[int, int, str], Presence]) -> None:
    """In the order of the keys, so that two phones that send the same people never wait for each other in a circle."""
    Presence.objects.bulk_create(latest.values(), ignore_conflicts=True)
    known = Presence.objects.filter(registration__in={key[0] for key in latest}).select_for_update()
    late = []
    for row in known.order_by("registration", "date", "half_day"):
        tick = latest.get(_key(row))
        if tick and tick.ticked_at > row.ticked_at:
            row.present, row.ticked_at, row.ticked_by = tick.present, tick.ticked_at, tick.ticked_by
            late.append(row)
    Presence.objects.bulk_update(late, ["present", "ticked_at", "ticked_by"], batch_size=200)


def _key(row: Presence) -> tuple[int, int, str]:
    return row.registration_id, row.date_id, str(row.half_day)


def mark_everyone(event: Event, slot: Slot, by: Any) -> None:
    """From the paper sheet: everybody expected was there; then one unticks who was not."""
    now = timezone.now()
    record(event, [Tick(person.pk, slot.key, True, now) for person in people(event) if is_expected(person)], by, now)


def door_url(registration: Registration) -> str:
    """What the QR code of a person holds: it opens ticking for who may, and nothing of the person to others."""
    return link(reverse("events:door", args=[tokens.sign(SCOPE, [registration.pk, registration.link_version])]))


def get_registration_at_door(token: str) -> Registration:
    """The registration of a QR code, or 404."""
    try:
        pk, version = tokens.unsign(SCOPE, token)
    except tokens.Invalid:
        raise Http404 from None
    known = Registration.objects.exclude(name="").select_related("event__series")
    return get_object_or_404(known, pk=pk, link_version=version)


def session_now(registration: Registration, now: datetime.datetime) -> Event:
    """The session of a cycle where someone shows their code: the one under way, else the next, else the last."""
    sessions = registration.event.sessions.exclude(starts_at=None).order_by("starts_at", "pk")
    return sessions.filter(ends_at__gte=now).first() or sessions.last() or registration.event
