"""The pages of the kit: the whole, one part, what one keeps, everything as one archive."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from resources.delivery import RANGE
from resources.models import Document
from trajectoire.core.archives import FixedArchive
from trajectoire.core.text import file_size, local_day

from . import kit, kit_log
from .access import area, get_trainer_for, is_coordination, trainer_of
from .area_frame import frame
from .exchanging import topics_about
from .kit_part import Favourite

TITLE = "Le kit"


def _length(request: HttpRequest) -> str:
    asked = request.GET.get("duree", "")
    return asked if asked in (*kit.LENGTHS, kit.KEPT) else ""


@area
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """The kit by sequence, of one length (`?duree=`), or what the words (`?q=`) find in it."""
    trainer, length = trainer_of(request.user), _length(request)
    words = " ".join(request.GET.get("q", "").split())[:200]
    found = kit.looked_for(words, length, trainer) if words else []
    groups = [] if words else kit.grouped(kit.parts(length, trainer), trainer)
    shown = found if words else [row for group in groups for row in group["rows"]]
    context = frame(request, "vrl:kit", (TITLE, "")) | {
        "title": TITLE,
        "q": words,
        "length": length,
        "choices": _choices(length, words, trainer is not None),
        "groups": groups,
        "found": found,
        "count": kit.counted(shown),
        "news": [row for row in shown if row["is_new"]] if not words else [],
        "since": local_day(trainer.seen_before) if trainer and trainer.seen_before else "",
        "archive": None if words else _archive_link(length, trainer),
        "keeps": trainer is not None,
        "log_url": reverse("admin:vrl_kitreading_changelist") if is_coordination(request.user) else "",
    }
    return render(request, "vrl/kit/whole.html", context)


def _choices(length: str, words: str, keeps: bool) -> list[dict[str, Any]]:
    pairs = [("", "Tout le kit"), *kit.LENGTHS.items(), *([(kit.KEPT, "Ce que je garde")] if keeps else [])]
    return [{"value": value, "label": label, "current": value == length} for value, label in pairs]


def _archive_link(length: str, trainer: Any) -> dict[str, str] | None:
    files = kit.files_of(kit.parts(length, trainer))
    if not files:
        return None
    query = f"?duree={length}" if length else ""
    return {"url": reverse("vrl:kit_archive") + query, "detail": f"ZIP, {file_size(kit.archive(files).length)}"}


@area
@require_safe
def part(request: HttpRequest, slug: str) -> HttpResponse:
    """One part: what it is for, its files, what changed, what it replaces, what is said of it."""
    found, trainer = kit.get_part(slug), trainer_of(request.user)
    document = found.document
    newer = document.replaced_by if document.replaced_by and document.replaced_by.is_published else None
    [line] = kit.rows([found], trainer)
    context = frame(request, "vrl:kit", (TITLE, reverse("vrl:kit")), (document.title, "")) | {
        "title": document.title,
        "part": line,
        "body": mark_safe(document.rendered.get("html", "")),
        "sequence": f"Séquence {found.sequence}" if found.sequence else "Pour tout le kit",
        "lengths": [label for value, label in kit.LENGTHS.items() if value in found.search_values],
        "published": local_day(document.publish_at) if document.publish_at else "",
        "newer": newer and {"title": newer.title, "url": _address(newer)},
        "older": [
            {"title": old.title, "url": _address(old)}
            for old in document.replaces.published().filter(access=Document.Access.TRAINERS).select_related("kit_part")
        ],
        "situations": [
            {"label": one.question, "url": one.get_absolute_url()} for one in document.situations.filter(published=True)
        ],
        "topics": topics_about(document, trainer, is_coordination(request.user)),
        "ask_url": f"{reverse('vrl:exchange_ask')}?partie={document.slug}" if trainer else "",
        "keeps": trainer is not None,
    }
    return render(request, "vrl/kit/part.html", context)


def _address(document: Document) -> str:
    held = getattr(document, "kit_part", None)
    return held.get_absolute_url() if held else document.get_absolute_url()


@area
@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a part at hand, or no longer."""
    trainer, found = get_trainer_for(request.user), kit.get_part(slug)
    if request.POST.get("keep") == "1":
        Favourite.objects.get_or_create(trainer=trainer, document=found.document)
    else:
        Favourite.objects.filter(trainer=trainer, document=found.document).delete()
    back = found.get_absolute_url() if request.POST.get("from") == "part" else f"{reverse('vrl:kit')}#partie-{found.document_id}"
    return redirect(back)


@area
@require_safe
def archive(request: HttpRequest) -> HttpResponseBase:
    """Every current file, of one length or of what one keeps, as one archive that a cut download takes up again."""
    length = _length(request)
    files = kit.files_of(kit.parts(length, trainer_of(request.user)))
    if not files:
        raise Http404
    made = kit.archive(files)
    name = f"kit-vrl{'-' + length if length else ''}-{timezone.localdate().isoformat()}.zip"
    response = _answer(request, made)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    kit_log.note_all(request, [file for _, file in files], response)
    return response


def _answer(request: HttpRequest, made: FixedArchive) -> HttpResponseBase:
    """The whole, the range asked for when the archive is still the same (RFC 9110, 13.1.5 and 14), or 416."""
    length, asked = made.length, RANGE.fullmatch(request.headers.get("Range", ""))
    headers = {"Content-Type": "application/zip", "ETag": made.etag, "Accept-Ranges": "bytes"}
    same = request.headers.get("If-Range", made.etag) == made.etag
    if not asked or not same or asked.groups() == ("", ""):
        body = made.pieces() if request.method == "GET" else ()
        return StreamingHttpResponse(body, headers=headers | {"Content-Length": str(length)})
    first, last = asked.groups()
    start = int(first) if first else max(0, length - int(last))
    end = min(int(last), length - 1) if first and last else length - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{length}"})
    told = {"Content-Range": f"bytes {start}-{end}/{length}", "Content-Length": str(end - start + 1)}
    body = made.part(start, end) if request.method == "GET" else ()
    return StreamingHttpResponse(body, status=206, headers=headers | told)
