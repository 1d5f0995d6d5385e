"""The meta elements of a document's page: Dublin Core, those that Zotero and Google Scholar read, Open Graph."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from trajectoire.core.text import NBSP

from ..citing import csl
from ..citing.ris import person
from ..models import Document
from .card import HEIGHT, WIDTH, digest
from .dublin_core import terms

SITE = "Trajectoire Ressources"
# The word that says where a work of this kind came out (Highwire Press tags).
PUBLISHERS = {"report": "technical_report_institution"}


def elements(document: Document) -> list[dict[str, str]]:
    """[{kind: « name » or « property », name, content}]; Open Graph for public documents only."""
    found = [("name", f"DC.{name}", value) for name, value in terms(document)]
    found += [("name", f"citation_{name}", value) for name, value in _citation(document)]
    if document.is_public:
        found += [("property", name, value) for name, value in _open_graph(document)]
    return [{"kind": kind, "name": name, "content": content} for kind, name, content in found if content]


def _citation(document: Document) -> Iterator[tuple[str, str]]:
    cited = csl.item(document)
    parts: list[int] = cited.get("issued", {}).get("date-parts", [[]])[0]
    yield "title", cited["title"]
    for author in cited.get("author", []):
        yield "author", person(author)
    yield "publication_date", "/".join(f"{part:02}" for part in parts)
    yield PUBLISHERS.get(cited["type"], "publisher"), cited.get("publisher", "")
    yield "journal_title", cited.get("container-title", "")
    yield "series_title", cited.get("collection-title", "")
    yield "issue", cited.get("issue", "")
    yield "isbn", cited.get("ISBN", "")
    yield "issn", cited.get("ISSN", "")
    yield "language", cited["language"]
    for subject in csl.subjects(document):
        yield "keywords", subject
    yield "abstract_html_url", page_url(document)
    yield "pdf_url", next((absolute(f.get_absolute_url()) for f in document.files.all() if f.label == "PDF"), "")


def _open_graph(document: Document) -> Iterator[tuple[str, Any]]:
    yield "og:type", "article"
    yield "og:site_name", SITE
    yield "og:locale", "fr_FR"
    yield "og:title", document.title
    yield "og:description", document.summary
    yield "og:url", page_url(document)
    yield "og:image", card_url(document)
    yield "og:image:type", "image/png"
    yield "og:image:width", str(WIDTH)
    yield "og:image:height", str(HEIGHT)
    yield "og:image:alt", f"{document.type}{NBSP}: {document.title}"
    yield "twitter:card", "summary_large_image"


def card_url(document: Document) -> str:
    return absolute(reverse("resources:card", args=[document.slug, digest(document)]))


def page_url(document: Document) -> str:
    return absolute(document.get_absolute_url())


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
