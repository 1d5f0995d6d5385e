"""Who receives the newsletter and since when they agreed; the letters, what they are made of, the links they hold."""

import datetime

from django.db import models
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from trajectoire.core import tokens
from trajectoire.core.forms import single_line
from trajectoire.core.models import Timestamped
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.prose import ProseField
from trajectoire.core.text import NBSP

from ..alerts.models import UNCONFIRMED_KEPT, Subscriber
from ..models import Document

COLLECTION = TYPE = "lettre-information"
DEAD_KEPT = datetime.timedelta(days=365)
LEFT_KEPT = datetime.timedelta(days=3 * 365)  # a list older than that may not be imported any more
LONGEST_URL = 1000
BATCH = "letter-"


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> "SubscriptionQuerySet":
        """Whom the next letter is for: they agreed, and their address takes messages."""
        return self.filter(confirmed_at__isnull=False, dead_at=None)


class Subscription(models.Model):
    """Someone who asked for the letter. The address is the one of their alerts, if they have some: one person, one row."""

    subscriber = models.OneToOneField(Subscriber, models.CASCADE, verbose_name="personne", related_name="letter")
    created_at = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("accord donné le", null=True, editable=False)
    consent = models.CharField("accord donné", max_length=500, editable=False)
    dead_at = models.DateTimeField("adresse morte depuis le", null=True, editable=False)
    # Refusals before that moment no longer count: staff, or the person, has said that the address is good.
    trusted_from = models.DateTimeField("adresse vérifiée le", null=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement à la lettre"
        verbose_name_plural = "abonnements à la lettre"
        ordering = ["subscriber__email"]

    def __str__(self) -> str:
        return self.subscriber.email

    @property
    def leave_path(self) -> str:
        return reverse("letters:leave", args=[tokens.sign("letters.leave", self.pk)])

    @property
    def state(self) -> str:
        if self.dead_at:
            return "Adresse morte"
        return "Actif" if self.confirmed_at else "À confirmer"


class Departure(models.Model):
    """Someone left: no address, only what recognises it in an old list that would bring it back."""

    digest = models.CharField(max_length=64, unique=True)
    left_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "désabonnement"

    def __str__(self) -> str:
        return self.digest[:8]

    @staticmethod
    def digest_of(email: str) -> str:
        return salted_hmac("letters.departure", email.lower(), algorithm="sha256").hexdigest()


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self) -> "LetterQuerySet":
        """Letters whose hour has come."""
        return self.filter(status=Letter.Status.READY, send_at__lte=timezone.now())

    def sent(self) -> "LetterQuerySet":
        return self.filter(status=Letter.Status.SENT)

    def with_counts(self) -> "LetterQuerySet":
        """`waiting_count`, `sent_count`, `failed_count`: its messages in the outbox, which forgets those that left 90 days ago."""
        named = self.alias(name=Concat(models.Value(BATCH), Cast("pk", models.CharField())))
        return named.annotate(**{f"{status}_count": _mails(status) for status in OutgoingMail.Status.values})


def _mails(status: str) -> Coalesce:
    mails = OutgoingMail.objects.filter(batch=models.OuterRef("name"), status=status).order_by().values("batch")
    return Coalesce(models.Subquery(mails.annotate(n=models.Count("pk")).values("n")), 0)


class Letter(Timestamped):
    """One number of the newsletter: a draft, ready for its hour, then sent and nothing of it changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Brouillon"
        READY = "ready", "Envoi prévu"
        SENT = "sent", "Envoyée"

    title = models.CharField(
        "titre",
        max_length=150,
        validators=[single_line],  # type: ignore[list-item]
        help_text="Il suit le numéro : « des quartiers plus frais ».",
    )
    number = models.PositiveIntegerField("numéro", unique=True)
    intro = ProseField("édito", blank=True, help_text="Quelques phrases, avant les nouveautés.")
    status = models.CharField("état", max_length=5, choices=Status, default=Status.DRAFT, editable=False)
    send_at = models.DateTimeField(
        "envoyer le", null=True, blank=True, help_text="Laissez vide pour l’envoyer dès que vous le demandez."
    )
    sent_at = models.DateTimeField("envoyée le", null=True, editable=False)
    recipients = models.PositiveIntegerField("destinataires", default=0, editable=False)
    gathered_upto = models.DateTimeField("nouveautés reprises jusqu’au", null=True, editable=False)
    problem = models.CharField("empêchement", max_length=300, blank=True, editable=False)
    document = models.OneToOneField(
        Document, models.SET_NULL, verbose_name="page", related_name="letter", null=True, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "lettre"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Lettre d’information n°{NBSP}{self.number}{NBSP}: {self.title}"

    @property
    def batch(self) -> str:
        """What makes each address receive it once, however often it is sent."""
        return f"{BATCH}{self.pk}"


class Item(models.Model):
    """A piece of a letter: something of the site (`listing` and `key` say what), or a free text."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField("ordre", default=0)
    title = models.CharField("titre", max_length=250, blank=True)
    text = ProseField("texte", blank=True)
    url = models.URLField("adresse", max_length=500, blank=True, help_text="Pour un texte libre : où mène son titre.")
    listing = models.CharField("liste", max_length=40, blank=True, editable=False)
    key = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = "élément"
        verbose_name_plural = "éléments de la lettre"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "key"], condition=~models.Q(key=""), name="letter_item_once"),
        ]

    def __str__(self) -> str:
        return self.title or "Texte"


class Link(models.Model):
    """Where a link of a letter leads, and how many times it was followed; by whom is not known."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="links")
    url = models.CharField("adresse", max_length=LONGEST_URL)
    clicks = models.PositiveIntegerField("clics", default=0)

    class Meta:
        verbose_name = "lien"
        ordering = ["-clicks", "pk"]
        constraints = [models.UniqueConstraint(fields=["letter", "url"], name="letter_link_once")]

    def __str__(self) -> str:
        return self.url

    @property
    def path(self) -> str:
        return reverse("letters:follow", args=[tokens.sign("letters.link", self.pk)])


def unconfirmed(now: datetime.datetime) -> models.QuerySet:
    """Requests nobody confirmed within a week."""
    return Subscription.objects.filter(confirmed_at=None, created_at__lt=now - UNCONFIRMED_KEPT)


def dead_long_ago(now: datetime.datetime) -> models.QuerySet:
    """Addresses that refuse every message since a year."""
    return Subscription.objects.filter(dead_at__lt=now - DEAD_KEPT)


def left_long_ago(now: datetime.datetime) -> models.QuerySet:
    return Departure.objects.filter(left_at__lt=now - LEFT_KEPT)
