"""When names leave: what a registration keeps is its state, its department, its status and its presence."""

import datetime
from typing import Any

from django.db.models import F, QuerySet

from .registrations import Registration, RegistrationState
from .series import Series

YEAR = datetime.timedelta(days=365)
KEPT, REFUSED_KEPT = 3 * YEAR, 2 * YEAR
NEEDS_KEPT = datetime.timedelta(days=30)
EMPTIED: dict[str, Any] = {
    **dict.fromkeys(("name", "email", "email_key", "phone", "structure", "position", "needs", "meal", "motivation"), ""),
    **dict.fromkeys(("decision_note", "registered_by", "newsletter_wording", "list_wording"), ""),
    **dict.fromkeys(("group", "form_key", "consented_at"), None),
    "answers": {},
}


def over(before: datetime.datetime) -> QuerySet[Registration]:
    """Of events that ended before this moment, every session of the cycle included; without a date, made before it."""
    ended = Registration.objects.filter(event__ends_at__lt=before).exclude(
        event__series__scope=Series.Scope.WHOLE, event__series__events__ends_at__gte=before
    )
    return Registration.objects.filter(pk__in=ended.values("pk")) | Registration.objects.filter(
        event__ends_at=None, created_at__lt=before
    )


def old(now: datetime.datetime) -> QuerySet[Registration]:
    """Three years after the event; two after a refusal."""
    refused = Registration.objects.filter(state=RegistrationState.REFUSED, updated_at__lt=now - REFUSED_KEPT)
    return (over(now - KEPT) | refused).filter(anonymous_since=None)


def forget(registrations: QuerySet[Registration], now: datetime.datetime) -> int:
    """Take away what tells who it was; how many. The links die with it."""
    return registrations.update(**EMPTIED, anonymous_since=now, link_version=F("link_version") + 1)


def forget_old(now: datetime.datetime) -> int:
    return forget(Registration.objects.filter(pk__in=old(now).values("pk")), now)


def with_needs(now: datetime.datetime) -> QuerySet[Registration]:
    """What may tell of somebody's health, a month after it served."""
    return over(now - NEEDS_KEPT).exclude(needs="", meal="")


def forget_needs(now: datetime.datetime) -> int:
    return Registration.objects.filter(pk__in=with_needs(now).values("pk")).update(needs="", meal="")
