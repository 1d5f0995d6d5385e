"""Files coming in: what they are is checked at once, what they hold is read in the background."""

import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django_tasks import task

from trajectoire.core import scanning

from . import reading
from .models import Document, DocumentFile, FilePage, delete_stored

LOST = "Le fichier n’a pas été retrouvé sur le disque : déposez-le à nouveau."


@dataclass(frozen=True)
class Accepted:
    """An upload whose content may be kept; images come redrawn, without their metadata."""

    kind: "reading.Kind"
    name: str
    content: File
    renditions: "reading.Images"


def accept(upload: UploadedFile) -> Accepted:
    """Check what an upload really is; raises reading.Refused with a French reason."""
    try:
        scanning.check(upload.chunks())
    except scanning.Refused as error:
        raise reading.Refused(str(error)) from error
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        return _checked(Path(copy.name), upload)


def _checked(path: Path, upload: UploadedFile) -> Accepted:
    kind = reading.identify(path, upload.name or "", settings.UPLOAD_MAX_BYTES)
    if not kind.content_type.startswith("image/"):
        return Accepted(kind, reading.safe_name(upload.name or "", kind.extension), upload, [])
    drawn = reading.renditions(path)
    widest = max((r for r in drawn if r.format == "webp"), key=lambda r: r.width)
    return Accepted(reading.KINDS["webp"], reading.safe_name(upload.name or "", "webp"), ContentFile(widest.data), drawn)


def attach(document: Document, accepted: Accepted, *, title: str = "", order: int = 0) -> DocumentFile:
    """Store an accepted upload as a file of the document and have it read after commit."""
    kind = accepted.kind
    file = DocumentFile(document=document, title=title, order=order, name=accepted.name)
    file.label, file.content_type, file.size = kind.label, kind.content_type, accepted.content.size
    file.file.save("fichier", accepted.content, save=False)
    try:
        file.save()
    except Exception:
        delete_stored([file.file.name or ""])
        raise
    request_reading(file)
    return file


def request_reading(file: DocumentFile) -> None:
    """Have the file read (again) once the transaction is committed."""
    DocumentFile.objects.filter(pk=file.pk).update(state=DocumentFile.State.PENDING, reason="")
    transaction.on_commit(lambda: read_file.enqueue(file.pk))


@task()
def read_file(pk: int) -> None:
    """Read one file in a child process and store its pages; its state tells staff what happened."""
    file = DocumentFile.objects.select_related("document__type").filter(pk=pk).first()
    if file is None:
        return
    if not file.file.storage.exists(file.file.name or ""):
        _finish(file, DocumentFile.State.UNREADABLE, reason=LOST)
        return
    DocumentFile.objects.filter(pk=pk).update(state=DocumentFile.State.READING)
    try:
        if file.content_type == "application/pdf":
            _store_pdf(file, reading.read_pdf(Path(file.file.path)))
        else:
            _finish(file, DocumentFile.State.READY)
    except reading.Refused as refusal:
        _finish(file, DocumentFile.State.UNREADABLE, reason=refusal.reason[:300])


def _store_pdf(file: DocumentFile, report: "reading.PdfReport") -> None:
    texts = [FilePage(file=file, number=n, text=text) for n, text in enumerate(report.texts, 1) if text.strip()]
    state = DocumentFile.State.READY if texts else DocumentFile.State.NO_TEXT
    with transaction.atomic():
        FilePage.objects.filter(file=file).delete()
        FilePage.objects.bulk_create(texts, batch_size=200)
        _finish(file, state, pages=report.pages, tagged=report.tagged, titled=bool(report.title))
    # A fiche is a page of the site before a PDF: it keeps its tiles or its photograph.
    if report.cover and not file.document.cover_renditions and not file.document.is_fiche:
        make_cover(file.document, report.cover)


def _finish(file: DocumentFile, state: str, **fields) -> None:
    with transaction.atomic():
        DocumentFile.objects.filter(pk=file.pk).update(state=state, **{"reason": "", **fields})
        file.document.announce()


def make_cover(document: Document, image: bytes) -> None:
    """Draw the widths of a cover from an image; raises reading.Refused."""
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        copy.write(image)
        copy.flush()
        store_cover(document, reading.renditions(Path(copy.name)))


def store_cover(document: Document, renditions: "reading.Images") -> None:
    """Store a cover's drawings; the former ones are deleted after commit."""
    stem, stored = uuid.uuid4().hex[:12], []
    for r in renditions:
        name = default_storage.save(f"couvertures/{stem}-{r.width}.{r.format}", ContentFile(r.data))
        stored.append({"format": r.format, "width": r.width, "height": r.height, "name": name, "file": Path(name).name})
    old = [rendition["name"] for rendition in document.cover_renditions]
    document.cover_renditions = stored
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(cover_renditions=stored)
        document.announce()
        transaction.on_commit(lambda: delete_stored(old))
