"""Registrations and presence. Rows are written by `registering.py` and `presence.py` only."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from trajectoire.core import tokens
from trajectoire.core.models import Timestamped

from .event import Event, EventDate
from .series import Series
from .vocabulary import EventStatus, HalfDay, ParticipantStatus

SCOPE = "inscription"


class RegistrationState(models.TextChoices):
    CONFIRMED = "confirmee", "Confirmée"
    WAITING = "attente", "En liste d’attente"
    OFFERED = "proposee", "Place proposée"
    APPLIED = "candidature", "Candidature à examiner"
    REFUSED = "refusee", "Refusée"
    CANCELLED = "annulee", "Annulée"


# A place offered is kept for the person until she answers or the delay ends.
TAKES_A_PLACE = (RegistrationState.CONFIRMED, RegistrationState.OFFERED)
ACTIVE = (*TAKES_A_PLACE, RegistrationState.WAITING, RegistrationState.APPLIED)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def confirmed(self) -> "RegistrationQuerySet":
        return self.filter(state=RegistrationState.CONFIRMED)

    def in_line(self) -> "RegistrationQuerySet":
        """Those who wait, the next one first: priority set by staff, then the order of arrival."""
        return self.filter(state=RegistrationState.WAITING).order_by("-priority", "queued_at", "pk")

    def with_attendance(self) -> "RegistrationQuerySet":
        """Adds `planned` and `attended` (half-days, of all the sessions that the registration counts for, cancelled ones left
        out), `wanted` (percent from which an attestation is due) and `reached`."""
        own = Q(event=OuterRef("event"))
        led = Event.objects.filter(series__lead=OuterRef(OuterRef("event")), series__scope=Series.Scope.WHOLE)
        cycle = Q(event__in=led.order_by().values("pk")) & ~own
        half_days = Case(When(morning=True, then=1), default=0) + Case(When(afternoon=True, then=1), default=0)
        held = EventDate.objects.exclude(event__status=EventStatus.CANCELLED).order_by().values(one=Value(1))
        summed = held.annotate(n=Sum(half_days)).values("n")
        ticked = Presence.objects.counted().filter(registration=OuterRef("pk")).order_by().values("registration")
        with_counts = self.annotate(
            # Two sums, for an index answers each of them: « one or the other » would read every date of the site.
            planned=Coalesce(Subquery(summed.filter(own)), 0, output_field=IntegerField())
            + Coalesce(Subquery(summed.filter(cycle)), 0, output_field=IntegerField()),
            attended=Coalesce(Subquery(ticked.annotate(n=Count("pk")).values("n")), 0, output_field=IntegerField()),
            wanted=Coalesce(F("event__threshold"), settings.ATTESTATION_THRESHOLD, output_field=IntegerField()),
        )
        enough = Q(attended__gt=0, planned__gt=0, attended__gte=F("wanted") * F("planned") / 100.0)
        return with_counts.annotate(reached=Case(When(enough, then=True), default=False))

    def present(self) -> "RegistrationQuerySet":
        """Who came, half a day at least."""
        return self.with_attendance().filter(attended__gt=0)  # type: ignore[misc]

    def reaching(self) -> "RegistrationQuerySet":
        """Who came enough for an attestation."""
        return self.with_attendance().filter(reached=True)  # type: ignore[misc]


class Registration(Timestamped):
    """One person at one event, once, whatever happens. `email_key` is her address in lower case; empty once anonymous."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations", verbose_name="événement")
    state = models.CharField("état", max_length=12, choices=RegistrationState, db_index=True)
    name = models.CharField("prénom et nom", max_length=120, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False, db_index=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    structure = models.CharField("structure", max_length=150, blank=True)
    position = models.CharField("fonction", max_length=120, blank=True)
    status = models.CharField("statut", max_length=20, choices=ParticipantStatus, blank=True)
    department = models.CharField("département", max_length=3, blank=True)
    needs = models.CharField("besoin d’aménagement", max_length=300, blank=True)
    meal = models.CharField("repas", max_length=150, blank=True)
    motivation = models.TextField("motivation", max_length=2000, blank=True)
    answers = models.JSONField("réponses", default=dict, blank=True)
    newsletter_wording = models.CharField("accord pour la lettre", max_length=300, blank=True, editable=False)
    list_wording = models.CharField("accord pour la liste partagée", max_length=300, blank=True, editable=False)
    consented_at = models.DateTimeField("accords donnés le", null=True, editable=False)
    priority = models.SmallIntegerField("priorité", default=0, help_text="Plus grande, plus tôt servie dans la liste d’attente.")
    queued_at = models.DateTimeField("dans l’ordre depuis", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("confirmée le", null=True, editable=False)
    offer_ends_at = models.DateTimeField("place proposée jusqu’au", null=True, editable=False)
    cancelled_at = models.DateTimeField("annulée le", null=True, editable=False)
    decision_note = models.TextField("message avec la décision", max_length=1000, blank=True)
    group = models.UUIDField(null=True, editable=False, db_index=True)
    registered_by = models.CharField("inscription faite par", max_length=120, blank=True, editable=False)
    walk_in = models.BooleanField("venue sans inscription", default=False, editable=False)
    form_key = models.UUIDField(null=True, editable=False)
    link_version = models.PositiveSmallIntegerField(default=0, editable=False)
    answered_hot = models.BooleanField(default=False, editable=False)
    answered_later = models.BooleanField(default=False, editable=False)
    anonymous_since = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        ordering = ["queued_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "email_key"],
                condition=~Q(email_key=""),
                name="registration_one_per_person",
                violation_error_message="Cette adresse est déjà inscrite.",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposee") | Q(offer_ends_at__isnull=False),
                name="registration_offer_has_end",
                violation_error_message="Une place proposée a une date limite.",
            ),
        ]
        indexes = [models.Index(fields=["event", "state", "-priority", "queued_at"], name="registration_line")]

    def __str__(self) -> str:
        return self.name or "Inscription anonyme"

    @property
    def token(self) -> str:
        """What the personal link holds; a new `link_version` makes the former links dead."""
        return tokens.sign(SCOPE, [self.pk, self.link_version])


class SentNotice(models.Model):
    """A mail that the clock writes, once: stored with it, so that no run of the command writes it again."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="notices", verbose_name="inscription")
    kind = models.CharField("message", max_length=25)
    about = models.CharField("à propos de", max_length=60)  # the date it speaks of: moved, it is spoken of again
    written_at = models.DateTimeField("écrit le", default=timezone.now)

    class Meta:
        verbose_name = "message écrit"
        verbose_name_plural = "messages écrits"
        ordering = ["written_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["registration", "kind", "about"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class PresenceQuerySet(models.QuerySet["Presence"]):
    def counted(self) -> "PresenceQuerySet":
        """Half-days attended. One taken off the programme, or cancelled, after it was ticked no longer counts."""
        planned = Q(half_day=HalfDay.MORNING, date__morning=True) | Q(half_day=HalfDay.AFTERNOON, date__afternoon=True)
        return self.filter(planned, present=True).exclude(date__event__status=EventStatus.CANCELLED)


class Presence(models.Model):
    """One half-day of one person; no row: not ticked yet."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="presences", verbose_name="inscription")
    date = models.ForeignKey(EventDate, models.PROTECT, related_name="presences", verbose_name="date")
    half_day = models.CharField("demi-journée", max_length=10, choices=HalfDay)
    present = models.BooleanField("présence")
    ticked_at = models.DateTimeField("cochée le", default=timezone.now)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par"
    )

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "date", "half_day"],
                name="presence_once",
                violation_error_message="Cette demi-journée est déjà cochée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration} — {self.date} {self.half_day}"
