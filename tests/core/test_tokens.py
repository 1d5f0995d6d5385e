"""Signed values for links: what was signed comes back, and nothing else opens."""

import datetime
import re

import pytest
import time_machine

from trajectoire.core import tokens

START = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize("value", [7, "é", [1, "a"], {"pk": 3}, None])
def test_value_comes_back(value):
    token = tokens.sign("alert", value)
    assert tokens.unsign("alert", token) == value
    assert re.fullmatch(r"[\w:-]+", token)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1],
        lambda t: t + "A",
        lambda t: "x" + t,
        lambda t: t.swapcase(),
        lambda t: "",
        lambda t: "a:b:c",
        lambda t: "é:ü:\0",
    ],
    ids=["cut", "longer", "before", "capitals", "empty", "made up", "not ascii"],
)
def test_changed_token_is_invalid(spoil):
    with pytest.raises(tokens.Invalid) as caught:
        tokens.unsign("alert", spoil(tokens.sign("alert", 7)))
    assert caught.type is tokens.Invalid


def test_each_character_counts():
    """Every change of one character of the signature and of the value is refused."""
    token = tokens.sign("alert", 7)
    for place, char in enumerate(token):
        changed = token[:place] + ("B" if char == "A" else "A") + token[place + 1 :]
        with pytest.raises(tokens.Invalid):
            tokens.unsign("alert", changed)


def test_token_of_another_use_is_invalid():
    with pytest.raises(tokens.Invalid):
        tokens.unsign("unsubscribe", tokens.sign("alert", 7))


def test_token_expires_after_its_age():
    with time_machine.travel(START, tick=False):
        token = tokens.sign("alert", 7)
    with time_machine.travel(START + datetime.timedelta(hours=48), tick=False):
        assert tokens.unsign("alert", token, max_age=48 * 3600) == 7
    with time_machine.travel(START + datetime.timedelta(hours=48, seconds=2), tick=False):
        assert tokens.unsign("alert", token) == 7
        with pytest.raises(tokens.Expired):
            tokens.unsign("alert", token, max_age=48 * 3600)
