"""What a reader meets: the index brought up to date if it can be at once, else without what is being changed."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import tantivy

from ..keeping import do_not_keep
from . import backends, changes, rebuilding, storage
from .engine import Opened
from .synonyms import Synonyms, synonyms_at


@dataclass(frozen=True)
class Reading:
    """An open index and the keys to leave out: changes another process is applying right now."""

    opened: Opened
    hidden: list[str]
    memory: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def searcher(self) -> tantivy.Searcher:
        return self.opened.searcher

    @property
    def synonyms(self) -> Synonyms:
        return synonyms_at(self.opened.state.last)

    def frequency(self, name: str, word: str) -> int:
        return self.searcher.doc_freq(name, word)

    def present(self, stems: Iterable[str]) -> set[str]:
        """Those of these stems that may be somewhere in the index."""
        return backends.current().present(self.searcher, stems)

    def frequencies(self, name: str, words: Iterable[str]) -> dict[str, int]:
        return backends.current().frequencies(self.searcher, name, words)

    def remembered(self, name: Hashable, compute: Callable[[], Any]) -> Any:
        """A value computed once a query."""
        if name not in self.memory:
            self.memory[name] = compute()
        return self.memory[name]

    def count(self, query: tantivy.Query) -> int:
        with storage.guarded():
            return backends.current().total(self.searcher, query)

    def aggregate(self, query: tantivy.Query, wanted: dict) -> dict:
        with storage.guarded():
            return self.searcher.aggregate(query, wanted)


def read() -> Reading:
    """The index, up to date with the change table. Raises storage.Unavailable: then the database answers."""
    try:
        return _current()
    except storage.AwayError:
        raise
    except storage.Unavailable:
        try:
            rebuilding.rebuild_if_small()
        except storage.Busy as error:
            raise storage.Unavailable("L’index de recherche est en cours de reconstruction.") from error
        backends.current().forget()
        return _current()


def _current() -> Reading:
    opened = backends.current().opened()
    try:
        changes.apply_changes()
        return Reading(backends.current().opened(), [])
    except storage.Busy:
        found = changes.pending(opened.state)
        if found.more or found.lost:
            raise storage.Unavailable("L’index de recherche est très en retard.") from None
        do_not_keep()
        return Reading(opened, found.keys)
