"""Attestations as stored: what was true when each was issued. Written by `attestations.py` only."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from .event import Event
from .registrations import Registration

# Crockford's base 32: no I, L, O nor U, so that a code copied by hand from paper is read in one way only.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16  # 80 bits: nobody finds one by trying


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


class AttestationYear(models.Model):
    """The last number given in a year; its row is locked while numbers are given, so that none is missing nor given twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "numéros d’une année"
        verbose_name_plural = "numéros par année"

    def __str__(self) -> str:
        return f"{self.year}-{self.last:04}"


class AttestationQuerySet(models.QuerySet["Attestation"]):
    def valid(self) -> "AttestationQuerySet":
        return self.filter(state=Attestation.State.VALID)

    def in_order(self) -> "AttestationQuerySet":
        return self.order_by("year", "order", "version")


class Attestation(models.Model):
    """One version of one attestation. `facts` is all that its PDF shows, so that the same file can be made again."""

    class State(models.TextChoices):
        VALID = "valable", "Valable"
        REPLACED = "remplacee", "Remplacée"
        REVOKED = "retiree", "Retirée"

    registration = models.ForeignKey(
        Registration, models.SET_NULL, null=True, related_name="attestations", verbose_name="inscription"
    )
    event = models.ForeignKey(Event, models.PROTECT, related_name="attestations", verbose_name="événement")
    year = models.PositiveSmallIntegerField("année")
    order = models.PositiveIntegerField("numéro dans l’année")
    version = models.PositiveSmallIntegerField("version", default=1)
    code = models.CharField("code de vérification", max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    state = models.CharField("état", max_length=10, choices=State, default=State.VALID)
    name = models.CharField("prénom et nom", max_length=120, blank=True)
    attended = models.PositiveSmallIntegerField("demi-journées suivies")
    planned = models.PositiveSmallIntegerField("demi-journées prévues")
    facts = models.JSONField("ce qu’elle atteste", default=dict)
    issued_at = models.DateTimeField("faite le", default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par"
    )
    ended_at = models.DateTimeField("remplacée ou retirée le", null=True, blank=True)
    reason = models.CharField("motif", max_length=300, blank=True)

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation"
        ordering = ["-year", "-order", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "order", "version"], name="attestation_number_once"),
            models.UniqueConstraint(fields=["registration"], condition=Q(state="valable"), name="attestation_one_valid"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """« 2026-0012 »; « 2026-0012, version 2 » once corrected."""
        number = f"{self.year}-{self.order:04}"
        return f"{number}, version {self.version}" if self.version > 1 else number

    @property
    def verify_path(self) -> str:
        return reverse("events:verify", args=[self.code])
