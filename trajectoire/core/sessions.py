"""Where somebody is logged in, and how to end it."""

import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from .models import User


@transaction.atomic
def end_all(user: User) -> int:
    """Log this person out of every browser, at their next request; how many were open."""
    opened = UserSession.objects.filter(user=user)
    keys = list(opened.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    opened.delete()
    return len(keys)


def over(now: datetime.datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=now)


def without_session(now: datetime.datetime) -> QuerySet[UserSession]:
    """What was kept of browsers (address, name) whose session is over."""
    return UserSession.objects.exclude(session_key__in=Session.objects.filter(expire_date__gte=now).values("session_key"))
