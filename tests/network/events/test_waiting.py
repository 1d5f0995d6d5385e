"""The waiting list: in order, one place one person, nobody after the start, nothing when it is off."""

import datetime

import pytest
from django.utils import timezone

from network.events import registering
from network.events.models import Event, Registration, RegistrationState
from network.events.places import places_left
from network.events.registering import Refused
from tests.factories import events
from tests.factories.events import in_days
from trajectoire.core.outbox import OutgoingMail

pytestmark = pytest.mark.django_db
State = RegistrationState


def line(made: Event, count: int, **given) -> list[Registration]:
    """So many people who wait, the first first."""
    then = timezone.now() - datetime.timedelta(hours=1)
    return [
        events.registration(made, State.WAITING, queued_at=then + datetime.timedelta(minutes=number), **given)
        for number in range(count)
    ]


def states(people: list[Registration]) -> list[str]:
    known = dict(Registration.objects.values_list("pk", "state"))
    return [known[one.pk] for one in people]


def raised(made: Event, capacity: int | None) -> list[Registration]:
    Event.objects.filter(pk=made.pk).update(capacity=capacity)
    made.refresh_from_db()
    return registering.capacity_changed(made)


def test_more_places_are_offered_in_order():
    made = events.event(capacity=0)
    people = line(made, 3)
    assert raised(made, 2) == people[:2]
    assert states(people) == ["proposee", "proposee", "attente"]
    assert [mail.recipient for mail in OutgoingMail.objects.order_by("pk")] == [one.email for one in people[:2]]
    assert raised(made, 2) == []


def test_no_limit_any_more_serves_everybody():
    made = events.event(capacity=0, accept_hours=0)
    people = line(made, 3)
    raised(made, None)
    assert states(people) == ["confirmee"] * 3


def test_fewer_places_throw_nobody_out():
    made = events.event(capacity=3, accept_hours=0)
    inside = [events.registration(made) for _ in range(3)]
    waiting = line(made, 2)
    assert raised(made, 1) == []
    assert states(inside) == ["confirmee"] * 3
    assert places_left(made) == -2
    registering.cancel(inside[0])
    assert states(waiting) == ["attente", "attente"]
    assert raised(made, 3) == waiting[:1]
    assert OutgoingMail.objects.filter(recipient__in=[one.email for one in inside[1:]]).count() == 0


def test_priority_goes_before_arrival():
    made = events.event(capacity=0, accept_hours=0)
    people = line(made, 3)
    registering.prioritise(people[2], 5)
    assert raised(made, 1) == [people[2]]


@pytest.mark.parametrize("given", [{"waiting_list": False}, {"promotes": False}, {"status": "annule"}, {"status": "reporte"}])
def test_line_that_is_off_sends_nothing(given):
    made = events.event(capacity=0, **given)
    people = line(made, 2)
    assert raised(made, 5) == []
    assert states(people) == ["attente"] * 2
    assert not OutgoingMail.objects.exists()


def test_nobody_is_promoted_after_the_start():
    made = events.event(capacity=0, days=(-0.5, 3))
    people = line(made, 1)
    assert raised(made, 5) == []
    with pytest.raises(Refused, match="a commencé"):
        registering.offer(people[0])
    assert states(people) == ["attente"]


def test_staff_chooses_by_hand_once():
    made = events.event(capacity=1, promotes=False)
    people = line(made, 2)
    registering.offer(people[1])
    assert states(people) == ["attente", "proposee"]
    with pytest.raises(Refused, match="n’est pas, ou n’est plus, en liste d’attente"):
        registering.offer(people[1])
    with pytest.raises(Refused, match="Aucune place n’est libre"):
        registering.offer(people[0])
    assert OutgoingMail.objects.count() == 1


def test_staff_chooses_without_limit():
    made = events.event(capacity=None, accept_hours=0)
    [alone] = line(made, 1)
    registering.offer(alone)
    assert alone.state == "confirmee"


def test_offered_place_is_accepted_once():
    made = events.event(capacity=1)
    [alone] = line(made, 1)
    registering.promote(made)
    registering.accept(alone)
    registering.accept(alone)
    assert (alone.state, alone.offer_ends_at) == ("confirmee", None)
    assert OutgoingMail.objects.count() == 2


def test_offer_never_ends_after_the_start():
    made = events.event(capacity=1, days=(1,))
    [alone] = line(made, 1)
    registering.promote(made)
    alone.refresh_from_db()
    assert alone.offer_ends_at == made.starts_at
    undated = events.event(capacity=1, days=())
    [other] = line(undated, 1)
    registering.promote(undated, now=timezone.now())
    other.refresh_from_db()
    assert other.offer_ends_at > timezone.now() + datetime.timedelta(hours=47)


def test_offer_let_pass_goes_to_the_next_one():
    made = events.event(capacity=1)
    people = line(made, 2)
    registering.promote(made)
    later = timezone.now() + datetime.timedelta(hours=49)
    with pytest.raises(Refused, match="délai pour l’accepter est passé"):
        registering.accept(people[0], now=later)
    assert registering.end_offers(now=later) == 1
    assert registering.end_offers(now=later) == 0
    assert states(people) == ["annulee", "proposee"]
    subjects = OutgoingMail.objects.filter(recipient=people[0].email).order_by("pk").values_list("subject", flat=True)
    assert [subject.split(":")[0].strip() for subject in subjects] == [
        "Une place s’est libérée",
        "Place laissée à une autre personne",
    ]


def test_offer_is_not_accepted_when_the_event_is_cancelled():
    made = events.event(capacity=1)
    mine = events.registration(made, State.OFFERED)
    Event.objects.filter(pk=made.pk).update(status="annule")
    with pytest.raises(Refused):
        registering.accept(mine)


def test_whoever_comes_meanwhile_waits_behind():
    made = events.event(capacity=1, promotes=False)
    line(made, 1)
    assert registering.register(made, {"name": "Ada", "email": "ada@example.org"}).state == "attente"


def test_place_kept_for_somebody_who_registers_again_is_hers_when_others_are_free():
    made = events.event(capacity=2)
    kept = events.registration(made, State.OFFERED, email="ada@example.org")
    [outcome] = registering.register_all(made, [{"name": "Ada", "email": "Ada@example.org"}])
    kept.refresh_from_db()
    assert (outcome.shown, kept.state) == ("confirmee", "confirmee")


def test_offer_made_before_a_date_moved_is_ended_by_the_clock():
    made = events.event(capacity=1)
    mine = events.registration(made, State.OFFERED, offer_ends_at=in_days(-1))
    assert registering.end_offers() == 1
    mine.refresh_from_db()
    assert mine.state == "annulee"
