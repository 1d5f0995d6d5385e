"""What every model shown to the public shares here: a write moves the version that caches and ETags are keyed on."""

from django.db import models

from trajectoire.core.models import SiteVersion


class Shown(models.Model):
    """A row the public sees: saving or deleting it bumps the site's version, in the same transaction."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        SiteVersion.bump()

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        SiteVersion.bump()
        return deleted
