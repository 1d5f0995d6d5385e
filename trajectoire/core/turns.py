"""Writers of a rush one after the other, on SQLite: it makes each of them ask again and again, in no order, then give up.

PostgreSQL queues those who wait for a row by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files import locks
from django.db import connection


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait for one's turn before beginning a transaction; the system ends the turn of a process that dies.

    Within a transaction there is nothing to wait for: on SQLite it already keeps the others from writing.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with (settings.VAR_DIR / "writers.lock").open("w") as turn:
        locks.lock(turn, locks.LOCK_EX)
        yield
