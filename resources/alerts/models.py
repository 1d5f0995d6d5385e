"""Who asked for what is new in which search, when they agreed, and how far they have been told."""

import datetime
import zoneinfo

from django.db import models
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import tokens
from trajectoire.core.listing import State, find

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
LONGEST_QUERY = 1000  # characters: what an index of PostgreSQL takes, and more than anybody chooses
HOUR = 7  # weekly and monthly messages leave after it, in Paris
UNCONFIRMED_KEPT = datetime.timedelta(days=7)
ASKED_AFTER = datetime.timedelta(days=3 * 365)  # without any sign of interest
ANSWER_WITHIN = datetime.timedelta(days=30)


class Frequency(models.TextChoices):
    EACH = "parution", "À chaque parution"
    WEEKLY = "semaine", "Une fois par semaine, le lundi"
    MONTHLY = "mois", "Une fois par mois, le premier jour"


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def asleep(self, now: datetime.datetime) -> "SubscriberQuerySet":
        """People to be asked whether they still want their messages."""
        return self.confirmed().filter(seen_at__lt=now - ASKED_AFTER, asked_at=None)

    def confirmed(self) -> "SubscriberQuerySet":
        """People who confirmed an alert, or the newsletter at an address that takes it (resources/letters/)."""
        alerts = models.Q(alerts__confirmed_at__isnull=False)
        letter = models.Q(letter__confirmed_at__isnull=False, letter__dead_at=None)
        return self.filter(alerts | letter).distinct()

    def alone(self) -> "SubscriberQuerySet":
        """People to whom nothing is sent any more: their address has no reason to stay."""
        return self.filter(alerts=None, letter=None)


class Subscriber(models.Model):
    """Someone with alerts, the newsletter or both; nothing is known of them but an address."""

    email = models.EmailField("adresse e-mail")
    created_at = models.DateTimeField("inscription", default=timezone.now, editable=False)
    seen_at = models.DateTimeField("dernière action", default=timezone.now, editable=False)
    asked_at = models.DateTimeField("relance", null=True, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = "personne abonnée"
        verbose_name_plural = "personnes abonnées"
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="alert_subscriber_email_ci")]

    def __str__(self) -> str:
        return self.email

    @property
    def manage_path(self) -> str:
        return reverse("alerts:manage", args=[tokens.sign("alerts.manage", self.pk)])

    @property
    def leave_path(self) -> str:
        return reverse("alerts:leave", args=[tokens.sign("alerts.leave", self.pk)])


class AlertQuerySet(models.QuerySet["Alert"]):
    def active(self) -> "AlertQuerySet":
        return self.filter(confirmed_at__isnull=False, paused=False)

    def due(self, until: datetime.datetime) -> "AlertQuerySet":
        """Active alerts whose period is over, for what appeared until this moment."""
        over = models.Q(frequency=Frequency.EACH, sent_upto__lt=until)
        for frequency in (Frequency.WEEKLY, Frequency.MONTHLY):
            over |= models.Q(frequency=frequency, sent_upto__lt=period_start(frequency, until))
        return self.active().filter(over)


class Alert(models.Model):
    """One search of one list. `query` is its address without the path, cleaned; `sent_upto` says what was already told."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, verbose_name="personne", related_name="alerts")
    listing = models.CharField("liste", max_length=40)
    query = models.CharField("recherche", max_length=LONGEST_QUERY, blank=True)
    frequency = models.CharField("rythme", max_length=10, choices=Frequency, default=Frequency.WEEKLY)
    created_at = models.DateTimeField("demandée le", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("confirmée le", null=True, editable=False)
    consent = models.CharField("accord donné", max_length=300, editable=False)
    paused = models.BooleanField("en pause", default=False)
    sent_upto = models.DateTimeField("nouveautés signalées jusqu’au", default=timezone.now, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "alerte"
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["subscriber", "listing", "query"], name="alert_once_a_search")]
        indexes = [models.Index(fields=["frequency", "sent_upto"], name="alert_due")]

    def __str__(self) -> str:
        state = self.state
        return described(state) if state else self.listing

    @property
    def state(self) -> State | None:
        """What the list shows for it; None when the site no longer has this list."""
        known = find(self.listing)
        return State.from_query(known, known.url, QueryDict(self.query)) if known else None


def period_start(frequency: str, moment: datetime.datetime) -> datetime.datetime:
    """The last Monday, or first of the month, at seven in Paris, before this moment."""
    local = moment.astimezone(PARIS)
    start = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if frequency == Frequency.MONTHLY:
        start = start.replace(day=1)
        return start if start <= local else (start - datetime.timedelta(days=1)).replace(day=1)
    start -= datetime.timedelta(days=local.weekday())
    return start if start <= local else start - datetime.timedelta(days=7)


def described(state: State) -> str:
    """« Ressources : « cantine », Éducation, Doubs »."""
    words = [f"«\u00a0{state.q}\u00a0»"] if state.q else []
    for facet in state.listing.facets:
        chosen = state.chosen.get(facet.name, [])
        labels = dict(_labels(facet.choices(dict.fromkeys(chosen, 1))))
        words += [labels.get(value, value) for value in chosen]
    return f"{state.listing.title}\u00a0: {', '.join(words) or 'toutes les nouveautés'}"


def _labels(choices) -> list[tuple[str, str]]:
    return [pair for choice in choices for pair in ((choice.value, choice.label), *_labels(choice.children))]


def unconfirmed(now: datetime.datetime) -> models.QuerySet:
    """Requests nobody confirmed within a week."""
    return Alert.objects.filter(confirmed_at=None, created_at__lt=now - UNCONFIRMED_KEPT)


def gone(now: datetime.datetime) -> models.QuerySet:
    """People to whom nothing is sent any more, or who did not answer when asked whether they still wanted it."""
    silent = models.Q(asked_at__lt=now - ANSWER_WITHIN)
    alone = models.Q(pk__in=Subscriber.objects.alone().values("pk"), seen_at__lt=now - UNCONFIRMED_KEPT)
    return Subscriber.objects.filter(silent | alone)
