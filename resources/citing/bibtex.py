"""BibTeX: an entry for each document, in UTF-8, with the characters that LaTeX takes for itself protected."""

from collections.abc import Iterable, Iterator
from typing import Any

from ..models import Document
from .csl import item

TYPES = {"article-magazine": "article", "book": "book", "report": "techreport"}
PLAIN = "misc"
CONTENT_TYPE = "application/x-bibtex; charset=utf-8"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SPECIAL = str.maketrans(
    {
        **{character: f"\\{character}" for character in "&%$#_{}"},
        "\\": "\\textbackslash{}",
        "~": "\\textasciitilde{}",
        "^": "\\textasciicircum{}",
    }
)


def write(documents: Iterable[Document]) -> Iterator[bytes]:
    """One entry a document, its key the end of its address."""
    for document in documents:
        cited = item(document)
        lines = "".join(f"  {name} = {value},\n" for name, value in fields(cited))
        yield f"@{TYPES.get(cited['type'], PLAIN)}{{{cited['id']},\n{lines}}}\n\n".encode()


def fields(cited: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, written value) of a CSL item, without the empty ones. Titles keep their capitals by a second pair of braces."""
    parts = cited.get("issued", {}).get("date-parts", [[]])[0]
    kind = TYPES.get(cited["type"], PLAIN)
    values = {
        "title": f"{{{escape(cited['title'])}}}",
        "author": " and ".join(person(name) for name in cited.get("author", [])),
        "year": str(parts[0]) if parts else "",
        "journal": escape(cited.get("container-title", "")),
        "series": escape(cited.get("collection-title", "")),
        "number": cited.get("issue", "") or cited.get("collection-number", ""),
        "institution" if kind == "techreport" else "publisher": escape(cited.get("publisher", "")),
        "type": escape(cited["genre"]),
        "pagetotal": cited.get("number-of-pages", ""),
        "isbn": cited.get("ISBN", ""),
        "issn": cited.get("ISSN", ""),
        "language": cited["language"],
        "keywords": escape(cited.get("keyword", "")),
        "abstract": escape(cited.get("abstract", "")),
        "url": address(cited["URL"]),
    }
    for name, value in values.items():
        if value and value != "{}":
            yield name, f"{{{value}}}"
        if name == "year" and len(parts) > 1:
            yield "month", MONTHS[parts[1] - 1]


def escape(text: str) -> str:
    return text.translate(SPECIAL)


def person(name: dict[str, str]) -> str:
    """« Family, Given »; an organisation in braces, which nothing takes apart."""
    if "literal" in name:
        return f"{{{escape(name['literal'])}}}"
    return f"{escape(name['family'])}, {escape(name['given'])}"


def address(url: str) -> str:
    """An address as it is, for programs take it so: only what would end the field is written by its code."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
