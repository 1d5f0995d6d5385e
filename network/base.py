"""What every model shown to the public shares here: a write moves the version that caches and ETags are keyed on."""

from typing import ClassVar

from django.db import models, transaction

from trajectoire.core import search
from trajectoire.core.models import SiteVersion


class Shown(models.Model):
    """A row the public sees: saving or deleting it tells caches and search engine, in the same transaction."""

    search_kind: ClassVar[str] = ""  # what the engine calls it; empty when it knows nothing of it

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.announce(self.pk)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        pk = self.pk
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            self.announce(pk)
        return deleted

    @classmethod
    def announce(cls, *pks: int) -> None:
        """Tell caches and search engine that these rows changed."""
        SiteVersion.bump()
        if cls.search_kind:
            search.record_changes(cls.search_kind, pks)
