"""What costs much to count is counted once, as long as the index stays as it is: the list without a word, the commonest words."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import tantivy

from . import matching, schema
from .backends import TQuery
from .declarations import Query, sources
from .engine import shape
from .reading import Reading

OBJECTS = 1 << 32  # more than any index holds
KEPT = 32  # answers, each with the counts of its facets: some megabytes at most
_kept: "OrderedDict[Hashable, Any]" = OrderedDict()
_keeping = threading.Lock()


def once(asked: Query, reading: Reading, compute: Callable[[], Any], worth: Callable[[Any], bool]) -> Any:
    """`compute()`, or what it gave for the same question of the same reader on the same index; kept when it is `worth` it."""
    if reading.hidden:
        return compute()
    key = _key(asked, reading)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    value = compute()
    if worth(value):
        with _keeping:
            _kept[key] = value
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return value


def forget() -> None:
    _kept.clear()


def _key(asked: Query, reading: Reading) -> Hashable:
    """Everything that decides what is found, but neither the page nor the order."""
    kinds = tuple(source.kind for source in sources(asked.kinds))
    filters = tuple(sorted((group, tuple(values)) for group, values in asked.filters.items()))
    question = (asked.text, asked.exact, asked.strict, kinds, filters, tuple(asked.facets), asked.published_after, asked.over)
    return (reading.opened.folder, reading.opened.stamp, _scheduled(asked, reading), asked.access, question)


def _scheduled(asked: Query, reading: Reading) -> int:
    """How many objects have not appeared yet, or are over: one more or fewer, and answers change though the index does not."""
    now = schema.moment_number(asked.now) if asked.now else 0
    later = TQuery.range_query(shape(), "embargo", tantivy.FieldType.Integer, now, None, include_lower=False)
    ended = reading.count(matching.over(asked)) if asked.over is not None else 0
    return reading.count(later) * OBJECTS + ended
