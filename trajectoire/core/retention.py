"""How long each thing is kept: apps declare their rules in `AppConfig.ready()`, one command applies them all."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet


class Countable(Protocol):
    """A queryset, or several."""

    def count(self) -> int: ...


@dataclass(frozen=True)
class Rule:
    """`old(now)` gives the rows whose time is over; `erase(now)` deletes them or takes names away, and says how many.

    `erase` is safe to run again: a second run finds nothing.
    """

    label: str  # French, plural: « messages reçus par le formulaire de contact »
    old: Callable[[datetime.datetime], Countable]
    erase: Callable[[datetime.datetime], int]


_rules: dict[str, Rule] = {}


def register(rule: Rule) -> None:
    _rules[rule.label] = rule


def rules() -> list[Rule]:
    """In the order of their labels."""
    return [_rules[label] for label in sorted(_rules)]


def deletion(label: str, old: Callable[[datetime.datetime], QuerySet]) -> Rule:
    """The rule that deletes the old rows, whole."""
    return Rule(label, old, lambda now: old(now).delete()[0])
