"""Messages of the team to the people of one event: written, read as they will be, sent once, kept with who, when and how many."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import mail
from trajectoire.core.mail_text import Rendered, mark, render
from trajectoire.core.models import Timestamped, User

from .event import Event
from .notice_texts import MARKS_HELP, NAME, check_marks, filled, on_one_line
from .registrations import Registration, RegistrationState

NAMES = ("name", "manage_url")  # what differs from one person to the next


def check_subject(text: str) -> None:
    """The subject is the same for all: no name in it."""
    check_marks(text)
    if f"[{NAME}]" in text:
        raise ValidationError("L’objet est le même pour tout le monde : gardez [prénom et nom] pour le texte.")


class EventMessage(Timestamped):
    """A draft until `sent_at` is set; then nothing of it changes."""

    class To(models.TextChoices):
        CONFIRMED = "inscrites", "Les personnes inscrites"
        PRESENT = "presentes", "Les personnes présentes (une demi-journée au moins)"
        WAITING = "attente", "Les personnes en liste d’attente"
        APPLIED = "candidatures", "Les personnes dont la candidature est à examiner"

    event = models.ForeignKey(Event, models.CASCADE, related_name="messages", verbose_name="événement")
    to = models.CharField("à qui", max_length=12, choices=To, default=To.CONFIRMED)
    subject = models.CharField("objet", max_length=150, validators=[check_subject])
    text = models.TextField("texte", max_length=5000, validators=[check_marks], help_text=MARKS_HELP)
    sent_at = models.DateTimeField("envoyé le", null=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="par"
    )
    recipients = models.PositiveIntegerField("personnes", default=0, editable=False)

    class Meta:
        verbose_name = "message aux personnes inscrites"
        verbose_name_plural = "messages aux personnes inscrites"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def batch(self) -> str:
        """What the outbox calls this message."""
        return f"event-message-{self.pk}"


def people_of(event: Event, to: str) -> models.QuerySet[Registration]:
    """Who gets a message, the anonymous and those who left never; sessions of a cycle reach the people of the cycle."""
    known = Registration.objects.filter(event=event.holder, anonymous_since=None).exclude(email="").order_by("pk")
    states = {EventMessage.To.WAITING: RegistrationState.WAITING, EventMessage.To.APPLIED: RegistrationState.APPLIED}
    chosen = known.filter(state=states.get(EventMessage.To(to), RegistrationState.CONFIRMED))
    if to == EventMessage.To.PRESENT:
        return chosen.filter(presences__present=True, presences__date__event=event).distinct()
    return chosen


def send(message: EventMessage, by: User) -> int | None:
    """Write one mail a person, once and for all; how many, or None when it had left already."""
    with transaction.atomic():
        locked = EventMessage.objects.select_for_update().get(pk=message.pk)
        if locked.sent_at:
            return None
        people = people_of(locked.event, locked.to)
        recipients = [recipient(person, locked.event) for person in people]
        locked.recipients = mail.post_batch("event_message", locked.batch, context(locked), recipients, names=NAMES)
        locked.sent_at, locked.sent_by = timezone.now(), by
        locked.save()
        return locked.recipients


def recipient(person: Registration, event: Event) -> mail.Recipient:
    values = {"name": person.name, "manage_url": manage_url(person)}
    return mail.Recipient(person.email, values, reply_to=event.contact_email or settings.CONTACT_EMAIL)


def manage_url(person: Registration) -> str:
    return mail.link(reverse("events:registration", args=[person.token]))


def context(message: EventMessage) -> dict[str, str]:
    """What emails/event_message says to everybody."""
    event = message.event
    return {
        "subject_line": on_one_line(filled(message.subject, event)),
        "text": filled(message.text, event, mark("name")),
        "title": event.title,
        "event_url": mail.link(event.get_absolute_url()),
    }


def preview(message: EventMessage) -> Rendered:
    """The message as the first person would read it; its personal link leads nowhere."""
    first = people_of(message.event, message.to).first()
    shown = {"name": first.name if first else "Prénom Nom", "manage_url": "#"}
    return render("event_message", context(message) | {name: mark(name) for name in NAMES}).filled(shown)
