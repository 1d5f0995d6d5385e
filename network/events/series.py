"""Series: a cycle de qualification, a working group. Their sessions are events."""

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from trajectoire.core.models import Timestamped
from trajectoire.core.prose import ProseField
from trajectoire.core.text import unique_slug

from ..base import Shown
from ..models import Theme


class SeriesQuerySet(models.QuerySet["Series"]):
    def published(self) -> "SeriesQuerySet":
        return self.filter(published=True)


class Series(Shown, Timestamped):
    """A cycle or a group (reverse name used above: `events`)."""

    class Kind(models.TextChoices):
        CYCLE = "cycle", "Cycle de qualification"
        WORKING_GROUP = "groupe-de-travail", "Groupe de travail"

    class Scope(models.TextChoices):
        WHOLE = "ensemble", "Une inscription pour toutes les séances"
        SESSION = "seance", "Une inscription par séance"

    search_kind = "series"

    title = models.CharField("titre", max_length=200)
    slug = models.SlugField(
        "adresse", max_length=100, unique=True, blank=True, help_text="À laisser vide : elle est faite du titre."
    )
    kind = models.CharField("nature", max_length=20, choices=Kind, default=Kind.CYCLE)
    scope = models.CharField(
        "inscription",
        max_length=10,
        choices=Scope,
        default=Scope.WHOLE,
        help_text="Pour l’ensemble : on s’inscrit à la première séance, et l’inscription vaut pour toutes.",
    )
    summary = models.CharField("en une ou deux phrases", max_length=400, blank=True)
    body = ProseField("présentation", blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="series", verbose_name="thèmes")
    lead = models.ForeignKey(
        "events.Event",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="événement où l’on s’inscrit",
        help_text="Pour une inscription à l’ensemble. À laisser vide : la première séance créée.",
    )
    published = models.BooleanField("en ligne", default=False)
    published_at = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = SeriesQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[themes], excluded_fields=["version", "is_demo"], verbose_name="version")

    class Meta:
        verbose_name = "cycle ou groupe"
        verbose_name_plural = "cycles et groupes"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:series", args=[self.slug])

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = unique_slug(self.title, Series.objects.exclude(pk=self.pk))
        super().save(*args, **kwargs)
