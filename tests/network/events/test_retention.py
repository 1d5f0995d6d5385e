"""Names leave three years after the event, two after a refusal, needs after a month; what is counted stays."""

import datetime

import pytest
from django.utils import timezone

from network.events.models import Presence, Registration, Series
from tests.factories import events
from trajectoire.core import retention

pytestmark = pytest.mark.django_db
YEAR = 365


def applied(label: str) -> int:
    [rule] = [rule for rule in retention.rules() if rule.label == label]
    now = timezone.now()
    expected = rule.old(now).count()
    assert rule.erase(now) == expected
    assert rule.erase(now) == 0
    return expected


def forgotten() -> int:
    return applied("Inscriptions aux événements")


def known(days: tuple[float, ...], state: str = "confirmee", **given) -> Registration:
    made = events.event(days=days)
    said = {"phone": "0611", "position": "cheffe", "status": "elu", "department": "25", "needs": "rampe", "meal": "végétarien"}
    return events.registration(made, state, **said | given)


def test_old_registration_keeps_what_is_counted_only():
    mine = known((-3 * YEAR - 2,), answers={"1": "x"}, motivation="m", newsletter_wording="n", list_wording="l")
    Presence.objects.create(registration=mine, date=mine.event.dates.get(), half_day="matin", present=True)
    token = mine.token
    assert forgotten() == 1
    mine.refresh_from_db()
    said = ("name", "email", "email_key", "phone", "structure", "position", "needs", "meal", "motivation")
    assert {getattr(mine, name) for name in (*said, "newsletter_wording", "list_wording", "decision_note", "registered_by")} == {
        ""
    }
    assert (mine.answers, mine.state, mine.status, mine.department) == ({}, "confirmee", "elu", "25")
    assert mine.presences.filter(present=True).count() == 1
    assert mine.anonymous_since is not None
    assert mine.token != token
    assert str(mine) == "Inscription anonyme"


def test_recent_registration_stays():
    known((-3 * YEAR + 5,))
    assert forgotten() == 0


def test_two_anonymous_people_of_one_event_do_not_clash():
    mine = known((-3 * YEAR - 2,))
    events.registration(mine.event)
    assert forgotten() == 2


def test_refused_application_leaves_after_two_years():
    refused, other = known((-2 * YEAR - 9,), "refusee"), known((-2 * YEAR - 9,), name="Bob")
    assert forgotten() == 0
    Registration.objects.update(updated_at=timezone.now() - datetime.timedelta(days=2 * YEAR + 2))
    assert forgotten() == 1
    refused.refresh_from_db()
    other.refresh_from_db()
    assert (refused.name, other.name) == ("", "Bob")
    assert refused.state == "refusee"


def test_cycle_is_old_after_its_last_session():
    cycle = Series.objects.create(title="Cycle")
    lead = events.event(days=(-3 * YEAR - 30,), series=cycle)
    events.registration(lead)
    last = events.event(days=(-3 * YEAR + 30,), series=cycle)
    assert forgotten() == 0
    last.dates.all().delete()
    last.keep_bounds()
    assert forgotten() == 1


def test_event_without_a_date_counts_from_the_registration():
    known(())
    assert forgotten() == 0
    Registration.objects.update(created_at=timezone.now() - datetime.timedelta(days=3 * YEAR + 2))
    assert forgotten() == 1


def test_needs_and_meals_leave_a_month_after():
    recent, old = known((-20,)), known((-40,))
    assert applied("Besoins d’aménagement et repas des événements") == 1
    recent.refresh_from_db()
    old.refresh_from_db()
    assert (recent.needs, recent.meal, old.needs, old.meal) == ("rampe", "végétarien", "", "")
    assert old.name
