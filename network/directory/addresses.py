"""One space of addresses for the whole directory: `/reseau/<slug>/` is an organisation, a person or an initiative.

An address once given stays: after a merge or a change of slug it leads to the same entry, by a redirection.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from trajectoire.core.text import unique_slug

if TYPE_CHECKING:
    from .entries import DirectoryEntry

TARGETS = ("organisation", "person", "initiative")
TAKEN = "Cette adresse est déjà celle d’une autre fiche de l’annuaire : choisissez-en une autre."


def _only(target: str) -> Q:
    return Q(**{f"{name}__isnull": name != target for name in TARGETS})


class DirectoryAddress(models.Model):
    """An address of the directory and the one entry it leads to."""

    slug = models.SlugField("adresse", max_length=100, primary_key=True)
    organisation = models.ForeignKey("network.Organisation", models.CASCADE, null=True, related_name="addresses")
    person = models.ForeignKey("network.Person", models.CASCADE, null=True, related_name="addresses")
    initiative = models.ForeignKey("network.Initiative", models.CASCADE, null=True, related_name="addresses")

    class Meta:
        verbose_name = "adresse de l’annuaire"
        verbose_name_plural = "adresses de l’annuaire"
        constraints = [
            models.CheckConstraint(
                condition=_only("organisation") | _only("person") | _only("initiative"),
                name="directory_address_leads_to_one",
                violation_error_message="Une adresse mène à une seule fiche de l’annuaire.",
            )
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def leads_to(self) -> tuple[str, int]:
        """(« organisation », key)."""
        return next((name, pk) for name in TARGETS if (pk := getattr(self, f"{name}_id")))


def free(name: str, *, fallback: str) -> str:
    """A slug made from the name that nothing of the directory has."""
    return unique_slug(name, DirectoryAddress.objects.all(), fallback=fallback)


def is_taken(entry: "DirectoryEntry", slug: str) -> bool:
    """Whether the address is another entry's."""
    held = DirectoryAddress.objects.filter(slug=slug)
    return (held.exclude(**{f"{entry.search_kind}_id": entry.pk}) if entry.pk else held).exists()


def claim(entry: "DirectoryEntry") -> None:
    """Keep the slug of a stored entry as its address (same transaction); refused when it is another's."""
    address, _ = DirectoryAddress.objects.get_or_create(slug=entry.slug, defaults={entry.search_kind: entry})
    if address.leads_to != (entry.search_kind, entry.pk):
        raise ValidationError({"slug": TAKEN})
