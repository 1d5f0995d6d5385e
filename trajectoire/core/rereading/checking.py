"""The weekly visit of the links: politely, one site after the other; dead only when two visits a week apart failed."""

import datetime
import http.client
import socket
import ssl
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.db.models import F
from django.utils import timezone

from .. import fetching
from .places import WebLink

BETWEEN_FAILURES = datetime.timedelta(days=6)  # a weekly run may come a little early
PAUSE = 1.0  # seconds between two questions to one site
# Sites that let browsers in and no program: a person has to look, so nothing is said.
ONLY_PEOPLE = {401, 403, 405, 406, 429, 451, 999}
# The first that fits; a refusal says its own reason.
FAILURES: dict[type[Exception], str] = {
    fetching.Refused: "",
    socket.gaierror: "ce nom de site n’existe pas",
    ssl.SSLError: "connexion sécurisée refusée : certificat périmé ou faux",
    TimeoutError: "le site ne répond pas",
    Exception: "le site ne répond pas comme il faut",
}


def visit_all(limit: int, allowed: fetching.Allowed = fetching.is_public, pause: float = PAUSE) -> tuple[int, int]:
    """(links visited, links dead): at most `limit` of them, those never or longest visited first."""
    links = list(WebLink.objects.filter(meant=False).order_by(F("checked_at").asc(nulls_first=True), "pk")[:limit])
    last: dict[str, float] = {}
    for link in _scattered(links):
        host = urlsplit(link.url).netloc
        time.sleep(max(0.0, last.get(host, 0.0) + pause - time.monotonic()))
        note(link, reason(link.url, allowed), timezone.now())
        last[host] = time.monotonic()
    return len(links), WebLink.objects.filter(dead=True, meant=False).count()


def _scattered(links: Iterable[WebLink]) -> list[WebLink]:
    """The first link of each site, then the second…: no site is asked twice in a row when others wait."""
    rank: dict[str, int] = {}
    ranked = []
    for link in links:
        host = urlsplit(link.url).netloc
        rank[host] = rank.get(host, 0) + 1
        ranked.append((rank[host], link))
    return [link for _, link in sorted(ranked, key=lambda pair: pair[0])]


def reason(url: str, allowed: fetching.Allowed = fetching.is_public) -> str:
    """Why this address leads nowhere, in French; nothing when it answers. HEAD, then GET for those that dislike HEAD."""
    try:
        status = fetching.status(url, "HEAD", allowed)
        if status >= 400 and status not in ONLY_PEOPLE:
            status = fetching.status(url, "GET", allowed)
    except (OSError, http.client.HTTPException, fetching.Refused) as error:
        return next(words for kind, words in FAILURES.items() if isinstance(error, kind)) or str(error)
    if status < 400 or status in ONLY_PEOPLE:
        return ""
    return f"page introuvable ({status})" if status in (404, 410) else f"le site répond par une erreur ({status})"


def note(link: WebLink, why: str, now: datetime.datetime) -> None:
    """Keep what this visit found: dead when it failed already a week before."""
    link.checked_at, link.reason = now, why
    link.failing_since = (link.failing_since or now) if why else None
    link.dead = link.failing_since is not None and now - link.failing_since >= BETWEEN_FAILURES
    link.save(update_fields=["checked_at", "reason", "failing_since", "dead"])
