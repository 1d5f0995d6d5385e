"""Training sessions: an event, with the facts of the plan one to one; their team, and what changed when."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from network.events.models import Event
from network.models import Territory
from trajectoire.core.models import Timestamped

from .trainer import Trainer
from .vocabulary import COMING, Funding, Length, Level, Place, SessionState

PLAN = "vrl"  # what the search engine keeps of every session


class SessionModel(models.Model):
    """What a new session is prefilled from: length, places, programme."""

    slug = models.SlugField("repère", max_length=40, unique=True)
    title = models.CharField("titre", max_length=200)
    level = models.CharField("niveau", max_length=20, choices=Level)
    length = models.CharField("durée", max_length=15, choices=Length)
    days = models.PositiveSmallIntegerField("nombre de dates", default=1)
    starts_at = models.TimeField("début de chaque journée", default="09:00")
    ends_at = models.TimeField("fin de chaque journée", default="17:00")
    capacity = models.PositiveSmallIntegerField("places", default=15)
    summary = models.CharField("en une ou deux phrases", max_length=400, blank=True)
    programme = models.JSONField("programme", default=list, blank=True)  # [{day: 1, time: "09:00", title, text}]
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "modèle de session"
        verbose_name_plural = "modèles de session"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class SessionQuerySet(models.QuerySet["Session"]):
    def live(self) -> "SessionQuerySet":
        """Neither cancelled nor postponed."""
        return self.exclude(state__in=[SessionState.CANCELLED, SessionState.POSTPONED])

    def led_by(self, trainer: Trainer) -> "SessionQuerySet":
        """Hers, and those of whose confirmed team she is."""
        mine = TeamMember.objects.filter(trainer=trainer, state=Place.CONFIRMED).values("session")
        return self.filter(models.Q(owner=trainer) | models.Q(pk__in=mine))

    def with_team(self) -> "SessionQuerySet":
        """With `confirmed_trainers`, how many of its team are confirmed."""
        confirmed = models.Count("team", filter=models.Q(team__state=Place.CONFIRMED), distinct=True)
        return self.annotate(confirmed_trainers=confirmed)

    def lacking_trainers(self, now: datetime.datetime | None = None) -> "SessionQuerySet":
        """To come, retained, with fewer confirmed trainers than expected; those of N1 are led from Paris."""
        waiting = self.filter(state__in=COMING).exclude(level=Level.N1).exclude(event__ends_at__lt=now or timezone.now())
        return waiting.with_team().filter(confirmed_trainers__lt=models.F("expected_trainers"))  # type: ignore[misc]


class Session(Timestamped):
    """A session of the plan. Dates, places, registrations, presence and attestations are those of its event.

    `state` is written by life.py only.
    """

    event = models.OneToOneField(Event, models.PROTECT, related_name="training", verbose_name="événement")
    level = models.CharField("niveau", max_length=20, choices=Level, db_index=True)
    length = models.CharField("durée", max_length=15, choices=Length)
    state = models.CharField(
        "étape", max_length=12, choices=SessionState, default=SessionState.DRAFT, editable=False, db_index=True
    )
    state_since = models.DateTimeField("depuis", default=timezone.now, editable=False)
    department = models.ForeignKey(
        Territory,
        models.PROTECT,
        related_name="sessions",
        limit_choices_to={"kind": "departement"},
        verbose_name="département",
    )
    owner = models.ForeignKey(
        Trainer, models.SET_NULL, null=True, blank=True, related_name="owned_sessions", verbose_name="portée par"
    )
    trainers = models.ManyToManyField(Trainer, through="vrl.TeamMember", related_name="sessions", verbose_name="équipe")
    expected_trainers = models.PositiveSmallIntegerField(
        "formateurs attendus", default=2, validators=[MaxValueValidator(9, "9 au plus.")]
    )
    funding = models.CharField("financement", max_length=15, choices=Funding, default=Funding.STATE)
    model = models.ForeignKey(
        SessionModel, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name="faite du modèle"
    )
    request = models.ForeignKey(
        "vrl.TrainingRequest",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name="répond à la demande",
    )
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followed_by", verbose_name="remplace la session reportée"
    )
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session"
        ordering = ["-event__starts_at", "-pk"]

    def __str__(self) -> str:
        return self.event.title

    def get_absolute_url(self) -> str:
        return reverse("vrl:session", args=[self.event.slug])

    def save(self, *args, **kwargs) -> None:
        """Caches and the search engine know a session by its event."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            Event.objects.filter(pk=self.event_id, of_plan=False).update(of_plan=True)
            self.event.of_plan = True
            Event.announce(self.event_id)

    def facets(self) -> dict[str, list[str]]:
        """What the engine adds to those of its event."""
        return {"plan": [PLAN], "level": [self.level], "length": [self.length], "department": [self.department.code]}


class TeamMember(models.Model):
    """A trainer in the team of a session: invited, offering herself, confirmed or not. Written by team.py only."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="team", verbose_name="session")
    trainer = models.ForeignKey(Trainer, models.PROTECT, related_name="places", verbose_name="formatrice ou formateur")
    state = models.CharField("état", max_length=12, choices=Place, default=Place.INVITED)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "membre de l’équipe"
        verbose_name_plural = "équipe"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "trainer"],
                name="team_member_once",
                violation_error_message="Cette personne est déjà dans l’équipe.",
            )
        ]

    def __str__(self) -> str:
        return str(self.trainer)


class SessionChange(models.Model):
    """One step of the life of a session: nobody edits it."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="changes", verbose_name="session")
    before = models.CharField("avant", max_length=12, choices=SessionState, blank=True)
    after = models.CharField("après", max_length=12, choices=SessionState)
    note = models.CharField("pourquoi", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "étape"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_before_display()} → {self.get_after_display()}"
