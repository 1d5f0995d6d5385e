"""What the list of documents gives to its faces: spreadsheets, feed, JSON."""

import datetime
from collections.abc import Sequence

from django.conf import settings

from trajectoire.core.faces import Column, Enclosure, Faces, FeedEntry
from trajectoire.core.search import Key

from .citing.faces import EXPORTS
from .models import Document, DocumentFile

ISO_LENGTHS = {Document.Precision.YEAR: 4, Document.Precision.MONTH: 7, Document.Precision.DAY: 10}


def load(keys: Sequence[Key], access: frozenset[str]) -> list[Document]:
    """The documents of these keys that are still published for these levels, in their order; five queries."""
    found = Document.objects.published().filter(access__in=access, pk__in=[key.pk for key in keys]).for_exports()
    rows = {document.pk: document for document in found}
    return [rows[key.pk] for key in keys if key.pk in rows]


def address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def iso_date(document: Document) -> str:
    """The date as precise as it is known: « 2024-03-12 », « 2024-03 », « 2024 » (ISO 8601), or nothing."""
    return document.date.isoformat()[: ISO_LENGTHS[Document.Precision(document.date_precision)]] if document.date else ""


def _issn(document: Document) -> str:
    return document.issn or (document.collection.issn if document.collection else "")


def _date_cell(document: Document) -> datetime.date | str:
    exact = document.date is not None and document.date_precision == Document.Precision.DAY
    return document.date if exact and document.date else iso_date(document)


def _names(things) -> str:
    return ", ".join(str(thing) for thing in things)


COLUMNS = (
    Column("Titre", lambda d: d.title),
    Column("Sous-titre", lambda d: d.subtitle),
    Column("Type", lambda d: str(d.type)),
    Column("Auteurs et autrices", lambda d: ", ".join(d.author_list)),
    Column("Éditeur", lambda d: d.publisher),
    Column("Date de parution", _date_cell),
    Column("Année", lambda d: d.date.year if d.date else None),
    Column("Collection", lambda d: d.collection.name if d.collection else ""),
    Column("Numéro", lambda d: d.number),
    Column("Résumé", lambda d: d.summary),
    Column("Thèmes", lambda d: _names(d.themes.all())),
    Column("Territoires", lambda d: ", ".join(territory.name for territory in d.territories.all())),
    Column("Publics", lambda d: _names(d.audiences.all())),
    Column("Langue", lambda d: d.language),
    Column("Pages", lambda d: d.pages),
    Column("ISBN", lambda d: d.isbn),
    Column("ISSN", _issn),
    Column("Licence", lambda d: d.get_licence_display()),
    Column("Qui peut lire", lambda d: d.get_access_display()),
    Column("Adresse", lambda d: address(d.get_absolute_url())),
    Column("Fichiers", lambda d: " ".join(address(file.get_absolute_url()) for file in d.files.all())),
    Column("En ligne depuis le", lambda d: d.publish_at),
    Column("Modifié le", lambda d: d.updated_at),
)


def record(document: Document) -> dict:
    """A document in export.json (docs/api.md): every name is always there; what is unknown is empty or null."""
    collection = document.collection
    return {
        "id": f"document/{document.pk}",
        "url": address(document.get_absolute_url()),
        "title": document.title,
        "subtitle": document.subtitle,
        "type": {"code": document.type.slug, "label": str(document.type)},
        "summary": document.summary,
        "authors": document.author_list,
        "publisher": document.publisher,
        "date": iso_date(document) or None,
        "collection": collection and {"code": collection.slug, "label": collection.name},
        "number": document.number,
        "themes": [{"code": theme.slug, "label": theme.name} for theme in document.themes.all()],
        "territories": [{"code": place.code, "label": place.name} for place in document.territories.all()],
        "audiences": [{"code": audience.slug, "label": audience.name} for audience in document.audiences.all()],
        "language": document.language,
        "pages": document.pages,
        "isbn": document.isbn,
        "issn": _issn(document),
        "licence": {"code": document.licence, "label": document.get_licence_display()},
        "access": document.access,
        "files": [_file(file) for file in document.files.all()],
        "published": document.publish_at,
        "updated": _updated(document),
    }


def _file(file: DocumentFile) -> dict:
    given = {"name": file.name, "title": file.title, "media_type": file.content_type, "bytes": file.size, "pages": file.pages}
    return {"url": address(file.get_absolute_url()), **given}


def _updated(document: Document) -> datetime.datetime:
    """A document appears at its hour, even if nobody touched it then."""
    return max(document.updated_at, document.publish_at or document.updated_at)


def entry(document: Document) -> FeedEntry:
    themes = [(theme.slug, theme.name) for theme in document.themes.all()]
    places = [(place.code, place.name) for place in document.territories.all()]
    return FeedEntry(
        key=f"document/{document.pk}",
        title=document.title,
        url=document.get_absolute_url(),
        published=document.publish_at or document.updated_at,
        updated=_updated(document),
        summary=document.hook if document.is_fiche and document.hook else document.summary,
        authors=document.author_list or [document.publisher] * bool(document.publisher),
        categories=[(document.type.slug, str(document.type)), *themes, *places],
        files=[Enclosure(file.get_absolute_url(), file.size, file.content_type) for file in document.files.all()],
        language=document.language,
    )


def last_arrival() -> datetime.datetime | None:
    """When the last scheduled document appeared: the end of an index, without reading a document."""
    return Document.objects.published().order_by("-publish_at").values_list("publish_at", flat=True).first()


FACES = Faces(load=load, columns=COLUMNS, record=record, entry=entry, exports=EXPORTS, last_arrival=last_arrival)
