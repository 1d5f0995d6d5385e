"""How many exports are made at once: a few for the site, fewer for one client, counted in the shared cache."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

AT_ONCE = 4  # for the whole site: each holds some fifty megabytes and half a processor
AT_ONCE_FOR_ONE = 2
LONGEST = 120  # seconds; then a slot is free again, even if the process that held it was killed


class Full(Exception):
    """No slot is free; `own` when this client holds all of theirs."""

    def __init__(self, own: bool) -> None:
        self.own = own


@dataclass(frozen=True)
class Slot:
    keys: tuple[tuple[str, str], ...]

    def free(self) -> None:
        """Give it back; a slot that expired may have been taken by someone else, and stays theirs."""
        for key, token in self.keys:
            if cache.get(key) == token:
                cache.delete(key)


def take(request: HttpRequest) -> Slot:
    """A slot for one export. Raises Full."""
    client, token = salted_hmac("exports", str(get_client_ip(request))).hexdigest()[:20], secrets.token_hex(8)
    own = _first_free(_names(client, AT_ONCE_FOR_ONE), token)
    if own is None:
        raise Full(own=True)
    common = _first_free(_names("site", AT_ONCE), token)
    if common is None:
        Slot(((own, token),)).free()
        raise Full(own=False)
    return Slot(((own, token), (common, token)))


def _names(whose: str, count: int) -> Iterator[str]:
    return (f"export:{whose}:{number}" for number in range(count))


def _first_free(names: Iterator[str], token: str) -> str | None:
    return next((name for name in names if cache.add(name, token, LONGEST)), None)
