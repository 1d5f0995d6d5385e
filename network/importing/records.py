"""Two structures that look alike, and what staff said of them."""

from django.db import models
from django.db.models import F, Q

from trajectoire.core.importing.records import stored_as

__all__ = ["DuplicatePair", "stored_as"]  # the second for a migration, which names it


class DuplicatePair(models.Model):
    """Two structures that may be one; once staff said that they are two, they are not proposed again."""

    computed = True  # nobody leans on it: see core.importing.touching

    first = models.ForeignKey("network.Organisation", models.CASCADE, related_name="+", verbose_name="première")
    second = models.ForeignKey("network.Organisation", models.CASCADE, related_name="+", verbose_name="seconde")
    score = models.PositiveSmallIntegerField("ressemblance")
    reason = models.CharField("raison", max_length=120)
    different = models.BooleanField("ce sont deux structures", default=False)

    class Meta:
        verbose_name = "doublon possible"
        verbose_name_plural = "doublons possibles"
        ordering = ["different", "-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="duplicate_pair_ordered",
                violation_error_message="La première structure est la plus ancienne des deux.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"
