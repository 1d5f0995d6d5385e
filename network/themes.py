"""Controlled vocabularies: themes, audiences, glossary of abbreviations. Loaded once, then edited by staff."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from trajectoire.core import search

from .base import Shown

SEARCH_KIND = "vocabulary"  # nothing is indexed under it: any change makes the engine read the synonyms again
# What is indexed with the names of its themes: kind of the engine, reverse name.
CARRY_THEMES = {"document": "documents", "organisation": "organisations", "person": "persons", "initiative": "initiatives"}


class Theme(Shown):
    """A subject of the library, on two levels."""

    search_kind = "theme"

    slug = models.SlugField("forme courte", max_length=60, unique=True, help_text="Fixe : les liens du site l’utilisent.")
    name = models.CharField("nom", max_length=100)
    short_name = models.CharField("nom court", max_length=40, blank=True, help_text="Pour les étiquettes. À défaut : le nom.")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="thème général"
    )
    synonyms = models.TextField(
        "synonymes", blank=True, help_text="Un mot ou une expression par ligne : la recherche les comprend comme ce thème."
    )
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "thème"
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="theme_not_its_own_parent",
                violation_error_message="Un thème ne peut pas se contenir lui-même : choisissez un autre thème général.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """A new name is told to the engine for all that carries it."""
        renamed = Theme.objects.filter(pk=self.pk).exclude(name=self.name).exists()
        super().save(*args, **kwargs)
        if renamed:
            for kind, reverse_name in CARRY_THEMES.items():
                search.record_changes(kind, getattr(self, reverse_name).values_list("pk", flat=True))

    def clean(self) -> None:
        if self.parent and self.parent.parent_id:
            raise ValidationError({"parent": "Choisissez un thème général : il n’y a que deux niveaux de thèmes."})
        if self.parent and self.pk and self.children.exists():
            raise ValidationError({"parent": "Ce thème en contient d’autres : il doit rester au premier niveau."})

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def synonym_list(self) -> list[str]:
        return [line.strip() for line in self.synonyms.splitlines() if line.strip()]


class Audience(Shown):
    """Whom a document is written for."""

    slug = models.SlugField("forme courte", max_length=60, unique=True, help_text="Fixe : les liens du site l’utilisent.")
    name = models.CharField("nom", max_length=100)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "public"
        verbose_name_plural = "publics"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Offer(Shown):
    """What an organisation or a person of the directory can bring to others."""

    slug = models.SlugField("forme courte", max_length=60, unique=True, help_text="Fixe : les liens du site l’utilisent.")
    name = models.CharField("nom", max_length=100)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "proposition"
        verbose_name_plural = "ce que l’on propose"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class GlossaryEntry(Shown):
    """An abbreviation people type; for a service or a scheme that changed name, what follows it."""

    search_kind = SEARCH_KIND

    abbreviation = models.CharField("sigle", max_length=30, unique=True)
    expansion = models.CharField("signification", max_length=200)
    definition = models.TextField("définition", max_length=600, blank=True, help_text="Une ou deux phrases simples.")
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="predecessors",
        verbose_name="remplacé par",
        help_text="Pour un service ou un dispositif qui a changé de nom.",
    )
    former = models.BooleanField("n’existe plus", default=False)

    class Meta:
        verbose_name = "sigle"
        ordering = ["abbreviation"]

    def __str__(self) -> str:
        return f"{self.abbreviation} ({self.expansion})"
