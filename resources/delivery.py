"""Files and covers, given after the access check: right type, never executed, in parts when asked (RFC 9110 §14)."""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from network.events.registration_views import get_registration_by

from . import counts
from .access import get_draft_for, get_file_for, get_material_for
from .models import Document, DocumentFile

CHUNK = 64 * 1024
RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")
# Told of each file given: (request, file, answer). A layer above registers in `AppConfig.ready()`.
_watchers: "list[Callable[[HttpRequest, DocumentFile, HttpResponseBase], None]]" = []
INLINE = ("application/pdf", "image/webp", "audio/", "video/")  # images are all redrawn


def watch(watcher: Callable[[HttpRequest, DocumentFile, HttpResponseBase], None]) -> None:
    """Be told of each file given, whatever the page that led to it; the watcher reads, and may count once it is sent."""
    _watchers.append(watcher)


@login_not_required
@require_safe
def file(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponseBase:
    """A file of a document, checked for access each time; `#page=12` opens a PDF at a page."""
    return given(request, get_file_for(request.user, slug, pk), name)


@login_not_required
@require_safe
def material(request: HttpRequest, token: str, pk: int, name: str) -> HttpResponseBase:
    """A file kept for those registered for an event, by the personal link of one of them; checked each time."""
    return given(request, get_material_for(get_registration_by(token), pk), name)


def given(request: HttpRequest, file: DocumentFile, name: str) -> HttpResponseBase:
    """The file under its name, with what keeps it harmless."""
    if name != file.name:
        raise Http404
    try:
        stream = file.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = ranged(request, cast(BinaryIO, stream), file.size)
    response.headers["Content-Type"] = file.content_type
    inline = file.content_type.startswith(INLINE)
    response.headers["Content-Disposition"] = content_disposition_header(not inline, file.name) or "inline"
    # A file never acts with the rights of the site, whatever it holds.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; sandbox"
    if file.document.access != Document.Access.PUBLIC or not file.document.is_published:
        patch_cache_control(response, private=True, no_store=True)
    else:
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    counts.note(request, response, counts.DocumentCount.Kind.DOWNLOAD, [file.document_id])
    for watcher in _watchers:
        watcher(request, file, response)
    return response


def ranged(request: HttpRequest, stream: BinaryIO, size: int) -> HttpResponseBase:
    """The whole stream, or the single range asked for; 416 when it lies outside."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or asked.groups() == ("", ""):
        response: HttpResponseBase = FileResponse(stream)
        response.headers["Content-Length"] = str(size)
        response.headers["Accept-Ranges"] = "bytes"
        return response
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        stream.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    stream.seek(start)
    length = end - start + 1
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": str(length), "Accept-Ranges": "bytes"}
    return StreamingHttpResponse(Part(stream, length), status=206, headers=headers)


class Part:
    """The next `length` bytes of a stream, closed with the answer even when nobody reads them (HEAD)."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self.stream, self.length, self.close = stream, length, stream.close

    def __iter__(self) -> Iterator[bytes]:
        while self.length > 0 and (chunk := self.stream.read(min(CHUNK, self.length))):
            self.length -= len(chunk)
            yield chunk


@login_not_required
@require_safe
def cover(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """One size of a cover, for those who may read the document (staff also of a draft)."""
    document = Document.objects.visible_to(request.user).filter(slug=slug).first()
    if document is None:
        pk = Document.objects.filter(slug=slug).values_list("pk", flat=True).first()
        document = get_draft_for(request.user, pk or 0)
    rendition = next((r for r in document.cover_renditions if r["file"] == name), None)
    if rendition is None or not default_storage.exists(rendition["name"]):
        raise Http404
    response = FileResponse(default_storage.open(rendition["name"]), content_type=f"image/{rendition['format']}")
    if document.access == Document.Access.PUBLIC and document.is_published:
        patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response
