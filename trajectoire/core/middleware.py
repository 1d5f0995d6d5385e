"""Small middlewares, each a function: what every request and answer must satisfy."""

import errno
import gzip
import logging
import re
import uuid
from collections.abc import Callable

import brotli
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers

from . import logs
from .models import version_seen
from .storing import Away

try:  # of production only
    from redis.exceptions import RedisError
except ImportError:  # pragma: no cover - as in the tests

    class RedisError(Exception):  # type: ignore[no-redef]
        """What nobody raises here."""


logger = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
REQUEST_NAME = re.compile(r"[\w-]{8,64}", re.ASCII)


def unavailable(template: str = "errors/503.html") -> HttpResponse:
    """The 503 page: made without the database."""
    body = render_to_string(template)
    return HttpResponse(body, status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})


def one_version_per_request(get_response: Answer) -> Answer:
    """Read the site's version number once a request, however many lists and vocabularies ask for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = version_seen.set({})
        try:
            return get_response(request)
        finally:
            version_seen.reset(token)

    return middleware


def named_request(get_response: Answer) -> Answer:
    """Give each request a name, or keep that of the proxy: the lines of the journal and the answer carry it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        said = request.headers.get("X-Request-ID", "")
        name = said if REQUEST_NAME.fullmatch(said) else uuid.uuid4().hex
        token = logs.request_name.set(name)
        try:
            response = get_response(request)
        finally:
            logs.request_name.reset(token)
        response.headers["X-Request-ID"] = name
        return response

    return middleware


NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


class something_away:  # noqa: N801  (named like a function: it is one, with a hook for exceptions)
    """Answer 503 in French when a view finds the database down (elsewhere: views.server_error), the cache or the
    server of files away, or the disk full; let everything else through."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError):
            logger.error("database away: %s", exception)
            return unavailable()
        if isinstance(exception, RedisError):
            logger.error("cache away: %s", exception)
            return unavailable()
        if isinstance(exception, Away) or (isinstance(exception, OSError) and exception.errno in NO_ROOM):
            logger.error("files cannot be read or kept: %s", exception)
            return unavailable("errors/503-files.html")
        return None


class not_modified(ConditionalGetMiddleware):  # noqa: N801  (named like the others)
    """Django's own; what waits for the end of the answer (`counting.after`) goes with the 304 that takes its place."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        sent = super().process_response(request, response)
        if sent is not response:
            sent._resource_closers.extend(response._resource_closers)  # type: ignore[attr-defined]
        return sent


# What no page of the site ever asks of a device.
PERMISSIONS = ", ".join(f"{name}=()" for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb"))


def security_headers(get_response: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware


def private_by_default(get_response: Answer) -> Answer:
    """Pages made for someone (logged in, or with a form of their own) are never stored; public ones are asked again (304)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "user", None)
        if response.cookies or settings.SESSION_COOKIE_NAME in request.COOKIES or (user is not None and user.is_authenticated):
            add_never_cache_headers(response)
            patch_cache_control(response, private=True, no_store=True)
        elif response.status_code in (200, 304) and not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            _same_for_all(response)
        return response

    return middleware


def _same_for_all(response: HttpResponseBase) -> None:
    """A page that anyone may keep does not vary by cookie: who has one asks again each time (max-age=0) and gets a private page."""
    named = [name.strip() for name in response.headers.get("Vary", "").split(",")]
    kept = [name for name in named if name and name.lower() != "cookie"]
    if kept:
        response.headers["Vary"] = ", ".join(kept)
    else:
        response.headers.pop("Vary", None)


def clean_input(get_response: Answer) -> Answer:
    """Refuse NUL anywhere in the address, over-long addresses and unknown methods."""
    methods = {"GET", "HEAD", "POST", "OPTIONS"}

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in methods:
            return HttpResponse("Cette méthode n’est pas acceptée.", status=405, headers={"Allow": ", ".join(sorted(methods))})
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query:
            raise BadRequest("L’adresse contient un caractère interdit.")
        if len(request.path) + len(query) > 8_000:
            return HttpResponse("Cette adresse est trop longue.", status=414, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


TEXTS = (
    "text/html",
    "text/plain",
    "application/json",
    "application/geo+json",
    "application/xml",
    "application/atom+xml",
    "text/xml",
)
LEAST_BYTES = 500  # below, compression costs more than it saves


def compressed(get_response: Answer) -> Answer:
    """Send pages as brotli, else gzip. Tokens in forms are masked at each page, so lengths tell nothing (BREACH)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        kind = response.headers.get("Content-Type", "").split(";")[0]
        if response.streaming or kind not in TEXTS or len(response.content) < LEAST_BYTES:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        accepted = {coding.split(";")[0].strip() for coding in request.headers.get("Accept-Encoding", "").split(",")}
        if "br" in accepted:
            _encode(response, "br", brotli.compress(response.content, quality=5))
        elif "gzip" in accepted:
            _encode(response, "gzip", gzip.compress(response.content, compresslevel=6, mtime=0))
        return response

    return middleware


def _encode(response: HttpResponse, coding: str, content: bytes) -> None:
    response.content = content
    response.headers["Content-Encoding"] = coding
    response.headers["Content-Length"] = str(len(content))
    # The same page in another coding is not the same bytes: the tag becomes weak (RFC 9110 §8.8.3).
    if (tag := response.headers.get("ETag", "")).startswith('"'):
        response.headers["ETag"] = f"W/{tag}"
