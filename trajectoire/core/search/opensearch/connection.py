"""One client a process; whatever goes wrong with the server is storage.Unavailable, and it is then left alone for a while."""

import logging
import os
import time
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings

from .. import storage
from .address import Address, WrongAddressError, read

logger = logging.getLogger(__name__)
SECONDS = 3.0  # a reader waits no longer
LONG = {"request_timeout": 60}  # what a bulk load may take
REST = 10.0  # seconds during which a server that did not answer is not asked again
ABSENT = "SEARCH_URL demande un serveur de recherche, mais le paquet opensearch-py n’est pas installé."
_REFUSED = {
    401: "Le serveur de recherche refuse le compte que donne SEARCH_URL.",
    403: "Le serveur de recherche n’accorde pas assez de droits au compte que donne SEARCH_URL.",
    404: "L’index de recherche n’existe pas encore.",
}
_silent_until: list[float] = []


def address() -> Address:
    try:
        return read(settings.SEARCH_URL)
    except WrongAddressError as error:
        raise storage.Unavailable(str(error)) from error


def call(ask: Callable[[Any], Any]) -> Any:
    """What `ask(client)` gives. Raises storage.Unavailable."""
    if _silent_until and time.monotonic() < _silent_until[0]:
        raise storage.AwayError("Le serveur de recherche ne répond pas.")
    client = _client(address(), os.getpid())
    from opensearchpy import exceptions

    try:
        return ask(client)
    except exceptions.ConnectionError as error:
        _silent_until[:] = [time.monotonic() + REST]
        logger.warning("search server does not answer: %s", error)
        raise storage.AwayError("Le serveur de recherche ne répond pas.") from error
    except exceptions.OpenSearchException as error:
        code = getattr(error, "status_code", 0)
        if code != 404:
            logger.warning("search server refused: %s", error)
        raise storage.Unavailable(_REFUSED.get(code, "Le serveur de recherche n’a pas compris une demande.")) from error


def forget() -> None:
    """Ask again at once."""
    _silent_until.clear()


def _account(where: Address) -> str:
    """In UTF-8, as the server reads it: the client would write accents in Latin-1."""
    return b64encode(f"{where.user}:{where.password}".encode()).decode()


@cache
def _client(where: Address, process: int) -> Any:
    """Connections are not shared with the child of a fork."""
    try:
        from opensearchpy import OpenSearch
    except ImportError as error:
        raise storage.Unavailable(ABSENT) from error
    return OpenSearch(
        hosts=[{"host": where.host, "port": where.port}],
        headers={"authorization": f"Basic {_account(where)}"} if where.user else {},
        use_ssl=where.tls,
        verify_certs=where.tls,
        http_compress=True,
        timeout=SECONDS,
        max_retries=1,  # a connection kept open may have been closed by the other end
    )
