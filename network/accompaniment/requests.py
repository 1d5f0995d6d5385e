"""Requests for help: who asks, what for, where and when; the notes of the team. Names leave three years after the end."""

import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from trajectoire.core import tokens
from trajectoire.core.models import Timestamped

from ..organisations import Organisation
from ..territories import Territory
from ..themes import Theme

SCOPE = "accompagnement"
SLEEPS_AFTER = datetime.timedelta(days=14)
KEPT_FOR = datetime.timedelta(days=3 * 365)
FEWEST_SHOWN = 5  # a smaller number could tell who asked


class HelpStatus(models.TextChoices):
    RECEIVED = "recue", "Reçue"
    QUALIFIED = "qualifiee", "Qualifiée"
    IN_PROGRESS = "en-cours", "En cours"
    ANSWERED = "repondue", "Réponse donnée"
    CLOSED = "close", "Close"


class Mission(models.TextChoices):
    SUPPORT = "accompagner", "Accompagner les acteurs"
    QUALIFY = "qualifier", "Qualifier les acteurs"
    CONNECT = "animer", "Animer les réseaux"
    SHARE = "capitaliser", "Capitaliser et diffuser"
    VRL = "vrl", "Valeurs de la République et laïcité"


class Wanted(models.TextChoices):
    MONTH = "mois", "Dans le mois"
    QUARTER = "trimestre", "Dans les trois mois"
    LATER = "plus-tard", "Plus tard"
    OPEN = "sans-date", "Sans date précise"


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def open(self) -> "HelpRequestQuerySet":
        """Those the team still has something to do for."""
        return self.exclude(status__in=[HelpStatus.ANSWERED, HelpStatus.CLOSED])

    def sleeping(self, now: datetime.datetime | None = None) -> "HelpRequestQuerySet":
        """Open ones that nobody touched for two weeks."""
        return self.open().filter(last_activity_at__lt=(now or timezone.now()) - SLEEPS_AFTER)

    def in_territory(self, territory: Territory) -> "HelpRequestQuerySet":
        inside = Territory.objects.in_territory(territory).order_by().values("pk")
        return self.filter(territory__in=inside)

    def between(self, first: datetime.date, last: datetime.date) -> "HelpRequestQuerySet":
        """Received from the first day to the last one, both included."""
        return self.filter(created_at__date__gte=first, created_at__date__lte=last)

    def with_half_days(self) -> "HelpRequestQuerySet":
        return self.annotate(half_days=Sum("notes__half_days", default=Decimal(0)))

    def numbers(self) -> dict[str, int | Decimal]:
        """{received, open, answered, territories, half_days}: for the bilan."""
        counts = self.aggregate(
            received=Count("pk"),
            open=Count("pk", filter=~Q(status__in=[HelpStatus.ANSWERED, HelpStatus.CLOSED])),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            territories=Count("territory", distinct=True),
        )
        notes = HelpNote.objects.filter(request__in=self.order_by().values("pk"))
        return counts | notes.aggregate(half_days=Sum("half_days", default=Decimal(0)))


class HelpRequest(Timestamped):
    """One request for help, from its reception to its end."""

    subject = models.CharField("besoin en une phrase", max_length=150)
    details = models.TextField("précisions", max_length=4000, blank=True)
    themes = models.ManyToManyField(Theme, verbose_name="thèmes", related_name="help_requests", blank=True)
    place = models.CharField("lieu, tel qu’écrit", max_length=120, blank=True)
    territory = models.ForeignKey(
        Territory, models.SET_NULL, null=True, blank=True, related_name="help_requests", verbose_name="territoire"
    )
    wanted = models.CharField("échéance", max_length=10, choices=Wanted, default=Wanted.OPEN)
    name = models.CharField("nom", max_length=120, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    structure = models.CharField("structure", max_length=150, blank=True)
    position = models.CharField("fonction", max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name="structure dans l’annuaire",
        help_text="À relier quand la structure est connue : les chiffres en profitent.",
    )
    status = models.CharField("état", max_length=10, choices=HelpStatus, default=HelpStatus.RECEIVED, db_index=True)
    in_charge = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="help_requests",
        limit_choices_to={"is_staff": True, "is_active": True},
        verbose_name="personne en charge",
    )
    mission = models.CharField("mission", max_length=12, choices=Mission, default=Mission.SUPPORT)
    answer = models.TextField("réponse", max_length=6000, blank=True, help_text="Ce que la personne recevra par e-mail.")
    answered_at = models.DateTimeField("réponse envoyée le", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("close le", null=True, blank=True, editable=False)
    last_activity_at = models.DateTimeField("dernière activité", default=timezone.now, editable=False, db_index=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’accompagnement"
        verbose_name_plural = "demandes d’accompagnement"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(status="close"),
                name="help_request_closed_has_its_status",
                violation_error_message="Une demande rouverte n’a plus de date de fin.",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return ""  # nobody finds a request by its number: see token

    @property
    def token(self) -> str:
        """What the follow-up link holds."""
        return tokens.sign(SCOPE, self.pk)

    @property
    def is_open(self) -> bool:
        return self.status not in (HelpStatus.ANSWERED, HelpStatus.CLOSED)

    @property
    def sleeps(self) -> bool:
        return self.is_open and self.last_activity_at < timezone.now() - SLEEPS_AFTER


class HelpNote(models.Model):
    """What was done, said or decided; the time it took. Notes are for the team; `from_asker` ones come by the link."""

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="notes", verbose_name="demande")
    written_at = models.DateTimeField("le", default=timezone.now, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="par"
    )
    from_asker = models.BooleanField("écrit par la personne", default=False, editable=False)
    text = models.TextField("note", max_length=4000)
    half_days = models.DecimalField(
        "demi-journées", max_digits=4, decimal_places=1, default=0, help_text="Temps passé : 0,5 pour deux heures."
    )

    class Meta:
        verbose_name = "note"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(half_days__gte=0), name="help_note_half_days", violation_error_message="Indiquez zéro ou plus."
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


def count_label(territory: Territory) -> str:
    """« 12 accompagnements », « moins de 5 accompagnements », or nothing: a number that tells who asked is not shown."""
    count = HelpRequest.objects.in_territory(territory).count()
    if not count:
        return ""
    return f"{count} accompagnements" if count >= FEWEST_SHOWN else f"moins de {FEWEST_SHOWN} accompagnements"


def too_old(now: datetime.datetime) -> models.QuerySet[HelpRequest]:
    """Ended three years ago and still holding a name."""
    ended = Q(closed_at__lt=now - KEPT_FOR) | Q(closed_at__isnull=True, answered_at__lt=now - KEPT_FOR)
    return HelpRequest.objects.filter(ended, last_activity_at__lt=now - KEPT_FOR).exclude(email="", name="").order_by(F("pk"))
