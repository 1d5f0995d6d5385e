"""Initiatives: what is done somewhere, by whom, for whom. A fiche of the library tells one at length."""

from django.db import models
from django.db.models import F, Q

from ..organisations import Organisation
from .entries import DirectoryEntry


class Initiative(DirectoryEntry):
    """An action of one or several organisations (reverse names used above: `documents`)."""

    class Status(models.TextChoices):
        ONGOING = "en-cours", "en cours"
        ENDED = "terminee", "terminée"

    search_kind = "initiative"
    fallback_slug = "initiative"

    carriers = models.ManyToManyField(Organisation, blank=True, related_name="initiatives", verbose_name="portée par")
    status = models.CharField("état", max_length=8, choices=Status.choices, default=Status.ONGOING)
    started_on = models.DateField("début", null=True, blank=True)
    ended_on = models.DateField("fin", null=True, blank=True)

    class Meta(DirectoryEntry.Meta):
        verbose_name = "initiative"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="initiative_ends_after_start",
                violation_error_message="L’initiative ne peut pas finir avant d’avoir commencé.",
            )
        ]

    @property
    def mailbox(self) -> str:
        """That of its first carrier who may be written to."""
        carriers = self.carriers.filter(published=True, contactable=True).exclude(email="").order_by("name")
        return carriers.values_list("email", flat=True).first() or ""
