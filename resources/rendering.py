"""What is computed once, when a document is saved: HTML with anchors, table of contents, reading time."""

from typing import TYPE_CHECKING

from trajectoire.core.prose import anchored, plain, wide_tables

from .fiches import SECTIONS

if TYPE_CHECKING:
    from .models import Document

WORDS_PER_MINUTE = 220  # silent reading of French prose, rounded down (Brysbaert 2019)


def render(document: "Document") -> dict:
    """{html, toc, minutes, sections: [{id, title, html}]} of a document, from its cleaned fields."""
    taken: set[str] = {anchor for _, _, anchor in SECTIONS}
    html, toc = anchored(document.body, taken)
    sections = []
    for field, heading, anchor in SECTIONS:
        if value := getattr(document, field):
            sections.append({"id": anchor, "title": heading, "html": wide_tables(value)})
            toc.append({"id": anchor, "label": heading, "level": 2})
    words = len(plain(document.body + "".join(section["html"] for section in sections)).split())
    return {"html": html, "toc": toc, "minutes": max(1, round(words / WORDS_PER_MINUTE)) if words else 0, "sections": sections}
