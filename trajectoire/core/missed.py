"""Counting the addresses that people ask for in vain: the path alone, once the answer is sent (see docs/architecture.md)."""

import re
from functools import lru_cache

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from .counting import after, is_robot
from .limits import too_many
from .redirects import LONGEST, MissedPath, normal

COUNTED_AN_HOUR = 30  # for one client
MOST_ROWS = 2_000  # whoever invents addresses: beyond, only those known already are counted
CLOSED = ("/admin/", "/compte/", "/vrl/")  # nobody outside has a link to them
# What is tried against every site of the world; what may designate a person, or open something.
TRIED = re.compile(
    r"\.(?:php\d?|aspx?|cgi|env|git|sql|ya?ml|bak|ini|jsp|do)(?:/|$)|/wp-(?:admin|json|includes)|/\.", re.IGNORECASE
)
PRIVATE = re.compile(r"@|(?:\d[ .-]?){9,}|[^/]{120,}|:")


def note(request: HttpRequest, response: HttpResponse) -> None:
    """Count this address once the answer has been sent, if it may be kept."""
    path = kept_path(request.path)
    if path and request.method == "GET" and not is_robot(request):
        after(response, lambda: _count(request, path))


def kept_path(path: str) -> str:
    """The path as it is counted; nothing for what robots try, what is closed, what holds a token or may designate a person."""
    path = normal(path)
    closed = path.startswith((*CLOSED, *token_prefixes()))
    return "" if closed or len(path) > LONGEST or TRIED.search(path) or PRIVATE.search(path) else path


@lru_cache(maxsize=1)
def token_prefixes() -> tuple[str, ...]:
    """What stands before a token in our addresses: « /lettre/confirmer/ »."""
    return tuple(sorted(set(_before_tokens(get_resolver(), "/"))))


def _before_tokens(resolver: URLResolver, prefix: str) -> list[str]:
    found: list[str] = []
    for entry in resolver.url_patterns:
        whole = prefix + str(entry.pattern)
        if "<str:token>" in whole:
            found.append(whole.split("<", 1)[0])
        elif isinstance(entry, URLResolver):
            found += _before_tokens(entry, whole)
    return found


def _count(request: HttpRequest, path: str) -> None:
    if too_many(request, "missed-path", limit=COUNTED_AN_HOUR, seconds=3600):
        return
    known = MissedPath.objects.filter(path=path)
    counted = {"count": F("count") + 1, "last_day": timezone.localdate()}
    if not known.update(**counted) and MissedPath.objects.count() < MOST_ROWS:
        MissedPath.objects.get_or_create(path=path)
        known.update(**counted)
