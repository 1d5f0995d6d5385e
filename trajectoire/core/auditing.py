"""The journal of sensitive actions: who did what, when, about which row. Staff reads it, nobody writes in it by hand."""

import datetime
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

KEPT = datetime.timedelta(days=365)

# For views whose harm cannot be undone: the password, or the second factor, within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds.
# What was being sent is kept meanwhile, and sent again once the answer is right.
recent_login_required = reauthentication_required


def ask_again(request: HttpRequest) -> None:
    """The same in the middle of a view: what follows is done only if this person said lately who they are."""
    raise_if_reauthentication_required(request, app="")


class ActionLog(models.Model):
    """One sensitive action. The person is a link to the account: nothing of it stays here once the account is erased."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="par", null=True, related_name="actions")
    action = models.CharField("action", max_length=120)
    about = models.CharField("sur", max_length=200, blank=True)
    done_at = models.DateTimeField("le", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "action sensible"
        verbose_name_plural = "journal des actions sensibles"
        ordering = ["-done_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action} ({self.about})" if self.about else self.action


def record(user: Any, action: str, about: models.Model | str = "") -> ActionLog:
    """Note in the caller's transaction that `user` did `action`, in French: « export de personnes ».

    A row is named by its kind and its number, never by what it says of someone: « compte n° 12 ».
    """
    words = about if isinstance(about, str) else f"{about._meta.verbose_name} n°\u00a0{about.pk}"
    return ActionLog.objects.create(user=user, action=action[:120], about=words[:200])


def old_actions(now: datetime.datetime) -> models.QuerySet[ActionLog]:
    """Done more than a year ago."""
    return ActionLog.objects.filter(done_at__lt=now - KEPT)
