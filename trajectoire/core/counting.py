"""What reading may count (see docs/architecture.md): once the answer is sent, without waiting for another writer."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

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


# What is counted again when a page that was kept is given again (page_cache): {name: what counts}.
_repeated: dict[str, Callable[[HttpRequest, HttpResponseBase, Any], None]] = {}


def repeatable(name: str, count: Callable[[HttpRequest, HttpResponseBase, Any], None]) -> None:
    """`count(request, answer, what)` counts so once more; a layer above registers it in `AppConfig.ready()`."""
    _repeated[name] = count


def say(response: HttpResponseBase, name: str, what: Any) -> None:
    """This answer is counted by `name`, now and whenever it is given again; `what` is JSON."""
    response.counts = [*counts_of(response), (name, what)]  # type: ignore[attr-defined]


def counts_of(response: HttpResponseBase) -> list[tuple[str, Any]]:
    return getattr(response, "counts", [])


def can_be_repeated(response: HttpResponseBase) -> bool:
    """Whether all that this answer counts could be counted again."""
    return bool(counts_of(response)) or not response._resource_closers  # type: ignore[attr-defined]


def repeat(request: HttpRequest, response: HttpResponseBase, counts: list[tuple[str, Any]]) -> None:
    for name, what in counts:
        _repeated[name](request, response, what)


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
