"""Whether one may register now, and why not."""

import datetime

import pytest
from django.utils import timezone

from network.events.models import Event, Series
from network.events.opening import opening
from network.events.places import places_left
from tests.factories import events
from tests.factories.events import in_days

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


def filled(made: Event, confirmed: int, waiting: int = 0) -> Event:
    for _ in range(confirmed):
        events.registration(made)
    for _ in range(waiting):
        events.registration(made, "attente")
    return made


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({}, "open"),
        ({"status": "annule"}, "cancelled"),
        ({"status": "reporte"}, "postponed"),
        ({"status": "complet"}, "full"),
        ({"status": "deplace-en-ligne"}, "open"),
        ({"registering": "aucune"}, "none"),
        ({"registering": "ailleurs", "elsewhere_url": "https://example.org/"}, "elsewhere"),
        ({"registering": "candidature"}, "open"),
        ({"capacity": 0}, "waiting-list"),
        ({"capacity": 0, "waiting_list": False}, "full"),
        ({"capacity": 0, "registering": "candidature"}, "open"),
        ({"published": False}, "hidden"),
        ({"private": True}, "hidden"),
        ({"opens_at": in_days(1)}, "not-yet"),
        ({"closes_at": in_days(-1)}, "closed"),
        ({"days": (-1,)}, "past"),
        ({"days": (-1, 3)}, "closed"),
        ({"days": (-1, 3), "closes_at": in_days(2)}, "open"),
        ({"days": (-1,), "closes_at": in_days(2)}, "past"),
        ({"days": ()}, "open"),
    ],
)
def test_state_of_an_event(given, state):
    found = opening(events.event(**given))
    assert found.state == state
    assert found.sentence.endswith(".")
    assert found.accepts == (state in ("open", "waiting-list"))


def test_sentence_never_tells_how_many_places_are_left():
    made = filled(events.event(capacity=10), 4)
    assert opening(made).sentence.startswith("Il reste des places. Inscriptions jusqu’au ")
    assert opening(filled(made, 1)).sentence.startswith("Dernières places.")
    assert opening(filled(made, 5)).sentence.startswith(f"Complet{NBSP}: inscription possible en liste d’attente.")


def test_sentence_says_when_it_opens_in_paris():
    summer = datetime.datetime(2026, 7, 1, 8, 30, tzinfo=datetime.UTC)
    made = events.event(opens_at=summer)
    found = opening(made, datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC))
    assert found.sentence == f"Les inscriptions ouvriront le mercredi 1er juillet 2026 à 10{NBSP}h{NBSP}30."
    assert found.until == summer


def test_places_left_count_offers_and_go_below_zero():
    made = filled(events.event(capacity=3), 2)
    events.registration(made, "proposee")
    assert places_left(made) == 0
    assert opening(made).state == "waiting-list"
    Event.objects.filter(pk=made.pk).update(capacity=1)
    made.refresh_from_db()
    assert places_left(made) == -2
    assert opening(made).state == "waiting-list"
    assert places_left(events.event()) is None


def test_somebody_who_waits_goes_before_who_comes_now():
    made = filled(events.event(capacity=2), 1, 1)
    assert opening(made).state == "waiting-list"
    Event.objects.filter(pk=made.pk).update(waiting_list=False)
    made.refresh_from_db()
    assert opening(made).state == "open"


def test_counts_come_with_the_list_in_one_query(django_assert_num_queries):
    cycle = Series.objects.create(title="Cycle")
    lead = filled(events.event("Séance 1", series=cycle, capacity=3), 2, 1)
    events.registration(lead, "proposee")
    events.event("Séance 2", series=cycle)
    filled(events.event("Seule", capacity=8), 1)
    with django_assert_num_queries(1):
        found = {
            one.title: (one.confirmed_count, one.waiting_count, places_left(one), opening(one).state)
            for one in Event.objects.with_places().order_by("pk")
        }
    assert found == {
        "Séance 1": (2, 1, 0, "waiting-list"),
        "Séance 2": (2, 1, 0, "waiting-list"),
        "Seule": (1, 0, 7, "open"),
    }


def test_sessions_of_a_cycle_are_those_of_its_lead():
    cycle = Series.objects.create(title="Cycle")
    lead, second = events.event(series=cycle), events.event(series=cycle)
    lead.refresh_from_db()
    second.refresh_from_db()
    assert set(lead.sessions) == {lead, second}
    assert list(second.sessions) == [second]
    assert second.holder == lead


def test_now_may_be_given():
    made = events.event(closes_at=in_days(5))
    assert opening(made, in_days(4)).state == "open"
    assert opening(made, in_days(5)).state == "closed"
    assert opening(made, timezone.now()).until == made.closes_at
