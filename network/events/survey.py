"""Questionnaires: a bank of questions, what one event asks, anonymous answers. Written by `questionnaires.py` and the admin."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models

from .event import Event


class Moment(models.TextChoices):
    HOT = "chaud", "Juste après"
    LATER = "trois-mois", "Trois mois après"


class Scale(models.TextChoices):
    """From 1 to 5, each with its words: a number alone is read in both directions."""

    ONE = "1", "1 – pas du tout"
    TWO = "2", "2"
    THREE = "3", "3"
    FOUR = "4", "4"
    FIVE = "5", "5 – tout à fait"


class SurveyKind(models.TextChoices):
    SCALE = "echelle", "Échelle de 1 à 5"
    YES_NO = "oui-non", "Oui ou non"
    CHOICE = "choix", "Un choix dans une liste"
    TEXT = "texte", "Réponse libre"


class AbstractQuestion(models.Model):
    text = models.CharField(
        "question", max_length=200, help_text="Jamais sur les convictions, la religion, la santé ou les origines."
    )
    kind = models.CharField("nature", max_length=10, choices=SurveyKind, default=SurveyKind.SCALE)
    choices = models.TextField("choix", blank=True, help_text="Un par ligne, quand la question est une liste.")
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.kind == SurveyKind.CHOICE and len(self.choice_list) < 2:
            raise ValidationError({"choices": "Écrivez au moins deux choix, un par ligne."})

    @property
    def choice_list(self) -> list[str]:
        return list(dict.fromkeys(line.strip() for line in self.choices.splitlines() if line.strip()))

    @property
    def options(self) -> list[tuple[str, str]]:
        """[(stored value, label)] of a closed question; nothing for a text."""
        if self.kind == SurveyKind.SCALE:
            return list(Scale.choices)
        if self.kind == SurveyKind.YES_NO:
            return [("oui", "Oui"), ("non", "Non")]
        return [(choice, choice) for choice in self.choice_list] if self.kind == SurveyKind.CHOICE else []


class BankQuestion(AbstractQuestion):
    """A question that new questionnaires take as it is then; `code` names those that the bilan adds up."""

    code = models.SlugField("repère", max_length=40, unique=True, help_text="Fixe : le bilan s’en sert.")
    hot = models.BooleanField("posée juste après", default=True)
    later = models.BooleanField("posée trois mois après", default=False)

    class Meta(AbstractQuestion.Meta):
        verbose_name = "question de la banque"
        verbose_name_plural = "banque de questions"


class Survey(models.Model):
    """The questionnaire of an event at one moment."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="surveys", verbose_name="événement")
    moment = models.CharField("moment", max_length=10, choices=Moment, default=Moment.HOT)
    sent_at = models.DateTimeField("envoyé le", null=True, editable=False)

    class Meta:
        verbose_name = "questionnaire"
        ordering = ["event", "moment"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "moment"],
                name="survey_once_a_moment",
                violation_error_message="Cet événement a déjà un questionnaire à ce moment.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} — {self.get_moment_display().lower()}"


class SurveyItem(AbstractQuestion):
    """A question as this questionnaire asks it: the bank may change afterwards, the answers keep their question."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="items", verbose_name="questionnaire")
    code = models.SlugField("repère", max_length=40, blank=True, editable=False)

    class Meta(AbstractQuestion.Meta):
        verbose_name = "question"


class SurveyAnswer(models.Model):
    """One person's answers, {key of the item: value}. Nothing says who: no registration, no hour, a random key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers", verbose_name="questionnaire")
    day = models.DateField("jour")
    replies = models.JSONField("réponses", default=dict)

    class Meta:
        verbose_name = "réponse au questionnaire"
        verbose_name_plural = "réponses au questionnaire"
        ordering = ["pk"]  # random keys: never the order in which people answered

    def __str__(self) -> str:
        return str(self.day)
