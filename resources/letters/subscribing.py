"""Asking for the letter, confirming, leaving. The answer on screen never tells whether an address is known."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import mail, tokens
from trajectoire.core.newsletter import Newsletter

from ..alerts.models import Subscriber
from ..alerts.subscribing import CONFIRM_WITHIN, may_write, person, show_interest
from .models import Departure, Subscription

CONSENT = (
    "J’accepte que Trajectoire Ressources conserve mon adresse e-mail pour m’envoyer sa lettre d’information. "
    "Je peux arrêter à tout moment, par un lien présent dans chaque lettre."
)


@transaction.atomic
def request(email: str) -> None:
    """Store the request and write to the address; nothing is sent later unless the link in that message is followed."""
    subscriber = person(email)
    subscription, _ = Subscription.objects.get_or_create(subscriber=subscriber)
    if subscription.confirmed_at is None:  # asked again: the week to confirm begins again
        Subscription.objects.filter(pk=subscription.pk).update(created_at=timezone.now())
    token = tokens.sign("letters.confirm", subscription.pk)
    url = mail.link(reverse("letters:confirm", args=[token]))
    mail.post("letter_confirm", subscriber.email, {"consent": CONSENT, "url": url})


def asked(token: str) -> Subscription | None:
    """The subscription to confirm; None when it is gone. Raises tokens.Invalid or tokens.Expired."""
    pk = tokens.unsign("letters.confirm", token, max_age=CONFIRM_WITHIN)
    return Subscription.objects.select_related("subscriber").filter(pk=pk).first()


@transaction.atomic
def confirm(subscription: Subscription) -> None:
    """The next letter is for them too; the message was read, so that the address is alive."""
    now = timezone.now()
    Subscription.objects.filter(pk=subscription.pk, confirmed_at=None).update(confirmed_at=now, consent=CONSENT)
    Subscription.objects.filter(pk=subscription.pk).update(dead_at=None, trusted_from=now)
    show_interest(subscription.subscriber)


@transaction.atomic
def leave(subscription: Subscription) -> None:
    """No more letters; the address goes too, unless alerts need it."""
    email = subscription.subscriber.email
    Departure.objects.update_or_create(digest=Departure.digest_of(email), defaults={"left_at": timezone.now()})
    subscription.delete()
    Subscriber.objects.alone().filter(pk=subscription.subscriber_id).delete()


def ask(email: str) -> None:
    """From another form of the site (registrations): the same message, unless this mailbox got too many already."""
    if may_write(email):
        request(email)


def leave_address(email: str) -> None:
    """The same as leaving by the link of a letter, for an address that may not be known."""
    for subscription in Subscription.objects.filter(subscriber__email__iexact=email).select_related("subscriber"):
        leave(subscription)


NEWSLETTER = Newsletter(CONSENT, ask, leave_address)
