"""The views of the faces of a list: the same state as the page, read from the same address, for the same reader."""

import datetime
import hashlib
import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header, http_date, quote_etag

from .. import search
from ..listing import Listing, State, question
from ..middleware import unavailable
from ..models import SiteVersion
from . import atom, slots
from .declarations import Face
from .tables import SEPARATORS, csv_face

logger = logging.getLogger(__name__)
FORMS = 1  # grows when a face is written otherwise for the same content: readers then take it again
ENTRIES, RECORDS = 30, 100  # on a page of a feed, of export.json
LAST_PAGE = 100_000
SMALL = 256 * 1024  # bytes; up to there an export is sent whole, with its length


@dataclass(frozen=True)
class Asked:
    """A list as this reader asks for it, and the marks by which an answer is known to be the same (no `etag`: none is)."""

    listing: Listing
    state: State
    access: frozenset[str]
    page: int
    etag: str
    modified: int

    @classmethod
    def of(cls, request: HttpRequest, listing: Listing) -> "Asked":
        state, access = State.from_query(listing, listing.url, request.GET), listing.access(request.user)
        version = SiteVersion.objects.filter(pk=1).values_list("number", "changed_at").first()
        moments = [moment for moment in (version and version[1], listing.faces.last_arrival()) if moment]
        index = search.mark()
        marks = [FORMS, request.get_full_path(), sorted(access), version and version[0], index, *moments]
        etag = quote_etag(hashlib.sha256(repr(marks).encode()).hexdigest()[:20]) if index else ""
        asked = request.GET.get("page", "")
        page = min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
        return cls(listing, state, access, page, etag, int(max(moments, default=timezone.now()).timestamp()))

    def same(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a reader who already has this one (304), if so."""
        known = HttpResponse()
        self.marked(known)
        answer = get_conditional_response(request, self.etag, self.modified, known)
        return None if answer is known else answer

    def marked(self, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 200 and self.etag:
            response.headers["ETag"] = self.etag
            response.headers["Last-Modified"] = http_date(self.modified)
        return response

    def url(self, name: str = "", page: int = 1) -> str:
        """The address of this state in another face (the page of the list without a name)."""
        return replace(self.state, path=self.listing.url + name).url(page)

    def walk(self, size: int | None = None) -> "search.Walk":
        """Everything, or one page of so many objects. Raises search.Unavailable."""
        offset = (self.page - 1) * size if size else 0
        return search.every(question(self.state, self.access), offset=offset, limit=size)

    def load(self, walk: "search.Walk") -> Iterator[Any]:
        return chain.from_iterable(self.listing.faces.load(keys, self.access) for keys in walk.batches)

    def sentence(self, total: int) -> str:
        return strip_tags(self.listing.sentence(self.state, total))


View = Callable[[HttpRequest, Asked], HttpResponseBase]


def served(listing: Listing, view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """The view with what every face has: 304 before anything is looked for, marks, a page when the search is away."""

    def serve(request: HttpRequest) -> HttpResponseBase:
        try:
            asked = Asked.of(request, listing)
            if asked.etag and (same := asked.same(request)):
                return same
            return asked.marked(view(request, asked))
        except (search.Unavailable, OSError) as error:  # no index, or no room for a temporary file
            logger.error("face of %s away: %s", listing.name, error)
            return unavailable()

    return serve


def feed(request: HttpRequest, asked: Asked) -> HttpResponse:
    """A page of the Atom feed."""
    walk = asked.walk(ENTRIES)
    last = -(-walk.total // ENTRIES) or 1
    links = [("self", asked.url("flux.atom", asked.page), atom.MEDIA_TYPE), ("alternate", asked.url(), "text/html")]
    links += [(name, asked.url("flux.atom", page), atom.MEDIA_TYPE) for name, page in around(asked.page, last).items()]
    page = atom.Feed(
        path=asked.url("flux.atom"),
        title=f"{asked.listing.title} — {atom.SITE}",
        subtitle=asked.sentence(walk.total),
        updated=datetime.datetime.fromtimestamp(asked.modified, datetime.UTC),
        links=links,
        entries=[asked.listing.faces.entry(thing) for thing in asked.load(walk)],
    )
    return HttpResponse(atom.write(page), content_type=f"{atom.MEDIA_TYPE}; charset=utf-8")


def records(request: HttpRequest, asked: Asked) -> HttpResponse:
    """A page of export.json: see docs/api.md."""
    walk = asked.walk(RECORDS)
    pages = -(-walk.total // RECORDS) or 1
    links = {name: settings.SITE_URL + asked.url("export.json", page) for name, page in around(asked.page, pages).items()}
    content = {
        "title": asked.listing.title,
        "description": asked.sentence(walk.total),
        "total": walk.total,
        "page": asked.page,
        "pages": pages,
        "links": {**NOWHERE, "html": settings.SITE_URL + asked.url(), **links},
        "items": [asked.listing.faces.record(thing) for thing in asked.load(walk)],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


NOWHERE: dict[str, str | None] = {"first": None, "previous": None, "next": None, "last": None}


def around(page: int, last: int) -> dict[str, int]:
    """{relation: page} towards the other pages; those that do not exist are left out."""
    links = {"first": 1, "last": last}
    if page > 1:
        links["previous"] = min(page - 1, last)
    if page < last:
        links["next"] = page + 1
    return links


def export(face: Face, request: HttpRequest, asked: Asked) -> HttpResponseBase:
    """The whole list in one file: at once when it is small, else piece by piece while it is made."""
    if face.extension == "csv":
        face = csv_face(asked.listing.faces, SEPARATORS.get(request.GET.get("sep", ""), ";"))
    name = f"{asked.listing.name}-{timezone.localdate().isoformat()}.{face.extension}"
    headers = {"Content-Type": face.media_type, "Content-Disposition": content_disposition_header(True, name) or "attachment"}
    if request.method == "HEAD":
        return StreamingHttpResponse((), headers=headers)
    try:
        slot = slots.take(request)
    except slots.Full as full:
        busy = render(request, "errors/exports.html", status=429 if full.own else 503)
        busy.headers["Retry-After"] = "20"
        return busy
    body = Body(slot)
    try:
        whole = body.begin(face.write(asked.load(asked.walk())))
    except BaseException:
        body.close()
        raise
    return HttpResponse(b"".join(body), headers=headers) if whole else StreamingHttpResponse(body, headers=headers)


class Body:
    """The pieces of a file being made; its slot is given back when it ends, or when the reader goes away."""

    def __init__(self, slot: slots.Slot) -> None:
        self.slot = slot
        self.first: list[bytes] = []
        self.pieces: Iterator[bytes] = iter(())

    def begin(self, pieces: Iterator[bytes]) -> bool:
        """Make the first part, so that what fails early is told by a page; True when it is the whole file."""
        self.pieces = pieces
        while sum(map(len, self.first)) < SMALL:
            piece = next(pieces, None)
            if piece is None:
                return True
            self.first.append(piece)
        return False

    def __iter__(self) -> Iterator[bytes]:
        yield from self.first
        self.first = []
        yield from self.pieces
        self.close()

    def close(self) -> None:
        """A file that is not finished drops what it holds: temporary files, cursors."""
        if isinstance(self.pieces, Generator):
            self.pieces.close()
        self.slot.free()
