"""The kit of the demonstration: reserved documents, some with a file. One that is known stays as people left it."""

import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from network.models import Theme
from resources.models import Document, DocumentFile, DocumentType, FilePage
from trajectoire.core import search
from trajectoire.core.pdf import typst_pdf

from ..kit_part import KitPart
from ..vocabulary import KitKind
from .files import read

TYPES = {
    KitKind.SLIDES: "diaporama",
    KitKind.LAW: "texte-officiel",
    KitKind.READING: "bibliographie",
    KitKind.VIDEO: "video",
    KitKind.PAPERWORK: "note",
}
OTHER_TYPE = "outil-pedagogique"
SAID = "Fichier imaginaire de la démonstration : le kit du plan est remis aux formatrices et aux formateurs habilités."
MARKUP = '#set page(paper: "a5")\n#title[Kit du plan, démonstration]\n#data.text'
BODY = "<h2>À quoi sert cette partie</h2><p>{}</p><p>Texte imaginaire, écrit pour la démonstration du site.</p>"


def load() -> int:
    """Create the parts that are missing; how many."""
    rows = read("kit")["part"]
    with search.paused(), transaction.atomic():
        known = set(KitPart.objects.values_list("document__slug", flat=True))
        missing = [row for row in rows if _slug(row) not in known]
        documents = _documents(missing)
        KitPart.objects.bulk_create(_part(row, documents[_slug(row)]) for row in missing if _slug(row) in documents)
        _replace(missing, documents)
        _add_files([documents[row["slug"]] for row in missing if row.get("file")])
    return len(documents)


def _slug(row: dict[str, Any]) -> str:
    return row.get("document") or row["slug"]


def _documents(rows: list[dict[str, Any]]) -> dict[str, Document]:
    """{address: document}: those that are there, and a new one for each part written here."""
    found = {row.slug: row for row in Document.objects.filter(slug__in=[_slug(row) for row in rows])}
    types = {row.slug: row for row in DocumentType.objects.all()}
    for row in rows:
        if "slug" in row and row["slug"] not in found:
            found[row["slug"]] = _new_document(row, types)
    new, to_theme = [found[row["slug"]] for row in rows if "slug" in row], Document.themes.through
    for theme in Theme.objects.filter(slug="laicite"):
        to_theme.objects.bulk_create(to_theme(document=one, theme=theme) for one in new)
    return found


def _new_document(row: dict[str, Any], types: dict[str, DocumentType]) -> Document:
    since = timezone.now() - datetime.timedelta(days=row["days_ago"])
    document = Document(
        is_demo=True,
        slug=row["slug"],
        title=row["title"],
        summary=row["summary"],
        body=BODY.format(row["summary"]),
        type=types[TYPES.get(row["kind"], OTHER_TYPE)],
        access=Document.Access.TRAINERS,
        licence=Document.Licence.RESERVED,
        status=Document.Status.PUBLISHED,
        publish_at=since,
        date=since.date(),
        up_to_date_on=since.date(),
    )
    document.save()
    return document


def _part(row: dict[str, Any], document: Document) -> KitPart:
    return KitPart(
        document=document,
        kind=row["kind"],
        sequence=row.get("sequence"),
        minutes=row.get("minutes"),
        in_two_days=row.get("two", False),
        in_one_day=row.get("one", False),
        version_label=row["version"],
        changes=row.get("changes", ""),
        announced_at=document.publish_at,
    )


def _replace(rows: list[dict[str, Any]], documents: dict[str, Document]) -> None:
    for row in rows:
        newer = Document.objects.filter(slug=row.get("replaced_by", "")).first()
        if newer:
            Document.objects.filter(pk=documents[row["slug"]].pk).update(replaced_by=newer)


def _add_files(documents: list[Document]) -> None:
    """The same page for each, drawn once: the text is known, so that nothing is to be read in it."""
    if not documents:
        return
    content = typst_pdf(MARKUP, {"title": "Kit du plan, démonstration", "text": SAID})
    for document in documents:
        facts = {"name": f"{document.slug}.pdf", "label": "PDF", "content_type": "application/pdf", "size": len(content)}
        file = DocumentFile(document=document, pages=1, tagged=True, titled=True, state=DocumentFile.State.READY, **facts)
        file.file.save("fichier", ContentFile(content), save=False)
        file.save()
        FilePage.objects.create(file=file, number=1, text=f"{document.title}. {SAID}")
