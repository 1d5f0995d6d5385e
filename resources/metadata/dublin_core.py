"""A document in the fifteen elements of Dublin Core (ISO 15836-1), unqualified: for OAI-PMH and for the page's meta elements."""

from collections.abc import Iterator

from django.conf import settings

from trajectoire.core.text import NBSP

from ..citing.csl import address, subjects
from ..models import Document

# The vocabulary of types of the DCMI; a type that staff adds is a text.
TYPES = {"video": "MovingImage", "podcast": "Sound", "outil-pedagogique": "InteractiveResource"}
LICENCES = {
    Document.Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Document.Licence.ETALAB: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}


def terms(document: Document) -> list[tuple[str, str]]:
    """[(element, value)], without the empty ones; `document` comes from `for_harvest()`."""
    return [(name, value) for name, value in _terms(document) if value]


def _terms(document: Document) -> Iterator[tuple[str, str]]:
    yield "title", document.title + (f"{NBSP}: {document.subtitle}" if document.subtitle else "")
    for author in document.author_list:
        yield "creator", author
    for subject in subjects(document):
        yield "subject", subject
    yield "description", document.summary
    yield "publisher", document.publisher
    yield "date", date(document)
    yield "type", TYPES.get(document.type.slug, "Text")
    yield "type", str(document.type)
    for kind in sorted({file.content_type for file in document.files.all()} or {"text/html"}):
        yield "format", kind
    page = f"{settings.SITE_URL}{document.get_absolute_url()}"
    yield "identifier", page
    yield "identifier", address(document) if address(document) != page else ""
    yield "identifier", f"urn:ISBN:{document.isbn}" if document.isbn else ""
    yield "source", document.event_note
    yield "language", document.language
    yield from _relations(document)
    for territory in sorted(territory.name for territory in document.territories.all()):
        yield "coverage", territory
    yield "rights", LICENCES.get(Document.Licence(document.licence), "")
    yield "rights", document.get_licence_display()


def _relations(document: Document) -> Iterator[tuple[str, str]]:
    series = document.collection
    if series:
        yield "relation", f"{series.name}, n°{NBSP}{document.number}" if document.number else series.name
        yield "relation", f"{settings.SITE_URL}{series.get_absolute_url()}"
    issn = document.issn or (series.issn if series else "")
    yield "relation", f"urn:ISSN:{issn}" if issn else ""


def date(document: Document) -> str:
    """W3CDTF, as precise as the date is known: 2024-05-22, 2024-05, 2024, or nothing."""
    if document.date is None:
        return ""
    lengths = {Document.Precision.YEAR: 4, Document.Precision.MONTH: 7}
    return document.date.isoformat()[: lengths.get(Document.Precision(document.date_precision), 10)]
