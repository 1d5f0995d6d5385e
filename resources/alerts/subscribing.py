"""Asking for an alert, confirming it, changing it, leaving. The answer on screen never tells whether an address is known."""

from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import mail, tokens
from trajectoire.core.limits import too_many_for
from trajectoire.core.listing import State

from .models import Alert, Frequency, Subscriber, described

CONSENT = (
    "J’accepte que Trajectoire Ressources conserve mon adresse e-mail pour m’envoyer les nouveautés de cette recherche. "
    "Je peux arrêter à tout moment, par un lien présent dans chaque message."
)
CONFIRM_WITHIN = 48 * 3600  # seconds
A_DAY = 24 * 3600
MAILS_A_DAY = 10  # to one address, whoever asks
ALERTS_EACH = 50  # of one person


def may_write(email: str) -> bool:
    """Nobody's mailbox is filled by others, however many clients they have; said to nobody."""
    return not too_many_for(email.lower(), "alert-mails", limit=MAILS_A_DAY, seconds=A_DAY)


def may_ask(email: str) -> bool:
    """The same for one more alert: there are enough of them for one person."""
    return may_write(email) and Alert.objects.filter(subscriber__email__iexact=email).count() < ALERTS_EACH


def query_of(state: State) -> str:
    """The search itself: neither its page nor its order."""
    return urlencode(state.pairs(sort=state.default_sort) + [("exact", "1")] * state.exact)


@transaction.atomic
def request(email: str, state: State, frequency: str) -> None:
    """Store the request and write to the address; nothing is sent later unless the link in that message is followed."""
    subscriber = person(email)
    alert, _ = Alert.objects.get_or_create(
        subscriber=subscriber, listing=state.listing.name, query=query_of(state), defaults={"frequency": frequency}
    )
    if alert.confirmed_at is None:  # asked again: the week to confirm begins again
        Alert.objects.filter(pk=alert.pk).update(created_at=timezone.now())
    token = tokens.sign("alerts.confirm", [alert.pk, frequency])
    context = {
        "search": described(state),
        "frequency": Frequency(frequency).label.lower(),
        "consent": CONSENT,
        "url": mail.link(reverse("alerts:confirm", args=[token])),
    }
    mail.post("alert_confirm", subscriber.email, context)


def person(email: str) -> Subscriber:
    """The row of this address, whatever its case; made when there is none."""
    found = Subscriber.objects.filter(email__iexact=email).first()
    return found or Subscriber.objects.create(email=email)


def asked(token: str) -> tuple[Alert | None, str]:
    """The alert to confirm and the frequency asked for; None when it is gone. Raises tokens.Invalid or tokens.Expired."""
    pk, frequency = tokens.unsign("alerts.confirm", token, max_age=CONFIRM_WITHIN)
    return Alert.objects.select_related("subscriber").filter(pk=pk).first(), frequency


@transaction.atomic
def confirm(alert: Alert, frequency: str) -> None:
    """Begin to send, from now on; confirmed again, only the frequency changes."""
    changes = {"frequency": frequency, "paused": False}
    if alert.confirmed_at is None:
        now = timezone.now()
        changes |= {"confirmed_at": now, "sent_upto": now, "consent": CONSENT}
    Alert.objects.filter(pk=alert.pk).update(**changes)
    show_interest(alert.subscriber)


def show_interest(subscriber: Subscriber) -> None:
    Subscriber.objects.filter(pk=subscriber.pk).update(seen_at=timezone.now(), asked_at=None)


def resume(alert: Alert) -> None:
    """From now on: what appeared during the pause is not sent."""
    Alert.objects.filter(pk=alert.pk).update(paused=False, sent_upto=timezone.now())


def remind(email: str) -> None:
    """Write the link of their alerts to someone who lost it; to an unknown address, nothing."""
    subscriber = Subscriber.objects.confirmed().filter(email__iexact=email).first()
    if subscriber:
        mail.post("alert_manage", subscriber.email, {"url": mail.link(subscriber.manage_path)})


@transaction.atomic
def leave(pk: int) -> None:
    """No more alerts for this person; the address goes too, unless the newsletter is sent to it."""
    Alert.objects.filter(subscriber=pk).delete()
    Subscriber.objects.alone().filter(pk=pk).delete()


@transaction.atomic
def erase(subscriber: Subscriber) -> None:
    """Everything of this person; of the newsletter stays what keeps an old list from bringing them back."""
    from ..letters import subscribing as letters  # the letter stands on the alerts

    if letter := getattr(subscriber, "letter", None):
        letters.leave(letter)
    Subscriber.objects.filter(pk=subscriber.pk).delete()


def ask_sleepers() -> int:
    """Ask those who have not shown any interest for three years; without an answer they are erased (see `gone`)."""
    now = timezone.now()
    sleepers = list(Subscriber.objects.asleep(now))
    for subscriber in sleepers:
        with transaction.atomic():
            if Subscriber.objects.filter(pk=subscriber.pk, asked_at=None).update(asked_at=now):
                mail.post("alert_still", subscriber.email, {"url": mail.link(subscriber.manage_path)})
    return len(sleepers)
