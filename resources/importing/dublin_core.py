"""Unqualified Dublin Core, as OAI-PMH gives it."""

from typing import Any

from trajectoire.core.importing import Record

from . import values
from .mapping import every, gather, take

TABLE = (
    take("key", "header"),
    take("title", "title"),
    every("authors", "creator", "contributor"),
    take("publisher", "publisher"),
    every("date", "date"),
    every("type", "type"),
    every("language", "language"),
    every("isbn", "identifier"),
    every("issn", "identifier", "relation", "source"),
    every("doi", "identifier", "relation"),
    every("url", "identifier address"),
    take("pages", "format"),
    take("summary", "description"),
    every("subjects", "subject"),
    every("territories", "coverage"),
    take("event_note", "source"),
    every("rights", "rights"),
)
DC = "{http://purl.org/dc/elements/1.1/}"


LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def record(number: int, key: str, element: Any) -> Record:
    """Of an element `record` of OAI-PMH."""

    def get(source: str) -> list[str]:
        if source == "header":
            return [key]
        name, _, kind = source.partition(" ")
        nodes = sorted(element.iter(f"{DC}{name}"), key=lambda node: not (node.get(LANGUAGE) or "fr").startswith("fr"))
        found = ["".join(node.itertext()) for node in nodes]  # the French first, when a title or a summary is said in several
        # An identifier may be a shelf mark, a number, an address: only the last is one.
        return [text for text in found if not kind or text.strip().lower().startswith(("http://", "https://", "www."))]

    return values.record(number, gather(TABLE, get))
