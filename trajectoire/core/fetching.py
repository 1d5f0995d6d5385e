"""Visiting addresses of other sites from the server: public ones only, whatever a name or a redirect leads to (SSRF)."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

SECONDS = 10  # for each answer of a server
IN_ALL = 20  # seconds: for a whole answer, however slowly it comes
MOST_REDIRECTS = 5
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Allowed = Callable[[str], bool]


class Refused(ValueError):
    """An address that the server does not visit; the reason is French."""


def is_public(address: str) -> bool:
    """An IP address of the public Internet: nothing of this machine, of its network, of the provider's services."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.sixtofour or ip.teredo or ip in NAT64:
            return False
        if ip.ipv4_mapped:
            ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def status(url: str, method: str, allowed: Allowed = is_public) -> int:
    """The status of the last answer, redirects followed; the body is not read.

    Raises `Refused`, or `OSError` and `http.client.HTTPException` when the server cannot be reached or understood.
    """
    return _last(url, method, allowed, most=0, seconds=IN_ALL).status


def fetch(url: str, *, most: int, seconds: int, allowed: Allowed = is_public) -> Answer:
    """The last answer to GET, redirects followed; a body of more than `most` bytes is refused, a slower one cut. Raises as `status`."""
    return _last(url, "GET", allowed, most=most, seconds=seconds)


def _last(url: str, method: str, allowed: Allowed, *, most: int, seconds: int) -> Answer:
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(urlsplit(iri_to_uri(url)), method, allowed, most=most, seconds=seconds)
        location = answer.headers.get("Location", "")
        if answer.status not in (301, 302, 303, 307, 308) or not location:
            return answer
        url = urljoin(url, location)
    raise Refused("trop de redirections")


def _ask(url: SplitResult, method: str, allowed: Allowed, *, most: int, seconds: int) -> Answer:
    """One answer, from the very address that was judged: a name may change between two questions."""
    try:
        host, port = (url.hostname or "").encode("idna").decode(), url.port or (443 if url.scheme == "https" else 80)
    except ValueError as error:
        raise Refused("adresse mal écrite") from error
    if url.scheme not in ("http", "https") or not host:
        raise Refused("adresse mal écrite")
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    line = _reach(host, port, allowed)
    cut = threading.Timer(seconds, _cut, [line])
    cut.start()
    connection = kind(host, port)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(line, server_hostname=host) if url.scheme == "https" else line
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection.request(method, path, headers={"User-Agent": agent(), "Accept": "*/*", "Connection": "close"})
        with connection.getresponse() as answer:
            body = answer.read(most + 1) if most else b""
            if len(body) > most:
                raise Refused("réponse trop lourde")
            return Answer(answer.status, answer.headers, body)
    finally:
        cut.cancel()
        connection.close()
        line.close()


def _reach(host: str, port: int, allowed: Allowed) -> socket.socket:
    found = [str(place[4][0]) for place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not all(allowed(address) for address in found):
        raise Refused("adresse interne, que le public ne peut pas ouvrir")
    return socket.create_connection((found[0], port), SECONDS)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def agent() -> str:
    return f"TrajectoireRessources-liens/1.0 (+{settings.SITE_URL})"
