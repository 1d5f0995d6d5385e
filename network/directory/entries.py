"""What organisations, people and initiatives share as entries of the directory."""

import datetime
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from trajectoire.core.models import Timestamped
from trajectoire.core.prose import ProseField

from ..base import Shown
from ..territories import Territory
from ..themes import Audience, Offer, Theme
from . import addresses

STALE_AFTER = datetime.timedelta(days=548)  # 18 months


class EntryQuerySet(models.QuerySet):
    def published(self) -> "EntryQuerySet":
        return self.filter(published=True)

    def stale(self) -> "EntryQuerySet":
        """Nobody has confirmed them for 18 months."""
        limit = timezone.localdate() - STALE_AFTER
        return self.filter(Q(confirmed_on__lt=limit) | Q(confirmed_on=None, created_at__date__lt=limit))

    def for_cards(self) -> "EntryQuerySet":
        """What a row of a list shows, in a constant number of queries, without the long texts."""
        return self.defer("description", "sources").prefetch_related(
            Prefetch("themes", Theme.objects.only("slug", "name", "short_name")),
            Prefetch("territories", Territory.objects.only("code", "name")),
        )


class DirectoryEntry(Shown, Timestamped):
    """An entry of the directory. Its `search_kind` is also the name of its column in `DirectoryAddress`."""

    fallback_slug: ClassVar[str] = "fiche"

    name = models.CharField("nom", max_length=200)
    slug = models.SlugField(
        "adresse", max_length=100, unique=True, blank=True, help_text="À laisser vide : elle est faite du nom."
    )
    summary = models.CharField(
        "en une ou deux phrases", max_length=400, blank=True, help_text="Montré dans les listes et en tête de la page."
    )
    description = ProseField("présentation", blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="%(class)ss", verbose_name="thèmes")
    territories = models.ManyToManyField(
        Territory,
        blank=True,
        related_name="%(class)ss",
        verbose_name="territoires",
        help_text="Là où l’on agit. Les territoires qui les contiennent sont compris.",
    )
    audiences = models.ManyToManyField(Audience, blank=True, related_name="%(class)ss", verbose_name="publics")
    website = models.URLField("site internet", blank=True)
    sources = models.TextField(
        "sources", blank=True, help_text="D’où viennent ces informations, une source par ligne, avec sa date."
    )
    confirmed_on = models.DateField(
        "confirmée le", null=True, blank=True, help_text="Dernière fois que la structure ou la personne l’a dite exacte."
    )
    asked_on = models.DateField(null=True, editable=False)
    published = models.BooleanField("dans l’annuaire public", default=True)
    published_at = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("network:directory_entry", args=[self.slug])

    def save(self, *args, **kwargs) -> None:
        """Store, and keep the address: one space for the whole directory."""
        with transaction.atomic():
            if not self.slug:
                self.slug = addresses.free(self.name, fallback=self.fallback_slug)
            if self.published and self.published_at is None:
                self.published_at = timezone.now()
            super().save(*args, **kwargs)
            addresses.claim(self)

    def clean(self) -> None:
        super().clean()
        if self.slug and addresses.is_taken(self, self.slug):
            raise ValidationError({"slug": addresses.TAKEN})

    @property
    def known_on(self) -> datetime.date:
        """The last day on which someone vouched for what is written: confirmed, or else entered."""
        return self.confirmed_on or timezone.localdate(self.created_at)

    @property
    def is_stale(self) -> bool:
        """Nobody has confirmed it for 18 months."""
        return self.known_on < timezone.localdate() - STALE_AFTER

    @property
    def source_list(self) -> list[str]:
        return lines(self.sources)

    if TYPE_CHECKING:

        @property
        def mailbox(self) -> str:
            """Where the messages of the site about this entry go; empty when there is none, or they were refused."""


class Reachable(models.Model):
    """Who can be written to through the site; neither the address nor the number is ever shown."""

    email = models.EmailField(
        "adresse e-mail", blank=True, help_text="Jamais montrée : le site transmet les messages sans la donner."
    )
    phone = models.CharField("téléphone", max_length=30, blank=True, help_text="Pour l’équipe seulement : jamais montré.")
    contactable = models.BooleanField(
        "reçoit des messages par le site", default=True, help_text="Se décoche de lui-même si la structure ou la personne refuse."
    )
    offers = models.ManyToManyField(Offer, blank=True, related_name="%(class)ss", verbose_name="ce qu’elle propose")

    class Meta:
        abstract = True

    @property
    def mailbox(self) -> str:
        return self.email if self.contactable else ""


def lines(text: str) -> list[str]:
    """The lines of a text, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
