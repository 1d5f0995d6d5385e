"""Years of the bilan: what was counted the day a year was closed, what was corrected since, what was aimed at, what staff tells."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from network.accompaniment.requests import Mission
from trajectoire.core.models import Timestamped
from trajectoire.core.prose import ProseField
from trajectoire.core.text import NBSP

from ..vocabulary import BILAN_PARTS

FIRST_YEAR, LAST_YEAR = 2015, 2100
YEAR_LIMITS = [
    MinValueValidator(FIRST_YEAR, f"Le plan a commencé en {FIRST_YEAR}."),
    MaxValueValidator(LAST_YEAR, "Écrivez l’année en quatre chiffres."),
]
TOLD_HELP = "Ce que l’équipe raconte de cette mission. Montré avec les chiffres de l’année."
STORIES = {
    Mission.SUPPORT: "support",
    Mission.QUALIFY: "qualify",
    Mission.CONNECT: "connect",
    Mission.SHARE: "share",
    Mission.VRL: "vrl",
}


class BilanYearQuerySet(models.QuerySet["BilanYear"]):
    def closed(self) -> "BilanYearQuerySet":
        return self.filter(closed_at__isnull=False)

    def public(self) -> "BilanYearQuerySet":
        """Closed, with a part that everyone may read; the latest first."""
        return self.closed().exclude(public_parts=[]).order_by("-year")


class BilanYear(Timestamped):
    """One year. `figures` is {"" for the region, or code of department: parts as JSON}, exact; written by closing.py only."""

    year = models.PositiveSmallIntegerField("année", unique=True, validators=YEAR_LIMITS)
    support = ProseField(Mission.SUPPORT.label, blank=True, help_text=TOLD_HELP)
    qualify = ProseField(Mission.QUALIFY.label, blank=True, help_text=TOLD_HELP)
    connect = ProseField(Mission.CONNECT.label, blank=True, help_text=TOLD_HELP)
    share = ProseField(Mission.SHARE.label, blank=True, help_text=TOLD_HELP)
    vrl = ProseField(Mission.VRL.label, blank=True, help_text=TOLD_HELP)
    public_parts = models.JSONField("parties montrées à tout le monde", default=list, blank=True)
    closed_at = models.DateTimeField("close le", null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par", editable=False
    )
    figures = models.JSONField(default=dict, editable=False)
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = BilanYearQuerySet.as_manager()

    class Meta:
        verbose_name = "année du bilan"
        verbose_name_plural = "années du bilan"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"Bilan {self.year}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def stories(self) -> list[tuple[str, str]]:
        """[(mission, cleaned HTML)] of the missions that staff wrote about."""
        found = [(Mission(mission).label, getattr(self, name)) for mission, name in STORIES.items()]
        return [(label, text) for label, text in found if text]

    @property
    def public_titles(self) -> list[str]:
        return [BILAN_PARTS[slug] for slug in self.public_parts if slug in BILAN_PARTS]


class BilanCorrection(models.Model):
    """One figure of a closed year that was wrong: the stored one stays, this one is shown, with why. Nobody edits it."""

    bilan = models.ForeignKey(BilanYear, models.CASCADE, related_name="corrections", verbose_name="année")
    department = models.CharField("département", max_length=3, blank=True)
    name = models.CharField("chiffre", max_length=40)
    was = models.FloatField("était")
    becomes = models.FloatField("devient", validators=[MinValueValidator(0, "Zéro ou plus.")])
    why = models.CharField("pourquoi", max_length=300, help_text="Lu par toute personne qui lit le bilan : ne nommez personne.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "correction du bilan"
        verbose_name_plural = "corrections du bilan"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.bilan}{NBSP}: {self.name}"


class BilanTarget(models.Model):
    """What is aimed at in a year, for the whole region."""

    year = models.PositiveSmallIntegerField("année", validators=YEAR_LIMITS)
    name = models.CharField("chiffre", max_length=40)
    value = models.FloatField("cible", validators=[MinValueValidator(0, "Zéro ou plus.")])
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)

    class Meta:
        verbose_name = "cible du bilan"
        verbose_name_plural = "cibles du bilan"
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "name"],
                name="bilan_target_once",
                violation_error_message="Cette cible est déjà fixée pour cette année.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"
