"""A selection as a bibliography on A4: a tagged PDF (the drawing is in data/bibliography.typ)."""

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.html import escape

from trajectoire.core.pdf import typst_pdf
from trajectoire.core.text import day, fold, plural
from trajectoire.core.typeset import html_to_typst

from ..citing import csl, styles
from ..models import Document

TEMPLATE = Path(__file__).parent.parent / "data" / "bibliography.typ"
STYLE = "iso690"


def bibliography_pdf(documents: Iterable[Document], today: datetime.date) -> bytes:
    """A PDF/UA-1 file: the documents cited after ISO 690, by author then date, each with its summary."""
    return typst_pdf(TEMPLATE.read_text(encoding="utf-8"), contents(documents, today))


def contents(documents: Iterable[Document], today: datetime.date) -> dict[str, Any]:
    entries = sorted((_entry(document) for document in documents), key=lambda entry: entry["order"])
    return {
        "title": "Bibliographie",
        "count": plural(len(entries), "document", "documents"),
        "date": day(today),
        "entries": entries,
    }


def _entry(document: Document) -> dict[str, str]:
    cited = csl.item(document)
    url = escape(cited["URL"])
    html = styles.html(cited, STYLE).replace(url, f'<a href="{url}">{url}</a>')
    return {
        "order": fold(styles.plain(cited, STYLE)),
        "citation": html_to_typst(f"<p>{html}</p>"),
        "summary": document.summary,
        "language": document.language,
    }
