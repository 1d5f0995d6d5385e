"""Documents and files as the site stores them: through the models' own save."""

import datetime
import itertools
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils import timezone

from network.models import Audience, Territory, Theme
from resources.models import Collection, Document, DocumentFile, DocumentType, FilePage

_numbers = itertools.count(1)
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def document(
    title: str = "",
    type: str = "synthese",
    themes: Sequence[str] = ("education",),
    territories: Sequence[str] = (),
    audiences: Sequence[str] = (),
    collection: str = "",
    **fields: Any,
) -> Document:
    """A published document, unless `status` says otherwise; vocabularies are given by their codes."""
    given: dict[str, Any] = {
        "title": title or f"Document {next(_numbers)}",
        "type": DocumentType.objects.get(slug=type),
        "summary": "Ce que le document apporte, en une phrase.",
        "status": Document.Status.PUBLISHED,
        "publish_at": LONG_AGO,
        "date": datetime.date(2024, 5, 22),
        "collection": Collection.objects.get(slug=collection) if collection else None,
    }
    made = Document.objects.create(**given | fields)
    _link(made, "theme", Theme.objects.filter(slug__in=themes))
    _link(made, "territory", Territory.objects.filter(code__in=territories))
    _link(made, "audience", Audience.objects.filter(slug__in=audiences))
    return made


def _link(made: Document, name: str, rows: QuerySet) -> None:
    """Rows of the link table, without the history that each `set` would write."""
    through = {"theme": Document.themes, "territory": Document.territories, "audience": Document.audiences}[name].through
    through.objects.bulk_create(through(document=made, **{name: row}) for row in rows)


def many(count: int, **fields: Any) -> list[Document]:
    """So many published documents, stored together; the index is to be rebuilt afterwards."""
    type_ = DocumentType.objects.get(slug="synthese")
    rows = [
        Document(
            title=f"Document du lot {number:03}",
            slug=f"lot-{number:03}",
            type=type_,
            summary="Un résumé.",
            status=Document.Status.PUBLISHED,
            publish_at=LONG_AGO,
            date=datetime.date(2024, 1, 1),
            **fields,
        )
        for number in range(count)
    ]
    made = Document.objects.bulk_create(rows)
    through, theme = Document.themes.through, Theme.objects.get(slug="education")
    through.objects.bulk_create(through(document_id=row.pk, theme_id=theme.pk) for row in made)
    return made


def file(document: Document, content: bytes = b"0123456789" * 10, **fields: Any) -> DocumentFile:
    """A file that was read and found fit, without the cost of reading it."""
    given: dict[str, Any] = {
        "name": "synthese.pdf",
        "label": "PDF",
        "content_type": "application/pdf",
        "size": len(content),
        "pages": 8,
        "state": DocumentFile.State.READY,
        "tagged": True,
        "titled": True,
    }
    made = DocumentFile(document=document, **given | fields)
    made.file.save("fichier", ContentFile(content), save=False)
    made.save()
    return made


def pages(file: DocumentFile, *texts: str) -> None:
    """The text of each page of a file, as its reading stores it."""
    FilePage.objects.bulk_create(FilePage(file=file, number=number, text=text) for number, text in enumerate(texts, 1))
    file.document.announce()


def tomorrow() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=1)
