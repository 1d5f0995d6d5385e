"""Public pages kept for a moment in the shared cache, ahead of everything that makes them (docs/architecture.md).

A page is kept when its answer says that anyone may keep it: 200, `Cache-Control: public`, no cookie given. It serves requests without any
cookie, at the very same address, in the same encoding, until it is PAGE_CACHE_SECONDS old or the edition changes.
The edition changes after each commit that wrote in a table that is not in QUIET: what nobody thought of makes pages anew, never old ones.
"""

import hashlib
import logging
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from . import counting
from .keeping import keepable

logger = logging.getLogger(__name__)
EDITION = "page-edition"
A_WEEK = 7 * 24 * 3600  # longer than any page is kept
LARGEST = 500_000  # bytes of a page, compressed
WRITE = re.compile(r'\s*(?:INSERT INTO|INSERT OR \w+ INTO|REPLACE INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
# Tables that no public page shows: a test reads every one of them and looks.
QUIET = re.compile(
    r"django_(?:session|admin_log|tasks_database_\w+)|usersessions_\w+|mfa_\w+|account_\w+|auth_permission|\w+_historical\w+|"
    r"core_(?:actionlog|backup|datarequest|importline|importrun|mailbody|missedpath|origin|outgoingmail|scheduledjob|searchchange|searchmiss|"
    r"searchmissday|siteexport|siteversion|linkplace|nameplace|weblink|contactmessage|invitation|erasure)|"
    r"alerts_\w+|letters_(?:departure|subscription|link)|network_(?:proposal|duplicatepair|helpnote)|"
    r"resources_(?:documentcount|documentpair|wordpresschoice\w*)|"
    r"events_(?:sentnotice|eventmessage|noticetext|surveyanswer)|"
    r"vrl_(?:digestsent|favourite|kitreading|reply|topic|availability|volunteer|sessionchange)"
)


def watch(sender: Any = None, connection: Any = None, **more: Any) -> None:
    """Notice what each connection writes. The one signal of the site: nothing else reaches every connection."""
    if _noticing not in connection.execute_wrappers:
        connection.execute_wrappers.append(_noticing)


def _noticing(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    result = execute(sql, params, many, context)
    written = WRITE.match(sql) if settings.PAGE_CACHE_SECONDS else None
    if written and not QUIET.fullmatch(written[1]):
        waiting = context["connection"].run_on_commit
        if not waiting or waiting[-1][1] is not new_edition or waiting[-1][0] != set(context["connection"].savepoint_ids):
            transaction.on_commit(new_edition, robust=True)
    return result


def new_edition() -> None:
    """Whatever is kept is of another time."""
    cache.set(EDITION, uuid.uuid4().hex, A_WEEK)


def kept_pages(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The middleware. A cache that is away is as if it were empty."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not settings.PAGE_CACHE_SECONDS or not _may_be_kept(request):
            return get_response(request)
        key = _key(request)
        try:
            found = cache.get_many([EDITION, key])
        except Exception as error:  # whatever the library of a cache that is away raises
            logger.warning("pages are made anew, the cache is away: %s", error)
            return get_response(request)
        edition, page = found.get(EDITION), found.get(key)
        if edition is None:
            new_edition()
        elif page and page["edition"] == edition:
            return _again(request, page)
        token = keepable.set(True)
        try:
            response = get_response(request)
            if edition and keepable.get() and _is_public(response):
                _keep(key, edition, response)
        finally:
            keepable.reset(token)
        return response

    return middleware


def _may_be_kept(request: HttpRequest) -> bool:
    asked = request.META
    return request.method == "GET" and not any(asked.get(name) for name in ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE"))


def _key(request: HttpRequest) -> str:
    accepted = {coding.split(";")[0].strip() for coding in request.META.get("HTTP_ACCEPT_ENCODING", "").split(",")}
    coding = "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""
    told = (
        request.META.get("HTTP_HOST", ""),
        request.scheme or "",
        request.META.get("PATH_INFO", ""),
        request.META.get("QUERY_STRING", ""),
    )
    return f"page:{coding}:{hashlib.sha256(chr(10).join(told).encode(errors='surrogateescape')).hexdigest()}"


def _is_public(response: HttpResponseBase) -> bool:
    said = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "public" in said
        and "no-store" not in said
        and response.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding"
        and "'nonce-" not in response.headers.get("Content-Security-Policy", "")
        and counting.can_be_repeated(response)
    )


def _keep(key: str, edition: str, response: Any) -> None:
    if len(response.content) <= LARGEST:
        page = {
            "edition": edition,
            "headers": dict(response.headers),
            "content": response.content,
            "counts": counting.counts_of(response),
        }
        cache.set(key, page, settings.PAGE_CACHE_SECONDS)


def _again(request: HttpRequest, page: dict[str, Any]) -> HttpResponseBase:
    """The page, or 304 for who has it; read by somebody else, it is counted again."""
    request.user = AnonymousUser()
    response = HttpResponse(page["content"], headers=page["headers"])
    sent = get_conditional_response(request, etag=page["headers"].get("ETag"), response=response) or response
    counting.repeat(request, sent, page["counts"])
    return sent


connection_created.connect(watch)
