"""Who was given which file of the kit: written once the answer is sent, kept twelve months (docs/architecture.md)."""

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from resources import counts
from resources.models import Document, DocumentFile
from trajectoire.core import counting

from .kit_part import KitPart, KitReading

KEPT = datetime.timedelta(days=365)


def note(request: HttpRequest, file: DocumentFile, response: HttpResponseBase) -> None:
    """A file of the kit given by itself, whatever the page that led to it."""
    if file.document.access == Document.Access.TRAINERS:
        _keep(request, [file], response, whole=False)


def note_all(request: HttpRequest, files: Iterable[DocumentFile], response: HttpResponseBase) -> None:
    """The whole kit: each of its documents is downloaded too."""
    given = list(files)
    counts.note(request, response, counts.DocumentCount.Kind.DOWNLOAD, {file.document_id for file in given})
    _keep(request, given, response, whole=True)


def _keep(request: HttpRequest, files: list[DocumentFile], response: HttpResponseBase, *, whole: bool) -> None:
    """Once for a file, however many pieces a reader of PDFs or a download taken up again asks for."""
    if request.method != "GET" or not counts.begins(response):
        return
    reader = request.user.pk

    def store() -> None:
        held = set(KitPart.objects.filter(document__in=[file.document_id for file in files]).values_list("document", flat=True))
        KitReading.objects.bulk_create(
            KitReading(user_id=reader, document_id=file.document_id, file=file, whole=whole)
            for file in files
            if file.document_id in held
        )

    counting.after(response, store)


def old(now: datetime.datetime | None = None) -> QuerySet[KitReading]:
    return KitReading.objects.filter(at__lt=(now or timezone.now()) - KEPT)
