"""SEARCH_URL taken apart: opensearch://user:password@host:9200/index?tls=1."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

PORT = 9200
FORM = "opensearch://utilisateur:motdepasse@serveur:9200/index?tls=1"
_INDEX = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


class WrongAddressError(ValueError):
    """The message says in French what to write."""


@dataclass(frozen=True)
class Address:
    """`index` is an alias: the generations behind it are named index-version-number."""

    host: str
    port: int
    index: str
    tls: bool = False
    user: str = ""
    password: str = ""


def read(url: str) -> Address:
    """Raises WrongAddressError."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORT
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise WrongAddressError(f"SEARCH_URL est illisible : écrivez {FORM}.") from error
    if parts.scheme != "opensearch" or not parts.hostname:
        raise WrongAddressError(f"SEARCH_URL doit commencer par opensearch:// et nommer un serveur, comme {FORM}.")
    index = parts.path.removeprefix("/")
    if not _INDEX.fullmatch(index):
        raise WrongAddressError(
            f"SEARCH_URL doit nommer l’index après le serveur, en minuscules sans accent, chiffres et tirets, comme {FORM}."
        )
    tls = options.pop("tls", "0")
    if options or tls not in ("0", "1"):
        raise WrongAddressError("SEARCH_URL n’accepte qu’une option : tls=1 (HTTPS) ou tls=0.")
    return Address(parts.hostname, port, index, tls == "1", unquote(parts.username or ""), unquote(parts.password or ""))
