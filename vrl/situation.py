"""Questions people really have about laïcité, answered for the public, each with its dated sources."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from network.base import Shown
from network.models import Theme
from resources.models import Document
from trajectoire.core.models import Timestamped
from trajectoire.core.prose import ProseField
from trajectoire.core.text import unique_slug


class SituationQuerySet(models.QuerySet["Situation"]):
    def published(self) -> "SituationQuerySet":
        return self.filter(published=True)


class Situation(Shown, Timestamped):
    """One question: the situation, what the law says, what one can do."""

    search_kind = "situation"

    question = models.CharField("question", max_length=200, help_text="Telle que les gens la posent.")
    slug = models.SlugField(
        "adresse", max_length=110, unique=True, blank=True, help_text="À laisser vide : faite de la question."
    )
    summary = models.CharField("réponse en une phrase", max_length=400, blank=True)
    theme = models.ForeignKey(
        Theme,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="situations",
        verbose_name="thème",
        limit_choices_to={"parent__slug": "laicite"},
    )
    happens = ProseField("la situation")
    law = ProseField("ce que dit le droit")
    can_do = ProseField("ce que l’on peut faire")
    up_to_date_on = models.DateField("à jour au")
    review_on = models.DateField("à relire le", null=True, blank=True)
    kit = models.ManyToManyField(
        Document, blank=True, related_name="situations", verbose_name="documents liés", help_text="Du kit ou de la bibliothèque."
    )
    validated = models.BooleanField("relue et validée par le centre", default=False)
    published = models.BooleanField("en ligne", default=False)
    published_at = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = SituationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "is_demo"], verbose_name="version")

    class Meta:
        verbose_name = "situation"
        ordering = ["question"]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("vrl:situation", args=[self.slug])

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = unique_slug(self.question, Situation.objects.exclude(pk=self.pk))
        if self.published and self.published_at is None:
            self.published_at = timezone.now()
        super().save(*args, **kwargs)


class LegalSource(models.Model):
    """A text that the answer stands on."""

    situation = models.ForeignKey(Situation, models.CASCADE, related_name="sources", verbose_name="situation")
    title = models.CharField("texte", max_length=300, help_text="« Loi du 9 décembre 1905, article 2 ».")
    url = models.URLField("adresse", max_length=500, blank=True)
    dated_on = models.DateField("date du texte", null=True, blank=True)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "source"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title
