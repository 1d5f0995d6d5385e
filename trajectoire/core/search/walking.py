"""Walking through the whole answer of a query, in its order, for exports and feeds: no last page, no excerpt, little memory."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils import timezone

from . import database, matching, schema, storage
from .declarations import Query, sources
from .parsing import parse
from .planning import plan_of
from .ranking import Ranked, ranked
from .reading import Reading, read

SLICE = 5_000  # hits asked of the engine at once: what a walk holds, whatever its length
BATCH = 500  # keys given at once: what one database query can take on SQLite


class Key(NamedTuple):
    """An object of the answer; a Hit has the same two attributes."""

    kind: str
    pk: int


@dataclass(frozen=True)
class Walk:
    """How many objects the whole answer has, and those asked for, in batches."""

    total: int
    batches: Iterator[list[Key]]


@dataclass(frozen=True)
class Road:
    """A query ready to run on one state of the index, which a walk keeps to its end, whatever is written meanwhile."""

    reading: Reading
    order: Ranked
    kind: str

    def keys(self, offset: int, limit: int) -> list[Key]:
        """A column of the index ends with the key of the object (schema.py): for one kind, no document needs opening."""
        addresses = [address for _, address in self.order.window(self.reading.searcher, offset, limit)]
        if self.kind:
            numbers = self.reading.searcher.fast_field_values("recent", addresses)
            return [Key(self.kind, int(number or 0) & 0xFFFFFFFF) for number in numbers]
        cards = (schema.unpacked(self.reading.searcher.doc(address)) for address in addresses)
        return [Key(card["kind"], card["pk"]) for card in cards]


def every(asked: Query, *, offset: int = 0, limit: int | None = None) -> Walk:
    """What `query` finds, from `offset` on, without its page limit; `page`, `size` and `facets` are not looked at.

    Raises storage.Unavailable when neither the index nor the plain search can give everything.
    """
    asked = replace(asked, now=asked.now or timezone.now())
    try:
        with storage.guarded():
            return _walk(asked, offset, limit)
    except storage.Unavailable:
        return _from_database(asked, offset, limit)


def mark() -> str | None:
    """Another one as soon as an answer may be another; None without an index: nothing is known then."""
    try:
        reading = read()
    except storage.Unavailable:
        return None
    return f"{reading.opened.state.moment} {reading.opened.state.last} {' '.join(sorted(reading.hidden))}"


def _walk(asked: Query, offset: int, limit: int | None) -> Walk:
    reading, kinds = read(), sources(asked.kinds)
    plan = plan_of(asked, parse(asked.text), reading)
    total = reading.count(plan.matching(matching.filters(asked)))
    road = Road(reading, ranked(asked, plan, total, reading), kinds[0].kind if len(kinds) == 1 else "")
    end = total if limit is None else min(total, offset + limit)
    return Walk(total, _batches(road, offset, end))


def _batches(road: Road, offset: int, end: int) -> Iterator[list[Key]]:
    while offset < end:
        keys = road.keys(offset, min(SLICE, end - offset))
        for start in range(0, len(keys), BATCH):
            yield keys[start : start + BATCH]
        offset += SLICE


def _from_database(asked: Query, offset: int, limit: int | None) -> Walk:
    """From the plain search, if it can see everything: an export cut short would look like a whole one."""
    if any(source.queryset()[database.ROW_LIMIT :].exists() for source in sources(asked.kinds)):
        raise storage.Unavailable("L’index de recherche manque, et la base est trop grande pour tout donner sans lui.")
    _, kept = database.matching(asked)
    keys = [Key(source.kind, entry.pk) for source, entry in kept[offset : None if limit is None else offset + limit]]
    return Walk(len(kept), (keys[start : start + BATCH] for start in range(0, len(keys), BATCH)))
