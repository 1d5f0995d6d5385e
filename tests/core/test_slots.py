"""How many exports are made at once: a few for one client, a few more for the site, given back whatever happens."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from trajectoire.core.faces import slots


def request(client: str = "192.0.2.1"):
    return RequestFactory().get("/ressources/export.csv", REMOTE_ADDR=client)


def test_one_client_has_two_slots():
    held = [slots.take(request()) for _ in range(slots.AT_ONCE_FOR_ONE)]
    with pytest.raises(slots.Full) as refused:
        slots.take(request())
    assert refused.value.own
    held[0].free()
    slots.take(request())


def test_the_site_has_four():
    for number in range(slots.AT_ONCE):
        slots.take(request(f"192.0.2.{number}"))
    with pytest.raises(slots.Full) as refused:
        slots.take(request("198.51.100.1"))
    assert not refused.value.own


def test_a_refused_client_keeps_its_own_slots():
    held = [slots.take(request(f"192.0.2.{number}")) for number in range(slots.AT_ONCE)]
    for _ in range(5):
        with pytest.raises(slots.Full):
            slots.take(request("198.51.100.1"))
    held[0].free()
    held[1].free()
    assert [slots.take(request("198.51.100.1")) for _ in range(slots.AT_ONCE_FOR_ONE)]


def test_a_slot_given_back_twice_is_nobody_elses():
    first = slots.take(request())
    first.free()
    others = [slots.take(request("198.51.100.1")) for _ in range(2)]
    first.free()
    assert all(cache.get(key) == token for slot in others for key, token in slot.keys)


def test_a_slot_expires(monkeypatch):
    """The process that held it was killed."""
    monkeypatch.setattr(slots, "LONGEST", 0)
    for _ in range(10):
        slots.take(request())


def test_no_address_is_kept_in_clear():
    assert "192.0.2.1" not in str(slots.take(request()).keys)
