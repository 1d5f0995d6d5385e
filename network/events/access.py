"""The only door to an event or a series: public, or seen by staff alone."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from .event import Event, EventQuerySet
from .series import Series


def get_event_for(user: Any, slug: str, events: EventQuerySet | None = None) -> Event:
    """The event of this address; 404 when this person may not see it, as if it did not exist."""
    found = get_object_or_404(Event.objects.all() if events is None else events, slug=slug)
    if not (found.is_public or user.has_perm("events.view_event")):
        raise Http404
    return found


def get_series_for(user: Any, slug: str) -> Series:
    found = get_object_or_404(Series, slug=slug)
    if not (found.published or user.has_perm("events.view_series")):
        raise Http404
    return found
