"""Questions and answers between trainers, read by the coordination before the others see them."""

from django.db import models
from django.utils import timezone

from resources.models import Document

from .situation import Situation
from .trainer import Trainer
from .vocabulary import Shown


class Topic(models.Model):
    """A question between trainers, about a part of the kit, a situation, or practice in general."""

    author = models.ForeignKey(Trainer, models.SET_NULL, null=True, related_name="topics", verbose_name="par", editable=False)
    title = models.CharField("question", max_length=200)
    text = models.TextField("précisions", max_length=3000, blank=True)
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="topics", verbose_name="partie du kit"
    )
    situation = models.ForeignKey(
        Situation, models.SET_NULL, null=True, blank=True, related_name="topics", verbose_name="situation"
    )
    state = models.CharField("modération", max_length=10, choices=Shown, default=Shown.WAITING)
    at = models.DateTimeField("le", default=timezone.now)
    shown_at = models.DateTimeField("en ligne depuis", null=True, editable=False)  # what the digest looks at

    class Meta:
        verbose_name = "question entre pairs"
        verbose_name_plural = "questions entre pairs"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Reply(models.Model):
    """An answer to a question between trainers."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="replies", verbose_name="question")
    author = models.ForeignKey(Trainer, models.SET_NULL, null=True, related_name="replies", verbose_name="par", editable=False)
    text = models.TextField("réponse", max_length=3000)
    state = models.CharField("modération", max_length=10, choices=Shown, default=Shown.WAITING)
    at = models.DateTimeField("le", default=timezone.now)
    shown_at = models.DateTimeField("en ligne depuis", null=True, editable=False)

    class Meta:
        verbose_name = "réponse entre pairs"
        verbose_name_plural = "réponses entre pairs"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class DigestSent(models.Model):
    """The last digest written to a trainer: the next one begins there."""

    trainer = models.OneToOneField(Trainer, models.CASCADE, related_name="digest_sent", verbose_name="formatrice ou formateur")
    until = models.DateTimeField("jusqu’au")

    class Meta:
        verbose_name = "résumé envoyé"
        verbose_name_plural = "résumés envoyés"

    def __str__(self) -> str:
        return str(self.trainer)
