"""Services that no longer exist, told by the apps that know them, and where a text names one."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from ..text import fold

AROUND = 90  # characters shown on each side of a name


class Service(NamedTuple):
    """One that is no more: every way to write it, the usual one first, and what it is called today (or nothing)."""

    names: tuple[str, ...]
    now: str


_tellers: list[Callable[[], Iterable[Service]]] = []


def tell(teller: Callable[[], Iterable[Service]]) -> None:
    """Called in `AppConfig.ready()`."""
    _tellers.append(teller)


class Names:
    """The names of the moment: those of one word are read with their capitals, those of several without minding them."""

    def __init__(self) -> None:
        services = [service for teller in _tellers for service in teller()]
        pairs = [(name.strip(), service) for service in services for name in service.names]
        self.exact = {name: service for name, service in pairs if len(name) > 2 and " " not in name}
        self.loose = {_folded(name): service for name, service in pairs if " " in name}

    def found_in(self, text: str) -> dict[str, tuple[str, str]]:
        """{usual name: (what it is called today, the words around)}, each service once, where it first stands."""
        found: dict[str, tuple[int, str, str]] = {}
        for known, read in ((self.exact, text), (self.loose, _folded(text))):
            for match in _any_of(known).finditer(read) if known else ():
                service = known[match[0]]
                place = (match.start(), service.now, excerpt(text, match.start(), match.end()))
                found[service.names[0]] = min(place, found.get(service.names[0], place))
        return {name: (now, around) for name, (_, now, around) in found.items()}


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """The longest first: « direction régionale de la jeunesse » before « direction régionale »."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)")


def _folded(text: str) -> str:
    """Folded letter by letter: what is found in it stands at the same place in the text."""
    return "".join(map(_letter, text))


@lru_cache(maxsize=2048)
def _letter(letter: str) -> str:
    return fold(letter)[:1] or " "


def excerpt(text: str, start: int, end: int) -> str:
    """The words around, cut between words, at most 300 characters."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = "…" + before.partition(" ")[2]
    if end + AROUND < len(text):
        after = after.rpartition(" ")[0] + "…"
    return f"{before}{text[start:end][:110]}{after}"
