"""How many places an event has, and what a person who comes now would get. Nothing is written here."""

import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from .event import Event
from .registrations import TAKES_A_PLACE, Registration, RegistrationState
from .vocabulary import EventStatus

FEW = 5
# The states in which nobody gets a place by himself: there is nothing to come to, or not yet.
SUSPENDED = (EventStatus.CANCELLED, EventStatus.POSTPONED)


class Counts(NamedTuple):
    taken: int  # confirmed, or kept for somebody who was offered it
    waiting: int


def counts(event: Event) -> Counts:
    """Those of the event that holds the registrations; asked of the database unless `with_places()` has done it."""
    if hasattr(event, "taken_count") and hasattr(event, "waiting_count"):
        return Counts(event.taken_count, event.waiting_count)
    found = Registration.objects.filter(event=event.holder).aggregate(
        taken=Count("pk", filter=Q(state__in=TAKES_A_PLACE)), waiting=Count("pk", filter=Q(state=RegistrationState.WAITING))
    )
    return Counts(**found)


def places_left(event: Event) -> int | None:
    """None: no limit. Below zero when the capacity was lowered under what was taken: nobody is thrown out."""
    capacity = event.holder.capacity
    return None if capacity is None else capacity - counts(event).taken


def free_for_newcomers(holder: Event, found: Counts) -> int | None:
    """The places that somebody who comes now may take: none as long as others wait in line; None: no limit."""
    if holder.capacity is None:
        return None
    return 0 if found.waiting and holder.waiting_list else max(holder.capacity - found.taken, 0)


def may_promote(event: Event, now: datetime.datetime) -> bool:
    """Whether a place may still be given to somebody who waits: never once it has begun, nor when it is off."""
    return event.status not in SUSPENDED and (event.starts_at is None or now < event.starts_at)
