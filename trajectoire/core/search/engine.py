"""One open index per process, opened again when another process commits or puts a new generation in service."""

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import tantivy

from . import analysis, schema, storage

WRITER_MEMORY = 30_000_000
Query = tantivy.Query  # its constructors: see backends


@dataclass(frozen=True)
class State:
    """What an index holds of the change table: everything up to `last` (written at `moment`) except `gaps`.

    A gap is a number taken by a transaction that had not committed: on PostgreSQL numbers are not committed in order.
    """

    last: int = 0
    moment: str = ""
    gaps: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Opened:
    """An index as it was at one commit."""

    folder: Path
    index: tantivy.Index
    searcher: tantivy.Searcher
    stamp: tuple[int, int]
    state: State


@cache
def shape() -> tantivy.Schema:
    return schema.build()


_open: dict[Path, Opened] = {}
_opening = threading.Lock()


def opened() -> Opened:
    """The index in service, as of its last commit. Raises storage.Unavailable."""
    folder = storage.current()
    stamp = storage.stamp(folder)
    known = _open.get(folder)
    if known and known.stamp == stamp:
        return known
    with _opening, storage.guarded():
        fresh = _read(folder, known.index if known else open_index(folder), stamp)
        _open.clear()
        _open[folder] = fresh
    return fresh


def count(result: tantivy.SearchResult) -> int:
    return result.count  # type: ignore[attr-defined]  # missing from the types of the wheel


def total(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """How many documents match."""
    return count(searcher.search(query, limit=1))


def present(searcher: tantivy.Searcher, stems: Iterable[str]) -> set[str]:
    """Those of these stems that some document says."""
    return {stem for stem in stems if searcher.doc_freq(schema.WHOLE, stem)}


def frequencies(searcher: tantivy.Searcher, field: str, words: Iterable[str]) -> dict[str, int]:
    """In how many documents each of these words stands."""
    return {word: searcher.doc_freq(field, word) for word in words}


def snippets(reading: Any, stems: Iterable[str]) -> tantivy.Searcher:
    """What makes excerpts and knows these stems."""
    return reading.searcher


def forget() -> None:
    """Close what is open (tests, forks)."""
    _open.clear()


def open_index(folder: Path) -> tantivy.Index:
    index = tantivy.Index(shape(), path=str(folder))
    analysis.install(index)
    index.config_reader("manual")
    return index


def _read(folder: Path, index: tantivy.Index, stamp: tuple[int, int]) -> Opened:
    index.reload()
    searcher = index.searcher()
    return Opened(folder, index, searcher, stamp, _state(searcher))


def _state(searcher: tantivy.Searcher) -> State:
    hits = searcher.search(tantivy.Query.term_query(shape(), "key", schema.STATE_KEY), limit=1).hits
    if not hits:
        raise ValueError("no state in the index")
    card = schema.unpacked(searcher.doc(hits[0][1]))
    return State(card["last"], card["moment"], {int(number): seen for number, seen in card["gaps"].items()})


class Writing:
    """A batch of changes to one index, kept whole or not at all with the state that says how far it goes.

    Used in a `with`: merges end before it is left (dropped half-way they would leave ever more segments); after an error,
    everything not committed is dropped at once.
    """

    def __init__(self, index: tantivy.Index, threads: int = 1) -> None:
        self.writer = index.writer(WRITER_MEMORY * threads, threads)

    def remove(self, kind: str, pk: int) -> None:
        self.writer.delete_documents_by_term("key", schema.key(kind, pk))

    def add(self, documents: Iterable[tantivy.Document]) -> None:
        for document in documents:
            self.writer.add_document(document)

    def commit(self, state: State) -> None:
        self.writer.delete_documents_by_term("key", schema.STATE_KEY)
        document = tantivy.Document()
        document.add_text("key", schema.STATE_KEY)
        document.add_bytes("card", _state_card(state))
        self.writer.add_document(document)
        self.writer.commit()

    def close(self) -> None:
        self.writer.wait_merging_threads()

    def __enter__(self) -> "Writing":
        return self

    def __exit__(self, failed: type[BaseException] | None, *exc: object) -> None:
        if failed:
            del self.writer
        else:
            self.close()


def _state_card(state: State) -> bytes:
    card: dict[str, Any] = {"last": state.last, "moment": state.moment, "gaps": state.gaps}
    return json.dumps(card).encode()
