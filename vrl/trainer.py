"""Trainers, their habilitations and when they are free."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from network.models import Audience, Organisation, Territory
from trajectoire.core.models import TRAINERS, Timestamped, User

from .vocabulary import LEADING, HabilitationLevel, HabilitationState


class TrainerQuerySet(models.QuerySet["Trainer"]):
    def present(self) -> "TrainerQuerySet":
        """Those who have not left."""
        return self.filter(left_on=None)

    def holding(self, *levels: str, on: datetime.date) -> "TrainerQuerySet":
        """Who holds, that day, a habilitation of one of these levels."""
        held = Habilitation.objects.valid_on(on).filter(trainer=OuterRef("pk"), level__in=levels)
        return self.present().filter(Exists(held))


class Trainer(Timestamped):
    """A regional trainer. The account opens the area; the row stays when the account goes, for the sessions she held."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="trainer", verbose_name="compte"
    )
    name = models.CharField("prénom et nom", max_length=120)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="trainers", verbose_name="employeur dans l’annuaire"
    )
    employer = models.CharField("employeur", max_length=150, blank=True)
    agreed_on = models.DateField("accord de l’employeur donné le", null=True, blank=True)
    departments = models.ManyToManyField(
        Territory,
        blank=True,
        related_name="trainers",
        limit_choices_to={"kind": "departement"},
        verbose_name="départements d’intervention",
    )
    audiences = models.ManyToManyField(Audience, blank=True, related_name="trainers", verbose_name="publics de prédilection")
    about = models.TextField("ce que je propose", max_length=1500, blank=True)
    public = models.BooleanField(
        "nom montré sur la page des sessions",
        default=False,
        help_text="Sinon, la page dit seulement combien de personnes animent.",
    )
    listed = models.BooleanField("visible dans l’annuaire des formatrices et formateurs", default=True)
    shows_email = models.BooleanField("adresse montrée dans cet annuaire", default=False)
    shows_phone = models.BooleanField("téléphone montré dans cet annuaire", default=False)
    kit_mail = models.BooleanField("prévenir par e-mail d’une nouvelle version du kit", default=True)
    digest = models.BooleanField("recevoir le résumé des échanges", default=True)
    visited_at = models.DateTimeField("dernière visite", null=True, editable=False)
    seen_before = models.DateTimeField("visite précédente", null=True, editable=False)  # what is new is newer than this
    left_on = models.DateField("partie le", null=True, blank=True)
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = TrainerQuerySet.as_manager()

    class Meta:
        verbose_name = "formatrice ou formateur"
        verbose_name_plural = "formatrices et formateurs"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """A new row takes the account of its address; who left loses the role at once, wherever the date was written."""
        if self._state.adding and self.user_id is None and self.email:
            self.user = User.objects.filter(email__iexact=self.email, groups__name=TRAINERS, trainer=None).first()
        super().save(*args, **kwargs)
        if self.left_on and self.user_id:
            User.groups.through.objects.filter(user=self.user_id, group__name=TRAINERS).delete()


class HabilitationQuerySet(models.QuerySet["Habilitation"]):
    def valid_on(self, day: datetime.date) -> "HabilitationQuerySet":
        """Those with which one leads a session that day."""
        begun = self.filter(state__in=LEADING, obtained_on__lte=day)
        return begun.filter(Q(expires_on=None) | Q(expires_on__gte=day))


class Habilitation(Timestamped):
    """What allows a trainer to lead: one row each time it is granted."""

    trainer = models.ForeignKey(Trainer, models.CASCADE, related_name="habilitations", verbose_name="formatrice ou formateur")
    level = models.CharField("niveau", max_length=2, choices=HabilitationLevel)
    obtained_on = models.DateField("obtenue le")
    granted_by = models.CharField("donnée par", max_length=150, blank=True)
    session = models.ForeignKey(
        "vrl.Session",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="granted",
        verbose_name="session où elle a été obtenue",
    )
    state = models.CharField("état", max_length=12, choices=HabilitationState, default=HabilitationState.ACTIVE)
    expires_on = models.DateField("jusqu’au", null=True, blank=True, help_text="Vide : sans limite.")
    note = models.CharField("note", max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = HabilitationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["reminded_at", "version"], verbose_name="version")

    class Meta:
        verbose_name = "habilitation"
        ordering = ["-obtained_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["trainer", "level", "obtained_on"],
                name="habilitation_once",
                violation_error_message="Cette habilitation est déjà notée.",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("obtained_on")),
                name="habilitation_ends_after_start",
                violation_error_message="La fin de l’habilitation vient après son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}, {self.get_state_display().lower()}"


class Availability(models.Model):
    """When a trainer says she is free: some weekdays (0 is Monday) of a period."""

    trainer = models.ForeignKey(Trainer, models.CASCADE, related_name="availabilities", verbose_name="formatrice ou formateur")
    first_on = models.DateField("du")
    last_on = models.DateField("au")
    weekdays = models.JSONField("jours de la semaine", default=list)

    class Meta:
        verbose_name = "disponibilité"
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="availability_ends_after_start",
                violation_error_message="La période finit après avoir commencé.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_on:%d/%m/%Y} – {self.last_on:%d/%m/%Y}"
