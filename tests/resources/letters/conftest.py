"""People who receive the letter, letters to send, and the moment of each test: a Tuesday in March, in Paris."""

from collections.abc import Callable

import pytest

from resources.alerts.models import Subscriber
from resources.letters.models import Item, Letter, Subscription
from resources.letters.subscribing import CONSENT
from tests.core.mail.conftest import server  # noqa: F401  (a fixture)

from ..alerts.conftest import DAY, HOUR, TUESDAY, alert, clock, publish  # noqa: F401  (fixtures)


@pytest.fixture
def reader(world) -> Callable[..., Subscription]:
    """A function that stores someone who receives the letter."""

    def make(email: str = "ada@example.org", **fields) -> Subscription:
        subscriber, _ = Subscriber.objects.get_or_create(email=email, defaults={"created_at": TUESDAY, "seen_at": TUESDAY})
        given = {"confirmed_at": TUESDAY, "consent": CONSENT}
        return Subscription.objects.create(subscriber=subscriber, **given | fields)

    return make


@pytest.fixture
def letter(world) -> Callable[..., Letter]:
    """A function that stores a draft with one free text."""

    def make(number: int = 48, text: str = "<p>Un texte libre.</p>", **fields) -> Letter:
        made = Letter.objects.create(**{"number": number, "title": "un essai", "intro": "<p>Bonjour.</p>"} | fields)
        Item.objects.create(letter=made, order=10, title="Un titre", text=text)
        return made

    return make
