"""Who asks the plan for something: a structure for a session, a person to become a trainer. Names leave two years later."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from network.events.models import Registration
from network.models import Audience, Organisation, Territory
from trajectoire.core import tokens
from trajectoire.core.models import Timestamped

from .session import Session
from .trainer import Trainer
from .vocabulary import CandidacyState, Length, Level, RequestState

REQUEST_SCOPE = "demande-vrl"
CANDIDACY_SCOPE = "candidature-vrl"


class TrainingRequest(Timestamped):
    """A structure asks for a session or a moment of awareness; written by requesting.py only."""

    structure = models.CharField("structure", max_length=150)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="training_requests",
        verbose_name="structure dans l’annuaire",
    )
    name = models.CharField("prénom et nom", max_length=120, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    position = models.CharField("fonction", max_length=120, blank=True)
    level = models.CharField("ce qui est demandé", max_length=20, choices=Level, default=Level.N3)
    length = models.CharField("durée", max_length=15, choices=Length, blank=True)
    people = models.PositiveSmallIntegerField(
        "combien de personnes",
        validators=[MinValueValidator(1, "Une personne au moins."), MaxValueValidator(2000, "2 000 au plus.")],
    )
    audiences = models.ManyToManyField(Audience, blank=True, related_name="training_requests", verbose_name="publics")
    audience_note = models.CharField("qui sont-elles", max_length=300, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    department = models.ForeignKey(
        Territory,
        models.PROTECT,
        related_name="training_requests",
        limit_choices_to={"kind": "departement"},
        verbose_name="département",
    )
    first_on = models.DateField("à partir du", null=True, blank=True)
    last_on = models.DateField("jusqu’au", null=True, blank=True)
    dates_note = models.CharField("jours possibles", max_length=300, blank=True)
    has_room = models.BooleanField("une salle est disponible", default=False)
    constraints = models.TextField("contraintes et attentes", max_length=2000, blank=True)
    state = models.CharField(
        "état", max_length=12, choices=RequestState, default=RequestState.RECEIVED, db_index=True, editable=False
    )
    in_charge = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="training_requests",
        limit_choices_to={"is_staff": True, "is_active": True},
        verbose_name="suivie par",
    )
    note = models.TextField("note de l’équipe", max_length=2000, blank=True)
    answer = models.TextField("message à la structure", max_length=2000, blank=True)
    last_activity_at = models.DateTimeField("dernière activité", default=timezone.now, editable=False, db_index=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    anonymous_since = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "demande de formation"
        verbose_name_plural = "demandes de formation"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_on__isnull=True) | Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")),
                name="training_request_period_in_order",
                violation_error_message="La période finit après avoir commencé.",
            )
        ]

    def __str__(self) -> str:
        return self.structure

    @property
    def token(self) -> str:
        """What the follow-up link holds."""
        return tokens.sign(REQUEST_SCOPE, self.pk)


class Volunteer(models.Model):
    """A trainer who says « je peux » to a request that has no session yet."""

    request = models.ForeignKey(TrainingRequest, models.CASCADE, related_name="volunteers", verbose_name="demande")
    trainer = models.ForeignKey(Trainer, models.CASCADE, related_name="volunteered", verbose_name="formatrice ou formateur")
    note = models.CharField("précisions", max_length=300, blank=True)
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "proposition"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "trainer"], name="volunteer_once", violation_error_message="Cette proposition est déjà notée."
            )
        ]

    def __str__(self) -> str:
        return str(self.trainer)


class Candidacy(Timestamped):
    """Somebody wishes to become a trainer: decided by staff, then followed to the session and the habilitation."""

    name = models.CharField("prénom et nom", max_length=120, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    structure = models.CharField("structure", max_length=150, blank=True)
    position = models.CharField("fonction", max_length=120, blank=True)
    departments = models.ManyToManyField(
        Territory,
        blank=True,
        related_name="candidacies",
        limit_choices_to={"kind": "departement"},
        verbose_name="départements d’intervention",
    )
    motivation = models.TextField("motivation", max_length=3000, blank=True)
    experience = models.TextField("expérience de formation", max_length=2000, blank=True)
    commitment = models.CharField("engagement", max_length=300, blank=True, editable=False)  # the wording agreed to
    agreement = models.FileField("accord de l’employeur", upload_to="vrl/candidatures/", blank=True)
    session = models.ForeignKey(
        Session, models.SET_NULL, null=True, blank=True, related_name="candidacies", verbose_name="session N2"
    )
    registration = models.ForeignKey(
        Registration, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name="inscription"
    )
    trainer = models.ForeignKey(
        Trainer, models.SET_NULL, null=True, blank=True, related_name="candidacies", editable=False, verbose_name="devenue"
    )
    state = models.CharField(
        "état", max_length=12, choices=CandidacyState, default=CandidacyState.RECEIVED, db_index=True, editable=False
    )
    answer = models.TextField("message avec la décision", max_length=2000, blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par", editable=False
    )
    anonymous_since = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "candidature"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name or "Candidature anonyme"

    @property
    def token(self) -> str:
        """What the follow-up link holds."""
        return tokens.sign(CANDIDACY_SCOPE, self.pk)
