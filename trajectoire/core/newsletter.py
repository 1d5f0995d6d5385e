"""The newsletter, as the layers below it see it: what one agrees to, and how to ask for it. Whoever sends it says so here."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Newsletter:
    """`ask` begins a subscription, to be confirmed from the mailbox; `leave` ends it; both take an address, known or not."""

    wording: str  # French, what is agreed to
    ask: Callable[[str], None]
    leave: Callable[[str], None]


_known: list[Newsletter] = []


def register(newsletter: Newsletter) -> None:
    _known[:] = [newsletter]


def current() -> Newsletter | None:
    return _known[0] if _known else None
