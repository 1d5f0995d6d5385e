"""People with alerts, and the moment of each test: a Tuesday in March, in Paris."""

import datetime
from collections.abc import Callable

import pytest
import time_machine

from resources.alerts.models import Alert, Subscriber
from resources.alerts.subscribing import CONSENT
from tests.factories.documents import document
from trajectoire.core import search

TUESDAY = datetime.datetime(2026, 3, 3, 9, 0, tzinfo=datetime.UTC)  # 10 h in Paris
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def clock(world):
    """clock.move_to(…); tests begin on that Tuesday, with an index."""
    with time_machine.travel(TUESDAY, tick=False) as travelling:
        search.rebuild()
        yield travelling


@pytest.fixture
def alert(clock) -> Callable[..., Alert]:
    """A function that stores a confirmed alert."""

    def make(email: str = "ada@example.org", query: str = "", **fields) -> Alert:
        subscriber, _ = Subscriber.objects.get_or_create(email=email, defaults={"created_at": TUESDAY, "seen_at": TUESDAY})
        given = {
            "listing": "ressources",
            "frequency": "parution",
            "confirmed_at": TUESDAY,
            "consent": CONSENT,
            "sent_upto": TUESDAY,
        }
        return Alert.objects.create(subscriber=subscriber, query=query, **given | fields)

    return make


@pytest.fixture
def publish(clock):
    """A function that publishes a document at a moment."""

    def make(title: str, moment: datetime.datetime, **fields):
        return document(title, publish_at=moment, **fields)

    return make
