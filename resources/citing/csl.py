"""A document as an item of CSL-JSON (Citation Style Language 1.0.2): what every other format of citation is made from."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from trajectoire.core.text import NBSP

from ..models import Document
from .people import name

# The words of the standard for our types; a type that staff adds is a plain document.
TYPES = {
    "lettre-information": "article-magazine",
    "cetavou": "article-magazine",
    "actes": "book",
    "ouvrage": "book",
    "guide": "book",
    "diaporama": "speech",
    "video": "motion_picture",
    "podcast": "broadcast",
    "appel-a-projets": "webpage",
    "texte-officiel": "legislation",
    **dict.fromkeys(
        [
            *("synthese", "fiche-experience", "dossier", "reperes", "note", "compte-rendu", "recueil-initiatives", "etude"),
            *("revue-de-presse", "bibliographie", "outil-pedagogique", "rapport-activite"),
        ],
        "report",
    ),
}
PLAIN = "document"
CONTENT_TYPE = "application/vnd.citationstyles.csl+json; charset=utf-8"
PARTS = {Document.Precision.YEAR: 1, Document.Precision.MONTH: 2, Document.Precision.DAY: 3}


def item(document: Document) -> dict[str, Any]:
    """The CSL-JSON item of a document that comes from `for_exports()`; empty variables are left out."""
    kind = TYPES.get(document.type.slug, PLAIN)
    found = {
        "id": document.slug,
        "type": kind,
        "title": _line(f"{document.title}{NBSP}: {document.subtitle}" if document.subtitle else document.title),
        "author": [name(_line(author)) for author in document.author_list],
        "publisher": _line(document.publisher),
        "issued": issued(document),
        "genre": str(document.type),
        "number-of-pages": str(document.pages or ""),
        "ISBN": document.isbn,
        "language": document.language,
        "abstract": " ".join(document.summary.split()),
        "keyword": ", ".join(subjects(document)),
        "event-title": _line(document.event_note) if kind == "speech" else "",
        "URL": address(document),
        **_series(document, kind),
    }
    return {key: value for key, value in found.items() if value}


def _line(text: str) -> str:
    return " ".join(text.split(" ")).replace("\n", " ").replace("\r", " ").strip()


def _series(document: Document, kind: str) -> dict[str, str]:
    """A magazine contains its numbers; elsewhere the collection is a series."""
    series = document.collection
    named = {"ISSN": document.issn or (series.issn if series else "")}
    if series is None:
        return named
    number = str(document.number or "")
    if kind == "article-magazine":
        return {**named, "container-title": series.name, "issue": number}
    return {**named, "collection-title": series.name, "collection-number": number}


def issued(document: Document) -> dict[str, list[list[int]]]:
    """The date as precise as it is known; nothing when there is none."""
    if document.date is None:
        return {}
    day = document.date
    return {"date-parts": [[day.year, day.month, day.day][: PARTS[Document.Precision(document.date_precision)]]]}


def subjects(document: Document) -> list[str]:
    return sorted(theme.name for theme in document.themes.all())


def address(document: Document) -> str:
    """Where it is read: elsewhere for what others published, else its page here."""
    if document.external and document.url:
        return document.url
    return f"{settings.SITE_URL}{document.get_absolute_url()}"


def write(documents: Iterable[Document]) -> Iterator[bytes]:
    """A list of CSL-JSON items, one a line."""
    before = b"[\n"
    for document in documents:
        yield before + json.dumps(item(document), ensure_ascii=False).encode()
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"
