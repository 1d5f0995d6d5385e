"""RIS, the tagged format that Zotero, Mendeley and EndNote read (Research Information Systems, 2012)."""

from collections.abc import Iterable, Iterator
from typing import Any

from ..models import Document
from .csl import item

TYPES = {
    "article-magazine": "MGZN",
    "book": "BOOK",
    "speech": "SLIDE",
    "motion_picture": "VIDEO",
    "broadcast": "SOUND",
    "webpage": "ELEC",
    "legislation": "STAT",
    "report": "RPRT",
}
PLAIN = "GEN"
CONTENT_TYPE = "application/x-research-info-systems; charset=utf-8"


def write(documents: Iterable[Document]) -> Iterator[bytes]:
    """One record a document, in UTF-8, lines ended as the format says."""
    for document in documents:
        cited = item(document)
        lines = [("TY", TYPES.get(cited["type"], PLAIN)), *tags(cited), ("ER", "")]
        yield "".join(f"{tag}  - {value}\r\n" for tag, value in lines).encode() + b"\r\n"


def tags(cited: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(tag, value) of a CSL item, without the empty ones."""
    parts = cited.get("issued", {}).get("date-parts", [[]])[0]
    values = [
        ("ID", cited["id"]),
        ("TI", cited["title"]),
        *(("AU", person(name)) for name in cited.get("author", [])),
        ("PY", str(parts[0]) if parts else ""),
        ("DA", "/".join(f"{part:02}" for part in parts) + "/" * (3 - len(parts)) if parts else ""),
        ("PB", cited.get("publisher", "")),
        ("T2", cited.get("container-title", "")),
        ("IS", cited.get("issue", "")),
        ("T3", cited.get("collection-title", "")),
        ("M1", cited.get("collection-number", "")),
        ("M3", cited["genre"]),
        ("SP", cited.get("number-of-pages", "")),
        ("SN", cited.get("ISBN", "")),
        ("SN", cited.get("ISSN", "") if "ISBN" not in cited else ""),
        ("LA", cited["language"]),
        ("AB", cited.get("abstract", "")),
        *(("KW", word) for word in cited.get("keyword", "").split(", ")),
        ("UR", cited["URL"]),
    ]
    yield from (pair for pair in values if pair[1])


def person(name: dict[str, str]) -> str:
    """« Family, Given »; an organisation as it is."""
    return name.get("literal") or f"{name['family']}, {name['given']}"
