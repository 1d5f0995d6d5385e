"""The outbox: one row a recipient, stored with what caused it, claimed by one worker at a time. See docs/mail.md."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

# While a worker sends a message nobody else may take it; if the worker dies, it is free again after this time.
LEASE = datetime.timedelta(minutes=15)
# How long to wait after each try, then the message is marked as failed: three days in all.
WAITS = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 960, 1440, 1440)]
TRIES = len(WAITS) + 1
ACCOUNTS = "account/"  # kinds of mail whose links open an account
SENT_KEPT = datetime.timedelta(days=90)
TEXT_KEPT = datetime.timedelta(days=30)
FAILED_KEPT = datetime.timedelta(days=365)


class MailBody(models.Model):
    """What a message says: written once for a letter, whatever the number of people."""

    text = models.TextField("texte")
    html = models.TextField("HTML", blank=True)
    attachments = models.JSONField("pièces jointes", default=list)  # [[name, media type, text]]

    class Meta:
        verbose_name = "contenu d’e-mail"
        verbose_name_plural = "contenus d’e-mail"

    def __str__(self) -> str:
        return self.text[:60]


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> "OutgoingMailQuerySet":
        return self.filter(status=OutgoingMail.Status.WAITING)

    def failed(self) -> "OutgoingMailQuerySet":
        return self.filter(status=OutgoingMail.Status.FAILED)

    def due(self) -> "OutgoingMailQuerySet":
        """What may be sent now: messages to one person before letters, the oldest first."""
        return self.waiting().filter(next_try_at__lte=timezone.now()).order_by("batch", "next_try_at", "pk")

    def retry(self) -> int:
        """Put failed messages back in the queue, as new; how many."""
        return self.failed().update(status=OutgoingMail.Status.WAITING, attempts=0, next_try_at=timezone.now(), last_error="")


class OutgoingMail(models.Model):
    """A message to one person: waiting, sent, or given up."""

    class Status(models.TextChoices):
        WAITING = "waiting", "En attente"
        SENT = "sent", "Envoyé"
        FAILED = "failed", "Échec"

    kind = models.CharField("nature", max_length=60)
    batch = models.CharField("envoi groupé", max_length=80, blank=True)
    recipient = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=250)
    body = models.ForeignKey(MailBody, models.SET_NULL, verbose_name="contenu", related_name="mails", null=True)
    marks = models.JSONField("valeurs propres à la personne", default=dict)
    headers = models.JSONField("en-têtes", default=dict)
    reply_to = models.EmailField("répondre à", blank=True)
    message_id = models.CharField("identifiant", max_length=150, unique=True)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_try_at = models.DateTimeField("prochain essai", default=timezone.now)
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)
    created_at = models.DateTimeField("écrit le", default=timezone.now)
    sent_at = models.DateTimeField("envoyé le", null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "e-mail"
        verbose_name_plural = "e-mails (boîte d’envoi)"
        ordering = ["-created_at", "-pk"]
        constraints = [
            # The same letter twice to one person is impossible, however often the job is run again.
            models.UniqueConstraint("batch", Lower("recipient"), condition=~models.Q(batch=""), name="outgoing_mail_once_a_batch")
        ]
        indexes = [
            models.Index(fields=["batch", "next_try_at", "id"], condition=models.Q(status="waiting"), name="outgoing_mail_due"),
            models.Index(fields=["status", "sent_at"], name="outgoing_mail_kept"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_secret(self) -> bool:
        """Its links open an account: nobody but its recipient reads it."""
        return self.kind.startswith(ACCOUNTS)

    def claim(self) -> bool:
        """Take the message for this worker; False when another was quicker.

        One conditional UPDATE, the same on both databases: no lock is held while the mail server answers.
        """
        now = timezone.now()
        mine = OutgoingMail.objects.waiting().filter(pk=self.pk, attempts=self.attempts, next_try_at__lte=now)
        taken = mine.update(attempts=self.attempts + 1, next_try_at=now + LEASE)
        self.attempts += taken
        return bool(taken)

    def delivered(self) -> None:
        self._end(status=self.Status.SENT, sent_at=timezone.now(), last_error="")
        if self.is_secret and self.body and settings.PRODUCTION:  # the demonstration has no other mailbox
            self.body.delete()

    def refused(self, reason: str, *, for_good: bool) -> None:
        """Note why, and when to try again; a refusal for good, or one too many, ends the tries."""
        if for_good or self.attempts >= TRIES:
            self._end(status=self.Status.FAILED, last_error=reason[:300])
        else:
            self._end(next_try_at=timezone.now() + WAITS[self.attempts - 1], last_error=reason[:300])

    def _end(self, **fields: Any) -> None:
        """Write the outcome of this try, unless the lease ran out and another worker has taken the message since."""
        OutgoingMail.objects.waiting().filter(pk=self.pk, attempts=self.attempts).update(**fields)


def old_mails(now: datetime.datetime) -> models.QuerySet:
    """Sent 90 days ago, or given up a year ago."""
    sent = models.Q(status=OutgoingMail.Status.SENT, sent_at__lt=now - SENT_KEPT)
    failed = models.Q(status=OutgoingMail.Status.FAILED, created_at__lt=now - FAILED_KEPT)
    return OutgoingMail.objects.filter(sent | failed)


def old_bodies(now: datetime.datetime) -> models.QuerySet:
    """What was said in messages all sent 30 days ago, or in none."""
    sent = models.Q(status=OutgoingMail.Status.SENT, sent_at__lt=now - TEXT_KEPT)
    needed = OutgoingMail.objects.exclude(sent).filter(body=models.OuterRef("pk"))
    return MailBody.objects.filter(~models.Exists(needed))
