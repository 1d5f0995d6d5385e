"""Addresses of the former sites."""

from django.db import models


class OldAddress(models.Model):
    """An address of the former sites, redirected for ever (301) to its new page."""

    path = models.CharField("ancienne adresse", max_length=300, unique=True, help_text="Commence par une barre : /publication/…/")
    target = models.CharField("nouvelle adresse", max_length=300)

    class Meta:
        verbose_name = "ancienne adresse"
        verbose_name_plural = "anciennes adresses"
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path
