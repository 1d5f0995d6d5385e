"""An invitation: the only way to get an account. Written by `inviting.py` only."""

import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

GOOD_FOR = datetime.timedelta(days=14)
KEPT = datetime.timedelta(days=180)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> "InvitationQuerySet":
        """Neither accepted nor cancelled; its link may be too old."""
        return self.filter(accepted_at=None, cancelled_at=None)

    def in_state(self, state: str) -> "InvitationQuerySet":
        """Those of one of the states of `Invitation.state`."""
        limit = timezone.now() - GOOD_FOR
        if state == "acceptée":
            return self.exclude(accepted_at=None)
        if state == "annulée":
            return self.exclude(cancelled_at=None)
        return self.waiting().filter(sent_at__gte=limit) if state == "envoyée" else self.waiting().filter(sent_at__lt=limit)


class Invitation(models.Model):
    """Somebody invited to open an account with a role. Its link changes each time it is sent."""

    email = models.EmailField("adresse e-mail")
    name = models.CharField("nom", max_length=120, blank=True, help_text="Proposé à la personne, qui peut le changer.")
    group = models.ForeignKey(Group, models.PROTECT, verbose_name="rôle", related_name="+")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="par", null=True, related_name="+", editable=False
    )
    sent_at = models.DateTimeField("envoyée le", default=timezone.now, editable=False)
    times_sent = models.PositiveSmallIntegerField("envois", default=1, editable=False)
    accepted_at = models.DateTimeField("acceptée le", null=True, editable=False)
    cancelled_at = models.DateTimeField("annulée le", null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at=None, cancelled_at=None),
                name="invitation_one_waiting",
                violation_error_message="Une invitation attend déjà cette personne : renvoyez-la depuis la liste.",
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def expires_at(self) -> datetime.datetime:
        return self.sent_at + GOOD_FOR

    @property
    def state(self) -> str:
        if self.accepted_at:
            return "acceptée"
        if self.cancelled_at:
            return "annulée"
        return "envoyée" if timezone.now() <= self.expires_at else "expirée"


def old_invitations(now: datetime.datetime) -> models.QuerySet[Invitation]:
    """Sent for the last time six months ago, accepted or not."""
    return Invitation.objects.filter(sent_at__lt=now - KEPT)
