"""What reading may count (see docs/architecture.md): once the answer is sent, without waiting for another writer."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PATIENCE = 100  # ms: what another writer is waited for
ROBOTS = re.compile(
    r"bot|crawl|spider|slurp|scan|monitor|headless|lighthouse|preview|feed|archive|curl|wget|http-client|okhttp|axios|node|"
    r"python|perl|ruby|php|java/|https?:",
    re.IGNORECASE,
)


def is_robot(request: HttpRequest) -> bool:
    """A program that says it is one, or says nothing; and pages that a browser fetches before anybody asks."""
    program = request.headers.get("User-Agent", "")
    early = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "") + request.headers.get("X-Moz", "")
    return not program or bool(ROBOTS.search(program)) or "prefetch" in early


def after(response: HttpResponseBase, count: Callable[[], None]) -> None:
    """Count once this answer has been sent, or not at all when the database refuses."""

    def impatiently() -> None:
        with impatient(), transaction.atomic():
            count()

    # What Django calls when the server is done with an answer, whose errors it ignores; `close` itself may be called twice.
    response._resource_closers.append(impatiently)  # type: ignore[attr-defined]


@contextmanager
def impatient() -> Iterator[None]:
    """Give up at once where another writer holds the lock: the server has other people to answer."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA busy_timeout")
            [usual] = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            try:
                yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {usual}")
        else:
            with transaction.atomic():
                cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
                yield
