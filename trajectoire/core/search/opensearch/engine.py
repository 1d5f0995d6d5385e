"""Generations of the index on the server, behind one alias; the state of each, and writing to it.

Each has the same duties as tantivy's (see ../engine.py and ../storage.py). A generation knows the last change it holds in a
document of its own, written after the batch is refreshed: killed in between, the batch is applied again, to the same effect.
"""

import json
import re
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import tantivy
from django.db import connection

from .. import analysis, schema, storage
from ..engine import Opened, State, shape
from . import mapping
from .clauses import Query
from .connection import LONG, address, call
from .searching import Result, Searcher

__all__ = ["Query"]
HEAVIEST = 5_000_000  # characters sent at once
_GENERATION = r"-[0-9a-f]{10}v\d+-[0-9a-f]{12}"
_open: dict[str, Opened] = {}


def opened() -> Opened:
    """The generation in service and how far it goes: one request, whatever the number of machines."""
    alias = address().index
    found = call(lambda client: client.get(index=alias, id=schema.STATE_KEY))
    name, stamp = found["_index"], (found["_seq_no"], found["_primary_term"])
    if not name.startswith(f"{alias}-{_version()}-"):
        raise storage.Unavailable("L’index de recherche vient d’une autre version du site.")
    known = _open.get(name)
    if known and known.stamp == stamp:
        return known
    card = json.loads(found["_source"]["stored"]["card"])
    state = State(card["last"], card["moment"], {int(number): seen for number, seen in card["gaps"].items()})
    _open.clear()
    _open[name] = Opened(Path(name), open_index(name), Searcher(name), stamp, state)  # type: ignore[arg-type]
    return _open[name]


def open_index(name: str) -> str:
    return name


def forget() -> None:
    _open.clear()


def count(result: Result) -> int:
    return result.count


def total(searcher: Searcher, query: Query) -> int:
    return searcher.total(query)


def present(searcher: Searcher, stems: Iterable[str]) -> set[str]:
    """All of them: knowing would take one more request, and looking for what is nowhere costs a server little."""
    return set(stems)


def frequencies(searcher: Searcher, field: str, words: Iterable[str]) -> dict[str, int]:
    return searcher.frequencies(field, words)


def snippets(reading: Any, stems: Iterable[str]) -> tantivy.Searcher:
    """Excerpts are made here, by the embedded engine, from the texts the server gave back: a small index of these stems."""
    stems = tuple(stems)
    return reading.remembered(("snippets", stems), lambda: _knowing(stems))


def _knowing(stems: Iterable[str]) -> tantivy.Searcher:
    index = tantivy.Index(shape())
    index.register_tokenizer(analysis.STEMMED, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.register_tokenizer(analysis.PLAIN, analysis.analyser(analysis.PLAIN))
    document = tantivy.Document()
    for name in schema.STORED:
        document.add_text(name, " ".join(stems))
    writer = index.writer(15_000_000, 1)
    writer.add_document(document)
    writer.commit()
    analysis.install(index)  # stems are in as they are; texts will be read by the whole chain
    index.reload()
    return index.searcher()


def _version() -> str:
    return f"{schema.fingerprint()}v{mapping.VERSION}"


def new_generation() -> str:
    name = f"{address().index}-{_version()}-{uuid.uuid4().hex[:12]}"
    call(lambda client: client.indices.create(index=name, body=mapping.index(), params=LONG))
    return name


def put_in_service(name: str) -> None:
    """Point the alias at this generation in one step, then remove the others."""
    alias = address().index
    ours = re.compile(re.escape(alias) + _GENERATION)
    known = call(lambda client: client.indices.get_alias(index=f"{alias}-*"))
    former = [one for one in known if ours.fullmatch(one) and one != name]
    actions: list[dict] = [{"add": {"index": name, "alias": alias}}]
    actions += [{"remove": {"index": one, "alias": alias}} for one in former if alias in known[one]["aliases"]]
    call(lambda client: client.indices.update_aliases(body={"actions": actions}))
    for one in former:
        discard(one)


def discard(name: str) -> None:
    with suppress(storage.Unavailable):
        call(lambda client: client.indices.delete(index=name, params={"ignore_unavailable": "true"}))


@contextmanager
def lock(name: str, wait: float = 0.0) -> Iterator[None]:
    """Hold a lock between the processes of this machine and, with PostgreSQL, between machines: all write to one index.

    The second is held by a connection of its own: it falls with it, even when the process dies. Raises storage.Busy.
    """
    with storage.lock(name, wait):
        if connection.vendor != "postgresql":
            yield
            return
        own = connection.copy()
        try:
            _hold(own, f"search|{address().index}|{name}", time.monotonic() + wait)
            yield
        finally:
            own.close()


def _hold(own: Any, name: str, deadline: float) -> None:
    with own.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
            if cursor.fetchone()[0]:
                return
            if time.monotonic() >= deadline:
                raise storage.Busy(name)
            time.sleep(storage.PAUSE)


class Writing:
    """A batch of changes. Nothing of it is seen before `commit`; after an error, what was not sent is dropped."""

    def __init__(self, index: str, threads: int = 1) -> None:
        self.index = index
        self._removed: list[str] = []
        self._lines: list[str] = []
        self._size = 0

    def remove(self, kind: str, pk: int) -> None:
        self._removed.append(schema.key(kind, pk))

    def add(self, documents: Iterable[tantivy.Document]) -> None:
        for number, document in enumerate(documents):
            source = mapping.source(document)
            name = f"{source['key']}:{number}" if number else source["key"]
            self._lines += [json.dumps({"index": {"_id": name}}), json.dumps(source, ensure_ascii=False)]
            self._size += len(self._lines[-1])
        if self._size > HEAVIEST:
            self._send()

    def commit(self, state: State) -> None:
        self._send()
        call(lambda client: client.indices.refresh(index=self.index, params=LONG))
        card = json.dumps({"last": state.last, "moment": state.moment, "gaps": state.gaps})
        source = {"key": schema.STATE_KEY, "stored": {"card": card}}
        call(lambda client: client.index(index=self.index, id=schema.STATE_KEY, body=source))

    def _send(self) -> None:
        self._delete()
        if not self._lines:
            return
        body = "\n".join([*self._lines, ""])
        answer = call(lambda client: client.bulk(index=self.index, body=body, params=LONG))
        if answer["errors"]:
            reasons = [one["index"]["error"]["reason"] for one in answer["items"] if "error" in one["index"]]
            raise storage.Unavailable(f"Le serveur de recherche refuse un document : {reasons[0]}.")
        self._lines, self._size = [], 0

    def _delete(self) -> None:
        """Objects and their pages. Only what has been refreshed is found, and nothing is shown before the next refresh."""
        if not self._removed:
            return
        call(lambda client: client.indices.refresh(index=self.index, params=LONG))
        body = {"query": {"terms": {"key": self._removed}}}
        call(
            lambda client: client.delete_by_query(
                index=self.index, body=body, params={**LONG, "conflicts": "proceed", "refresh": "false"}
            )
        )
        self._removed = []

    def __enter__(self) -> "Writing":
        return self

    def __exit__(self, failed: type[BaseException] | None, *exc: object) -> None:
        """Nothing is held open on the server."""
