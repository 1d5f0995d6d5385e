"""A file brought by staff and what became of it; two structures that look alike, and what staff said of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


def stored_as(instance: models.Model, name: str) -> str:
    """Never under the name that it came with."""
    return f"imports/{uuid.uuid4().hex}"


class DirectoryImport(models.Model):
    """The file is kept a month, its report with it; both are then deleted."""

    class Status(models.TextChoices):
        RECEIVED = "recu", "À vérifier"
        RUNNING = "en-cours", "En cours"
        DONE = "fait", "Fait"
        FAILED = "echoue", "Interrompu"

    file = models.FileField("fichier", upload_to=stored_as, help_text="CSV, XLSX ou ODS, avec une ligne de titres.")
    name = models.CharField("nom du fichier", max_length=200, editable=False)
    source = models.CharField(
        "source", max_length=200, help_text="D’où vient le fichier, avec sa date : noté sur chaque structure importée."
    )
    mapping = models.JSONField(default=dict, editable=False)  # {name of ours: position in the file}
    status = models.CharField("état", max_length=8, choices=Status, default=Status.RECEIVED, editable=False)
    counts = models.JSONField(default=dict, editable=False)
    brought_at = models.DateTimeField("apporté le", auto_now_add=True)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="par"
    )
    error = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = "import de structures"
        verbose_name_plural = "imports de structures"
        ordering = ["-brought_at"]

    def __str__(self) -> str:
        return self.name


class DuplicatePair(models.Model):
    """Two structures that may be one; once staff said that they are two, they are not proposed again."""

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
