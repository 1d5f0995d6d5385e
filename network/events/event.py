"""Events, their dates and half-days, their programme, the questions they ask."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from trajectoire.core.models import Timestamped
from trajectoire.core.prose import ProseField
from trajectoire.core.text import unique_slug

from ..accompaniment.requests import Mission
from ..base import Shown
from ..models import Audience, Organisation, Person, Territory, Theme
from .series import Series
from .vocabulary import CATEGORY_OF, Accessibility, Category, EventKind, EventMode, EventStatus, HalfDay

MOST_PLACES = 100_000


def check_accessibility(value: object) -> None:
    """Refuse anything but a list of known handicaps."""
    if not isinstance(value, list) or any(item not in Accessibility.values for item in value):
        raise ValidationError("Choisissez parmi les handicaps proposés.")


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> "EventQuerySet":
        """What the public may see: published, not private. A cancelled event stays, and says so."""
        return self.filter(published=True, private=False)

    def upcoming(self, now: datetime.datetime | None = None) -> "EventQuerySet":
        """Not over yet, the soonest first."""
        return self.filter(ends_at__gte=now or timezone.now()).order_by("starts_at", "pk")

    def past(self, now: datetime.datetime | None = None) -> "EventQuerySet":
        """Over, the latest first."""
        return self.filter(ends_at__lt=now or timezone.now()).order_by("-starts_at", "-pk")

    def in_territory(self, territory: Territory) -> "EventQuerySet":
        inside = Territory.objects.in_territory(territory).order_by().values("pk")
        return self.filter(Q(territories__in=inside) | Q(place__in=inside)).distinct()

    def between(self, first: datetime.date, last: datetime.date) -> "EventQuerySet":
        """What takes place from the first day to the last, with its `half_days` in between: see figures.py."""
        from .figures import half_days_of

        return self.annotate(half_days=half_days_of(models.OuterRef("pk"), first, last)).filter(half_days__gt=0)

    def for_cards(self) -> "EventQuerySet":
        """What a row of a list, a face or a calendar shows, in a constant number of queries, without the long text."""
        related = "dates", "themes", "territories", "audiences"
        return self.with_places().select_related("place").defer("body").prefetch_related(*related)

    def with_places(self) -> "EventQuerySet":
        """With `confirmed_count`, `waiting_count` and `taken_count` (confirmed or offered), of the event that holds the
        registrations; enough for `opening()` and `places_left()` to ask nothing more of the database."""
        from .registrations import TAKES_A_PLACE, RegistrationState

        whole = Q(series__scope=Series.Scope.WHOLE, series__lead__isnull=False)
        counted = self.select_related("series__lead").annotate(
            holder_id=models.Case(models.When(whole, then=F("series__lead_id")), default=F("pk"))
        )
        return counted.annotate(
            confirmed_count=_count_in(RegistrationState.CONFIRMED),
            waiting_count=_count_in(RegistrationState.WAITING),
            taken_count=_count_in(*TAKES_A_PLACE),
        )


def _count_in(*states: str) -> Coalesce:
    """How many registrations of the holder are in these states."""
    holders = Event.objects.filter(pk=models.OuterRef("holder_id")).order_by()
    counted = holders.annotate(count=models.Count("registrations", filter=Q(registrations__state__in=states)))
    return Coalesce(models.Subquery(counted.values("count")), 0)


class Event(Shown, Timestamped):
    """A meeting on one or several dates (reverse names used above: `dates`, `registrations`, `documents`, `training`).

    `starts_at` and `ends_at` are kept from the dates (`keep_bounds`); both are empty as long as there is none.
    """

    class Registering(models.TextChoices):
        NONE = "aucune", "Sans inscription"
        AT_ONCE = "immediate", "Inscription confirmée aussitôt"
        BY_STAFF = "candidature", "Candidature : l’équipe accepte ou refuse"
        ELSEWHERE = "ailleurs", "Inscription sur un autre site"

    search_kind = "event"

    title = models.CharField("titre", max_length=200)
    slug = models.SlugField(
        "adresse", max_length=110, unique=True, blank=True, help_text="À laisser vide : elle est faite du titre."
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    kind = models.CharField("nature", max_length=30, choices=EventKind, default=EventKind.STUDY_DAY)
    category = models.CharField(
        "compte au bilan comme", max_length=15, choices=Category, blank=True, help_text="À laisser vide : elle suit la nature."
    )
    mission = models.CharField("mission", max_length=12, choices=Mission, default=Mission.QUALIFY)
    series = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, related_name="events", verbose_name="séance du cycle ou du groupe"
    )
    summary = models.CharField(
        "en une ou deux phrases", max_length=400, blank=True, help_text="Montré dans l’agenda et en tête de la page."
    )
    body = ProseField("présentation", blank=True)
    status = models.CharField("état", max_length=20, choices=EventStatus, default=EventStatus.SCHEDULED)
    status_note = models.CharField(
        "ce qui change", max_length=300, blank=True, help_text="Montré avec l’état : « Reporté à l’automne, salle indisponible »."
    )
    published = models.BooleanField("en ligne", default=False)
    published_at = models.DateTimeField(null=True, editable=False)
    private = models.BooleanField(
        "réservé aux personnes invitées",
        default=False,
        help_text="N’apparaît dans aucune liste : comité de pilotage, par exemple.",
    )
    mode = models.CharField("on y participe", max_length=10, choices=EventMode, default=EventMode.ON_SITE)
    venue = models.CharField("lieu", max_length=150, blank=True, help_text="« Maison des associations, salle 2 ».")
    address = models.CharField("adresse postale", max_length=200, blank=True)
    place = models.ForeignKey(
        Territory,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="hosted_events",
        verbose_name="commune ou quartier du lieu",
    )
    access_note = models.TextField(
        "pour venir", max_length=1000, blank=True, help_text="Transports, stationnement, entrée sans marche…"
    )
    accessibility = models.JSONField("lieu accessible", default=list, blank=True, validators=[check_accessibility])
    online_url = models.URLField(
        "adresse de la visioconférence", max_length=500, blank=True, help_text="Envoyée aux seules personnes inscrites."
    )
    online_hours = models.PositiveSmallIntegerField("envoyée combien d’heures avant", default=24)
    territories = models.ManyToManyField(Territory, blank=True, related_name="events", verbose_name="territoires concernés")
    themes = models.ManyToManyField(Theme, blank=True, related_name="events", verbose_name="thèmes")
    audiences = models.ManyToManyField(Audience, blank=True, related_name="events", verbose_name="publics")
    organisers = models.ManyToManyField(
        Organisation, blank=True, related_name="organised_events", verbose_name="organisé par", help_text="Vide : le centre."
    )
    partners = models.ManyToManyField(Organisation, blank=True, related_name="partnered_events", verbose_name="avec")
    contact_name = models.CharField("personne à contacter", max_length=120, blank=True)
    contact_email = models.EmailField(
        "son adresse", blank=True, help_text="Les réponses aux messages y arrivent. Vide : celle du centre."
    )
    registering = models.CharField("inscription", max_length=12, choices=Registering, default=Registering.AT_ONCE)
    elsewhere_url = models.URLField("adresse de l’inscription", max_length=500, blank=True)
    capacity = models.PositiveIntegerField(
        "places",
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_PLACES, "Vide suffit quand il n’y a pas de limite.")],
        help_text="Vide : sans limite. 0 : tout le monde en liste d’attente.",
    )
    opens_at = models.DateTimeField("inscriptions ouvertes le", null=True, blank=True, help_text="Vide : dès la mise en ligne.")
    closes_at = models.DateTimeField("inscriptions closes le", null=True, blank=True, help_text="Vide : au début de l’événement.")
    waiting_list = models.BooleanField("liste d’attente", default=True)
    promotes = models.BooleanField(
        "proposer d’elle-même les places libérées",
        default=True,
        help_text="Décochez pour choisir à la main dans la liste d’attente.",
    )
    accept_hours = models.PositiveSmallIntegerField(
        "heures pour accepter une place libérée", default=48, help_text="0 : la place est donnée aussitôt, sans rien demander."
    )
    asks_motivation = models.BooleanField("demande la motivation", default=False)
    asks_meal = models.BooleanField("repas proposé", default=False)
    shares_list = models.BooleanField(
        "liste des personnes partagée",
        default=False,
        help_text="Entre personnes inscrites, pour celles qui l’acceptent seulement.",
    )
    attests = models.BooleanField("donne une attestation", default=False)
    threshold = models.PositiveSmallIntegerField(
        "présence à partir de laquelle attester (%)",
        null=True,
        blank=True,
        validators=[MaxValueValidator(100, "100 % au plus.")],
        help_text="Vide : le réglage du site (toutes les demi-journées).",
    )
    starts_at = models.DateTimeField(null=True, editable=False, db_index=True)
    ends_at = models.DateTimeField(null=True, editable=False, db_index=True)
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    # Kept by the app above that gives it the facts of a session (`training`), and its page.
    of_plan = models.BooleanField("session du plan", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    # What the people registered were last told, while it is no longer true: see changes.py.
    untold = models.JSONField(null=True, editable=False)

    objects = EventQuerySet.as_manager()
    history = HistoricalRecords(
        m2m_fields=[territories, themes, audiences, organisers, partners],
        excluded_fields=["version", "sequence", "untold", "starts_at", "ends_at", "is_demo", "of_plan"],
        verbose_name="version",
    )

    class Meta:
        verbose_name = "événement"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(opens_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="event_closes_after_opening",
                violation_error_message="Les inscriptions ne peuvent pas se clore avant de s’ouvrir.",
            ),
            models.CheckConstraint(
                condition=~Q(registering="ailleurs") | ~Q(elsewhere_url=""),
                name="event_elsewhere_has_address",
                violation_error_message="Donnez l’adresse où l’on s’inscrit.",
            ),
        ]
        indexes = [models.Index(fields=["published", "private", "starts_at"], name="event_published_starts")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("vrl:session" if self.of_plan else "events:event", args=[self.slug])

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = unique_slug(self.title, Event.objects.exclude(pk=self.pk))
        if not self.category:
            self.category = CATEGORY_OF[self.kind]
        if self.published and self.published_at is None:
            self.published_at = timezone.now()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.series_id:
                Series.objects.filter(pk=self.series_id, lead=None).update(lead=self)

    def keep_bounds(self) -> None:
        """Store when the event begins and ends, after its dates changed."""
        with transaction.atomic():
            bounds = self.dates.aggregate(starts_at=models.Min("starts_at"), ends_at=models.Max("ends_at"))
            for name, value in bounds.items():
                setattr(self, name, value)
            Event.objects.filter(pk=self.pk).update(**bounds)
            self.announce(self.pk)

    def card(self) -> dict:
        """Its row in a list, for pages of the layers below, which reach events by the reverse name `events`."""
        from .cards import card

        return card(self)

    @property
    def holder(self) -> "Event":
        """The event that holds the registrations: the lead of its series when one registration counts for all sessions."""
        series = self.series
        return series.lead or self if series and series.scope == Series.Scope.WHOLE else self

    @property
    def sessions(self) -> "EventQuerySet":
        """The events that the registrations of this one count for: itself, or the whole cycle that it leads."""
        series = self.series
        if series and series.scope == Series.Scope.WHOLE and series.lead_id == self.pk:
            return Event.objects.filter(series=series)
        return Event.objects.filter(pk=self.pk)

    @property
    def is_public(self) -> bool:
        return self.published and not self.private

    @property
    def is_cancelled(self) -> bool:
        return self.status == EventStatus.CANCELLED

    @property
    def is_online(self) -> bool:
        """Whether one may attend from afar; the address may be missing still."""
        return self.mode != EventMode.ON_SITE or self.status == EventStatus.MOVED_ONLINE

    @property
    def is_past(self) -> bool:
        return self.ends_at is not None and self.ends_at < timezone.now()


class EventDate(models.Model):
    """One day of an event, with its half-days: the unit of presence."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="dates", verbose_name="événement")
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    morning = models.BooleanField("matin", default=True)
    afternoon = models.BooleanField("après-midi", default=True)
    label = models.CharField("titre de la séance", max_length=150, blank=True)

    class Meta:
        verbose_name = "date"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_date_ends_after_start",
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                condition=Q(morning=True) | Q(afternoon=True),
                name="event_date_has_half_day",
                violation_error_message="Cochez au moins une demi-journée.",
            ),
        ]

    def __str__(self) -> str:
        return timezone.localtime(self.starts_at).strftime("%d/%m/%Y %H:%M")

    @property
    def half_days(self) -> list[HalfDay]:
        return [HalfDay.MORNING] * self.morning + [HalfDay.AFTERNOON] * self.afternoon


class ProgrammeItem(models.Model):
    """One line of the programme."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="programme", verbose_name="événement")
    date = models.ForeignKey(EventDate, models.CASCADE, null=True, blank=True, related_name="programme", verbose_name="date")
    time = models.TimeField("heure", null=True, blank=True)
    title = models.CharField("titre", max_length=200)
    text = models.TextField("détails", max_length=2000, blank=True)
    speakers = models.ManyToManyField(
        Person, blank=True, related_name="interventions", verbose_name="intervenantes et intervenants de l’annuaire"
    )
    other_speakers = models.CharField("autres intervenantes et intervenants", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "ligne du programme"
        verbose_name_plural = "lignes du programme"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """A question of one event's registration form. No question about a belief: the help text says so."""

    class Kind(models.TextChoices):
        LINE = "ligne", "Réponse courte"
        TEXT = "texte", "Réponse longue"
        YES_NO = "oui-non", "Case à cocher"
        CHOICE = "choix", "Un choix dans une liste"

    event = models.ForeignKey(Event, models.CASCADE, related_name="questions", verbose_name="événement")
    text = models.CharField(
        "question", max_length=200, help_text="Jamais sur les convictions, la religion, la santé ou les origines."
    )
    kind = models.CharField("nature", max_length=10, choices=Kind, default=Kind.LINE)
    choices = models.TextField("choix", blank=True, help_text="Un par ligne, quand la question est une liste.")
    required = models.BooleanField("réponse obligatoire", default=False)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "question"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def choice_list(self) -> list[str]:
        return [line.strip() for line in self.choices.splitlines() if line.strip()]
