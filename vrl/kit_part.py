"""The kit: documents reserved for trainers, with what makes them a part of it; who read them; what each keeps at hand."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from resources.models import Document, DocumentFile

from .trainer import Trainer
from .vocabulary import KitKind


class KitPartQuerySet(models.QuerySet["KitPart"]):
    def reserved(self) -> "KitPartQuerySet":
        """Those on the site, for trainers alone: a document opened to everyone is no part of the kit."""
        return self.filter(document__in=Document.objects.published().filter(access=Document.Access.TRAINERS))

    def current(self) -> "KitPartQuerySet":
        """The last version of each: what nothing on the site replaces."""
        newer = Document.objects.published().filter(replaces=OuterRef("document"))
        return self.reserved().filter(~Exists(newer))


class KitPart(models.Model):
    """What makes a reserved document a part of the kit. Versions are documents: `document.replaced_by` leads to the next one."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="kit_part", verbose_name="document")
    kind = models.CharField("nature", max_length=20, choices=KitKind)
    sequence = models.PositiveSmallIntegerField(
        "séquence",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "À partir de 1."), MaxValueValidator(20, "20 au plus.")],
        help_text="Vide : sert à tout le kit.",
    )
    in_two_days = models.BooleanField("kit de 2 jours", default=True)
    in_one_day = models.BooleanField("kit de 1 jour", default=False)
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)
    version_label = models.CharField("version", max_length=30, blank=True, help_text="« 2025-2 ».")
    changes = models.TextField("ce qui change", max_length=1000, blank=True)
    announced_at = models.DateTimeField("annoncée le", null=True, editable=False)

    objects = KitPartQuerySet.as_manager()

    class Meta:
        verbose_name = "partie du kit"
        verbose_name_plural = "parties du kit"
        ordering = ["sequence", "kind", "pk"]

    def __str__(self) -> str:
        return str(self.document)

    def get_absolute_url(self) -> str:
        return reverse("vrl:kit_part", args=[self.document.slug])

    def save(self, *args, **kwargs) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.document.announce()

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            self.document.announce()
        return deleted

    @property
    def search_values(self) -> list[str]:
        """What the engine filters it by: [« kit », « sequence », « 2-jours »]."""
        lengths = [name for name, held in (("2-jours", self.in_two_days), ("1-jour", self.in_one_day)) if held]
        return ["kit", self.kind, *lengths]


class KitReading(models.Model):
    """One file of the kit given to someone; kept twelve months. `whole` when it was part of a ZIP."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    document = models.ForeignKey(Document, models.CASCADE, related_name="kit_readings", verbose_name="document")
    file = models.ForeignKey(DocumentFile, models.SET_NULL, null=True, related_name="+", verbose_name="fichier")
    whole = models.BooleanField("avec tout le kit", default=False)
    at = models.DateTimeField("le", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "téléchargement du kit"
        verbose_name_plural = "téléchargements du kit"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.document}, {timezone.localtime(self.at):%d/%m/%Y %H:%M}"


class Favourite(models.Model):
    """A document that a trainer keeps at hand."""

    trainer = models.ForeignKey(Trainer, models.CASCADE, related_name="favourites", verbose_name="formatrice ou formateur")
    document = models.ForeignKey(Document, models.CASCADE, related_name="+", verbose_name="document")
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "document gardé"
        verbose_name_plural = "documents gardés"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["trainer", "document"], name="favourite_once", violation_error_message="Ce document est déjà gardé."
            )
        ]

    def __str__(self) -> str:
        return str(self.document)
