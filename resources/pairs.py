"""Two documents that may be one, and what staff said of them."""

from django.db import models
from django.db.models import F, Q


class DocumentPair(models.Model):
    """Once staff said that they are two, they are not proposed again."""

    computed = True  # nobody leans on it: see core.importing.touching

    first = models.ForeignKey("resources.Document", models.CASCADE, related_name="+", verbose_name="premier")
    second = models.ForeignKey("resources.Document", models.CASCADE, related_name="+", verbose_name="second")
    reason = models.CharField("raison", max_length=120)
    different = models.BooleanField("ce sont deux documents", default=False)

    class Meta:
        verbose_name = "doublon possible de documents"
        verbose_name_plural = "doublons possibles de documents"
        ordering = ["different", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="document_pair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="document_pair_ordered",
                violation_error_message="Le premier document est le plus ancien des deux.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"
