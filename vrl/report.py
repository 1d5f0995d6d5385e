"""What a trainer writes after a session. Numbers come from presence; nothing here names anyone (RGPD, art. 9)."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from trajectoire.core.models import Timestamped

from .session import Session
from .trainer import Trainer
from .vocabulary import SituationKind

NO_NAME = "Aucun nom, aucune donnée permettant de reconnaître une personne."


class Report(Timestamped):
    """The report of one session. Only for moments of awareness, where nobody registers, are people counted by hand."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="report", verbose_name="session")
    worked = models.TextField("ce qui a bien marché", max_length=2000, blank=True, help_text=NO_NAME)
    hard = models.TextField("ce qui a été difficile", max_length=2000, blank=True, help_text=NO_NAME)
    wishes = models.TextField("ce qu’il faudrait", max_length=2000, blank=True, help_text=NO_NAME)
    people = models.PositiveIntegerField(
        "personnes présentes", null=True, blank=True, validators=[MaxValueValidator(10_000, "10 000 au plus.")]
    )
    young_people = models.PositiveIntegerField("dont moins de 18 ans", null=True, blank=True)
    author = models.ForeignKey(
        Trainer, models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name="écrit par", editable=False
    )
    sent_at = models.DateTimeField("remis le", null=True, editable=False)
    accepted_at = models.DateTimeField("accepté le", null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par", editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "compte rendu de session"
        verbose_name_plural = "comptes rendus de session"
        constraints = [
            models.CheckConstraint(
                condition=Q(young_people__isnull=True) | Q(people__isnull=False, young_people__lte=F("people")),
                name="report_young_among_people",
                violation_error_message="Il ne peut pas y avoir plus de jeunes que de personnes présentes.",
            )
        ]

    def __str__(self) -> str:
        return f"Compte rendu de « {self.session} »"


class SituationMet(models.Model):
    """A kind of situation met in a session, how many times, and a few words."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="situations", verbose_name="compte rendu")
    kind = models.CharField("situation", max_length=15, choices=SituationKind)
    count = models.PositiveSmallIntegerField("combien de fois", default=1, validators=[MaxValueValidator(999, "999 au plus.")])
    text = models.CharField("en quelques mots", max_length=500, blank=True, help_text=NO_NAME)

    class Meta:
        verbose_name = "situation rencontrée"
        verbose_name_plural = "situations rencontrées"
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind"], name="situation_met_once", violation_error_message="Cette situation est déjà notée."
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
