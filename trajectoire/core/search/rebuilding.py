"""The whole index again, beside the one in service."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path

import tantivy
from django.conf import settings
from django.db import connections
from django.utils import timezone

from . import backends, changes, engine, schema, storage
from .declarations import Source, source_of, sources

CHUNK = 500
KEPT_DAYS = 30
INLINE_LIMIT = 2_000
Progress = Callable[[int, int], None]
Chunk = tuple[str, list[int]]


def rebuild(progress: Progress | None = None, workers: int = 1, wait: float = 60.0) -> int:
    """Read every object into a new index, then put it in service; the number of objects read.

    `progress(done, total)` is called along the way. Changes made meanwhile are applied before the switch. Raises
    storage.Busy when another rebuild runs, storage.Unavailable when the folder cannot be written.
    """
    with storage.guarded(), backends.store().lock(storage.REBUILD, wait):
        folder = backends.store().new_generation()
        try:
            done = _fill(folder, progress or (lambda done, total: None), workers)
        except BaseException:
            backends.store().discard(folder)
            raise
        changes.forget_before(timezone.now() - timedelta(days=KEPT_DAYS))
        return done


def _fill(folder: Path, progress: Progress, workers: int) -> int:
    state = changes.first_state()
    chunks = list(_chunks())
    total, done = sum(len(pks) for _, pks in chunks), 0
    index = backends.current().open_index(folder)
    with _reading(workers) as read, backends.current().Writing(index, threads=max(1, min(workers, 4))) as writing:
        for (kind, pks), entries in zip(chunks, read(_entries, chunks), strict=True):
            for entry in entries:
                writing.add(schema.documents(kind, entry))
            done += len(pks)
            progress(done, total)
        writing.commit(state)
    _switch(folder, index, state)
    return done


def _switch(folder: Path, index: tantivy.Index, state: engine.State) -> None:
    """Catch up with what changed meanwhile, then serve: under the lock of appliers, so nothing falls between."""
    with backends.store().lock(storage.APPLY, wait=60.0):
        changes.follow(index, state)
        backends.store().put_in_service(folder)


def _chunks() -> Iterator[Chunk]:
    for source in sources():
        pks = iter(source.queryset().order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000))
        while chunk := list(islice(pks, CHUNK)):
            yield source.kind, chunk


def _entries(chunk: Chunk) -> list:
    kind, pks = chunk
    source: Source = source_of(kind)  # type: ignore[assignment]
    return list(changes.entries(source, source.queryset().filter(pk__in=pks)))


@contextmanager
def _reading(workers: int) -> Iterator[Callable[..., Iterator]]:
    """`map` in this process, or over `workers` others (reading objects costs far more than indexing them)."""
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield map
        return
    connections.close_all()  # a connection shared with children would be closed by the first of them
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield pool.imap
        pool.close()
        pool.join()


def rebuild_if_small() -> None:
    """Make the index at once when there is little to read (a first start, a test). Raises Unavailable or Busy otherwise."""
    limit = getattr(settings, "SEARCH_INLINE_REBUILD", INLINE_LIMIT)
    if sum(source.queryset().count() for source in sources()) > limit:
        raise storage.Unavailable("L’index de recherche est à reconstruire : lancez la commande rebuild_index.")
    rebuild(wait=0.0)
