"""What the clock does for those registered: reminders, the link of the meeting, thanks, offers that end. See docs/events.md.

Each mail is stored with a row that only one run can write (`SentNotice`): killed, late, or twice at once, nobody gets it twice.
Hours are those of Paris, whatever the clock change between now and the event.
"""

import datetime
import hashlib
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from trajectoire.core import mail

from .event import Event, EventDate
from .notice_texts import NoticeKind
from .notices import notice
from .places import SUSPENDED
from .registering import end_offers
from .registrations import Registration, RegistrationState, SentNotice

MORNING = datetime.time(9)
WEEK = 7
LONGEST = datetime.timedelta(days=WEEK + 1)
# Presence may be ticked from paper days later: who was there is thanked then.
THANKED_WITHIN = datetime.timedelta(days=30)
# (kind, event, what it speaks of, who may get it)
Due = tuple[NoticeKind, Event, str, QuerySet[Registration]]


def keep(now: datetime.datetime | None = None) -> dict[str, int]:
    """Everything that is due: how many mails of each kind were written, and how many offers ended."""
    now = now or timezone.now()
    done = {"offers": end_offers(now=now)}
    with mail.held():
        for kind, event, about, people in due(now):
            written = sum(_once(pk, kind, event, about) for pk in _not_yet(people, kind, about))
            done[kind] = done.get(kind, 0) + written
    return done


def thank(event: Event, now: datetime.datetime | None = None) -> int:
    """To those present, at once and not the morning after, because their attestation is there; nobody is thanked twice."""
    holder = event.holder
    present = _confirmed(holder, now or timezone.now()).filter(presences__present=True).distinct()
    with mail.held():
        return sum(_once(pk, NoticeKind.THANKS, holder, "") for pk in _not_yet(present, NoticeKind.THANKS, ""))


def due(now: datetime.datetime) -> Iterator[Due]:
    """What is to be written now, whether it was or not."""
    soon = EventDate.objects.filter(ends_at__gt=now, starts_at__lt=now + _horizon(now)).exclude(event__status__in=SUSPENDED)
    for date in soon.select_related("event__series__lead").order_by("starts_at", "pk"):
        yield from _before(date, now)
        yield from _online(date, now)
    yield from _thanks(now)


def _horizon(now: datetime.datetime) -> datetime.timedelta:
    """How far away a date may be that something is due for now."""
    longest = Event.objects.filter(ends_at__gt=now).aggregate(longest=Max("online_hours"))["longest"] or 0
    return max(LONGEST, datetime.timedelta(hours=longest))


def days_before(moment: datetime.datetime, days: int) -> datetime.datetime:
    """The morning in Paris, so many days before this one (or after: a negative number)."""
    day = timezone.localtime(moment).date() - datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, MORNING))


def _before(date: EventDate, now: datetime.datetime) -> Iterator[Due]:
    """A week before the first date of an event; the day before each date, unless the event is held that day too.

    Who was confirmed since that morning has just read it all.
    """
    week, eve = days_before(date.starts_at, WEEK), days_before(date.starts_at, 1)
    others = [other for other in date.event.dates.all() if other.starts_at < date.starts_at]
    about = f"{date.pk} {timezone.localtime(date.starts_at).date()}"
    if week <= now < eve and not others:
        yield NoticeKind.WEEK_BEFORE, date.event, about, _confirmed(date.event, week)
    held_that_day = any(timezone.localtime(other.starts_at).date() == timezone.localtime(eve).date() for other in others)
    if eve <= now < date.starts_at and not held_that_day:
        yield NoticeKind.DAY_BEFORE, date.event, about, _confirmed(date.event, eve)


def _online(date: EventDate, now: datetime.datetime) -> Iterator[Due]:
    """The address of the meeting, so many hours before; written again when it changes."""
    event = date.event
    if (
        event.is_online
        and event.online_url
        and date.starts_at - datetime.timedelta(hours=event.online_hours) <= now < date.ends_at
    ):
        mark = hashlib.sha256(event.online_url.encode()).hexdigest()[:12]
        yield NoticeKind.ONLINE_LINK, event, f"{date.pk} {mark}", _confirmed(event, now)


def _thanks(now: datetime.datetime) -> Iterator[Due]:
    """The morning after the last session, to those who were there."""
    ended = Event.objects.filter(ends_at__lt=now, ends_at__gt=now - THANKED_WITHIN).exclude(status__in=SUSPENDED)
    holders = {event.holder.pk: event.holder for event in ended.select_related("series__lead").order_by("ends_at", "pk")}
    for holder in holders.values():
        last = holder.sessions.exclude(status__in=SUSPENDED).aggregate(last=Max("ends_at"))["last"]
        if last and days_before(last, -1) <= now:
            present = Q(presences__present=True)
            yield NoticeKind.THANKS, holder, "", _confirmed(holder, now).filter(present).distinct()


def _confirmed(event: Event, before: datetime.datetime) -> QuerySet[Registration]:
    """Those who had a place at that moment, and still have it."""
    mine = Registration.objects.filter(event=event.holder, state=RegistrationState.CONFIRMED).exclude(email="")
    return mine.annotate(since=Coalesce("confirmed_at", "queued_at")).filter(since__lt=before)


def _not_yet(people: QuerySet[Registration], kind: str, about: str) -> list[int]:
    told = SentNotice.objects.filter(kind=kind, about=about).values("registration")
    return list(people.exclude(pk__in=told).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _once(pk: int, kind: str, event: Event, about: str) -> bool:
    """Write to one person, unless she left meanwhile or another run has just written."""
    person = Registration.objects.select_for_update().filter(pk=pk, state=RegistrationState.CONFIRMED).exclude(email="").first()
    if person is None or not SentNotice.objects.get_or_create(registration=person, kind=kind, about=about)[1]:
        return False
    notice(kind, person, event)
    return True
