"""Following the change table: what an index has not seen, applied by one process at a time."""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import tantivy
from django.db import connection, transaction
from django.db.models import Model, Q

from . import backends, engine, schema, storage
from .declarations import Entry, Source, source_of
from .engine import State
from .models import SearchChange

logger = logging.getLogger(__name__)
BATCH = 1_000
GAP_SECONDS, GAP_LIMIT = 3_600, 500
Row = tuple[int, str, int]
_local = threading.local()


@dataclass(frozen=True)
class Pending:
    """Changes the index has not seen, and its state once they are applied. `lost`: the table is not the one it followed."""

    rows: list[Row]
    state: State
    more: bool = False
    lost: bool = False

    @property
    def keys(self) -> list[str]:
        return sorted({schema.key(kind, pk) for _, kind, pk in self.rows})


def record_change(kind: str, pk: int) -> None:
    """Note, in the caller's transaction, that an object changed (saved, its many-to-many set, deleted)."""
    record_changes(kind, [pk])


def record_changes(kind: str, pks: Iterable[int]) -> None:
    """One row an object; once committed, this process brings its index up to date."""
    SearchChange.objects.bulk_create([SearchChange(kind=kind, object_pk=pk) for pk in pks], batch_size=BATCH)
    waiting = connection.run_on_commit
    if not (waiting and waiting[-1][1] is _after_commit):
        transaction.on_commit(_after_commit, robust=True)


@contextmanager
def paused() -> Iterator[None]:
    """Put off the index during a bulk load: one update at the end in place of one a transaction."""
    _local.paused = getattr(_local, "paused", 0) + 1
    try:
        yield
    finally:
        _local.paused -= 1
    _after_commit()


def _after_commit() -> None:
    if getattr(_local, "paused", 0):
        return
    try:
        apply_changes()
    except (storage.Unavailable, storage.Busy) as error:
        logger.info("search index not updated now: %s", error)


def pending(state: State, limit: int = BATCH) -> Pending:
    """One query: the row the index stopped at (proof that the table is the same), those after, and filled gaps."""
    wanted = Q(pk__gte=state.last)
    if state.gaps:
        wanted |= Q(pk__in=list(state.gaps))
    found = SearchChange.objects.filter(wanted).order_by("pk")
    rows = list(found.values_list("pk", "kind", "object_pk", "created_at")[: limit + 2])
    anchor = next((row[3].isoformat() for row in rows if row[0] == state.last), "")
    if anchor != state.moment:
        return Pending([], state, lost=True)
    fresh = [row for row in rows if row[0] != state.last]
    taken = fresh[:limit]
    return Pending([row[:3] for row in taken], _advanced(state, taken), more=len(fresh) > limit)


def _advanced(state: State, rows: list[tuple]) -> State:
    """The state after these rows: numbers jumped over become gaps, looked at again for an hour."""
    if not rows:
        return state
    seen, now = {row[0] for row in rows}, time.time()
    top = max(rows[-1][0], state.last)
    gaps = {number: since for number, since in state.gaps.items() if number not in seen and now - since < GAP_SECONDS}
    jumped = range(max(state.last + 1, top - GAP_LIMIT), top)
    gaps |= {number: now for number in jumped if number not in seen}
    moment = rows[-1][3].isoformat() if rows[-1][0] == top else state.moment
    return State(top, moment, gaps)


def first_state() -> State:
    """The state to give an index about to be rebuilt: read before the objects, so that later changes are applied again."""
    rows = list(SearchChange.objects.order_by("-pk").values_list("pk", "created_at")[:GAP_LIMIT])
    if not rows:
        return State()
    seen, now = {row[0] for row in rows}, time.time()
    gaps = {number: now for number in range(rows[-1][0], rows[0][0]) if number not in seen}
    return State(rows[0][0], rows[0][1].isoformat(), gaps)


def apply_changes(wait: float = 0.0) -> int:
    """Bring the index of this machine up to date; the number of changes applied.

    Raises storage.Busy when another process is at it for more than `wait` seconds, storage.Unavailable without an index.
    """
    opened = backends.current().opened()
    if not _work(pending(opened.state)):
        return 0
    with storage.guarded(), backends.store().lock(storage.APPLY, wait):
        opened = backends.current().opened()
        return follow(opened.index, opened.state)


def _work(found: Pending) -> bool:
    if found.lost:
        raise storage.Unavailable("L’index de recherche ne suit plus cette base de données.")
    return bool(found.rows)


def follow(index: tantivy.Index, state: State) -> int:
    """Apply what is pending to this index, batch by batch, each committed with its state. Hold the lock."""
    applied = 0
    found = pending(state)
    while _work(found):
        with backends.current().Writing(index) as writing:
            _write(writing, found.rows)
            writing.commit(found.state)
        applied += len(found.rows)
        found = pending(found.state)
    return applied


def _write(writing: engine.Writing, rows: list[Row]) -> None:
    by_kind: dict[str, set[int]] = defaultdict(set)
    for _, kind, pk in rows:
        by_kind[kind].add(pk)
    for kind, pks in by_kind.items():
        source = source_of(kind)
        if source is None:
            continue
        for pk in pks:
            writing.remove(kind, pk)
        for entry in entries(source, source.queryset().filter(pk__in=pks)):
            writing.add(schema.documents(kind, entry))


def entries(source: Source, objects: Iterable[Model]) -> Iterator[Entry]:
    """What these objects say; one that cannot be read is left out and logged, never the ruin of the whole."""
    make: Callable = source.entry
    for thing in objects:
        try:
            entry = make(thing)
        except Exception:
            logger.exception("search: %s %s cannot be indexed", source.kind, thing.pk)
            continue
        if entry is not None:
            yield entry


def forget_before(moment: datetime) -> int:
    """Drop old rows, never the newest; an index that stopped before them sees it and asks to be rebuilt."""
    newest = SearchChange.objects.order_by("-pk").values_list("pk", flat=True)[:1]
    return SearchChange.objects.filter(created_at__lt=moment).exclude(pk__in=list(newest)).delete()[0]
