"""A document, a collection, as schema.org describes things (https://schema.org)."""

from typing import Any

from django.conf import settings

from ..citing.csl import subjects
from ..citing.people import name
from ..models import Collection, Document
from .dublin_core import LICENCES, date
from .elements import absolute, card_url, page_url

TYPES = {
    "fiche-experience": "Article",
    "note": "Article",
    "reperes": "Article",
    "lettre-information": "PublicationIssue",
    "cetavou": "PublicationIssue",
    "actes": "Book",
    "guide": "Book",
    "ouvrage": "Book",
    "diaporama": "PresentationDigitalDocument",
    "video": "VideoObject",
    "podcast": "AudioObject",
    "appel-a-projets": "WebPage",
    "texte-officiel": "Legislation",
    "outil-pedagogique": "LearningResource",
    **dict.fromkeys(
        [
            "synthese",
            "dossier",
            "compte-rendu",
            "recueil-initiatives",
            "etude",
            "revue-de-presse",
            "bibliographie",
            "rapport-activite",
        ],
        "Report",
    ),
}
PLAIN = "CreativeWork"


def work(document: Document) -> dict[str, Any]:
    """The document; empty values are left to core.linked, which drops them."""
    kind = TYPES.get(document.type.slug, PLAIN)
    return {
        "@type": kind,
        "@id": page_url(document),
        "url": page_url(document),
        "sameAs": document.url if document.external else "",
        "name": document.title,
        "headline": document.title if kind == "Article" else "",
        "alternativeHeadline": document.subtitle,
        "description": document.summary,
        "genre": str(document.type),
        "inLanguage": document.language,
        "datePublished": date(document),
        "dateModified": document.updated_at.date().isoformat(),
        "author": [_person(author) for author in document.author_list],
        "publisher": _publisher(document),
        "about": [{"@type": "Thing", "name": subject} for subject in subjects(document)],
        "spatialCoverage": [{"@type": "Place", "name": place.name} for place in document.territories.all()],
        "license": LICENCES.get(Document.Licence(document.licence), ""),
        "isAccessibleForFree": True,
        "image": card_url(document),
        "encoding": [_file(file) for file in document.files.all()],
        **_edition(document, kind),
    }


def _person(author: str) -> dict[str, str]:
    parts = name(author)
    if "literal" in parts:
        return {"@type": "Organization", "name": author}
    return {"@type": "Person", "name": f"{parts['given']} {parts['family']}"}


def _publisher(document: Document) -> dict[str, str]:
    return {"@type": "Organization", "name": document.publisher} if document.publisher else {}


def _file(file: Any) -> dict[str, str]:
    return {
        "@type": "MediaObject",
        "contentUrl": absolute(file.get_absolute_url()),
        "encodingFormat": file.content_type,
        "contentSize": str(file.size),
    }


def _edition(document: Document, kind: str) -> dict[str, Any]:
    """What only books, numbers of a series and films have."""
    found: dict[str, Any] = {}
    if kind == "Book":
        found = {"isbn": document.isbn, "numberOfPages": document.pages}
    if kind in ("VideoObject", "AudioObject"):
        found = {"uploadDate": date(document), "thumbnailUrl": card_url(document), "contentUrl": document.url}
    if document.collection:
        found["isPartOf"] = series(document.collection)
        number = "issueNumber" if kind == "PublicationIssue" else "position"
        found[number] = str(document.number or "")
    return found


def series(collection: Collection) -> dict[str, Any]:
    return {
        "@type": "Periodical",
        "@id": f"{settings.SITE_URL}{collection.get_absolute_url()}",
        "url": f"{settings.SITE_URL}{collection.get_absolute_url()}",
        "name": collection.name,
        "issn": collection.issn,
    }
