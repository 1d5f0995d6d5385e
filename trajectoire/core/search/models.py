"""The change table: one row for each committed change of a searchable object, followed by every index."""

from django.db import models
from django.utils import timezone

__all__ = ["SearchChange"]


class SearchChange(models.Model):
    """An object of this kind changed: each index, on each machine, reads it again from the database."""

    kind = models.CharField("nature", max_length=40)
    object_pk = models.BigIntegerField("identifiant")
    created_at = models.DateTimeField("noté le", default=timezone.now, db_index=True, editable=False)

    class Meta:
        verbose_name = "changement à indexer"
        verbose_name_plural = "changements à indexer"

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk}"
