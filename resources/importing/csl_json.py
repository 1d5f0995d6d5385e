"""CSL-JSON (Zotero, Mendeley, Crossref…): a list of items, read one at a time."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

from trajectoire.core.importing import Record, Unreadable

from . import values
from .mapping import every, gather, take
from .text import LONGEST, TOO_LONG, encoding

TABLE = (
    take("key", "id"),
    take("title", "title"),
    every("authors", "author", "editor", "director", "collection-editor"),
    take("publisher", "publisher"),
    take("date", "issued", "original-date"),
    every("type", "genre", "type"),
    take("collection", "collection-title", "container-title"),
    take("number", "collection-number", "issue", "number", "volume"),
    take("language", "language"),
    every("isbn", "ISBN"),
    every("issn", "ISSN"),
    every("doi", "DOI"),
    every("url", "URL"),
    take("pages", "number-of-pages"),
    take("summary", "abstract"),
    every("subjects", "keyword", "categories"),
    take("event_note", "event-title", "event"),
    take("rights", "license"),
)
CHUNK = 1 << 18
LIST = re.compile(r'\A\{(?:[^\[]|\[\s*\])*?"items"\s*:\s*\[')
ITEM = re.compile(r'\A\{[^{}\[\]]*"(?:title|type|id)"\s*:')
NEXT = re.compile(r"[\s,\[]*")
BROKEN = "Le fichier est abîmé ou coupé ici : ce qui suit n’a pas pu être lu."


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    number = 0
    for number, item in enumerate(_items(path), 1):
        if isinstance(item, dict):
            yield values.record(number, gather(TABLE, lambda source, item=item: _get(item, source)))  # type: ignore[misc]
        else:
            yield values.refused(number, item if isinstance(item, str) else "Cette notice n’est pas un objet JSON.")
    if not number:
        raise Unreadable("Ce fichier n’est pas en CSL-JSON : il faut une liste de notices.")


def _items(path: Path | str) -> Iterator[Any]:
    """Each item of the list; a string says why the reading stops there."""
    decoder = json.JSONDecoder()
    with Path(path).open(encoding=encoding(path), errors="replace") as content:
        buffer, listed = _list_of(content.read(CHUNK).replace("\0", ""))
        while True:
            place = _skip(buffer, 0)
            while place < len(buffer) and buffer[place] != "]":
                try:
                    item, place = decoder.raw_decode(buffer, place)
                except ValueError:
                    break
                yield item
                place = _skip(buffer, place)
            buffer = buffer[place:]
            if buffer.startswith("]"):
                return
            # Twice as much each time: a long item is not begun again at each line.
            data = content.read(max(CHUNK, len(buffer)))
            if len(buffer) > LONGEST:
                yield TOO_LONG
                return
            if not data:
                if buffer or listed:
                    yield BROKEN
                return
            buffer += data.replace("\0", "")


def _skip(text: str, place: int) -> int:
    found = NEXT.match(text, place)
    return found.end() if found else place


def _list_of(text: str) -> tuple[str, bool]:
    """(what follows, whether it is a list): « [… », « {"items": [… » (Better BibTeX, Crossref), or items one after the other."""
    start = text.lstrip()
    if start.startswith("["):
        return start[1:], True
    if found := LIST.search(start):
        return start[found.end() :], True
    if not ITEM.search(start):
        raise Unreadable("Ce fichier n’est pas en CSL-JSON : il faut une liste de notices.")
    return start, False


def _get(item: Mapping[str, Any], source: str) -> list[str]:
    held = item.get(source)
    if source in ("author", "editor", "director", "collection-editor"):
        return [_name(name) for name in held if isinstance(name, dict)] if isinstance(held, list) else []
    if source in ("issued", "original-date"):
        return [_date(held)]
    if source == "keyword":
        return re.split(r"\s*[,;]\s*", str(held or ""))
    if isinstance(held, list):
        return [str(part) for part in held if isinstance(part, str | int)]
    return [str(held)] if isinstance(held, str | int | float) else []


def _name(name: Mapping[str, Any]) -> str:
    particle = " ".join(str(name.get(part) or "") for part in ("dropping-particle", "non-dropping-particle")).strip()
    family = " ".join(filter(None, [particle, str(name.get("family") or "")]))
    given = str(name.get("given") or "")
    return str(name.get("literal") or "") or ", ".join(filter(None, [family, given]))


def _date(held: Any) -> str:
    """As the schema says ({"date-parts": [[2012, 5, 12], …]}, {"raw": …}), and as software writes it all the same."""
    if isinstance(held, list):
        return _date(held[0]) if held else ""
    if not isinstance(held, dict):
        return str(held or "")
    parts = held.get("date-parts") or [[held.get(name) for name in ("year", "month", "day")]]
    if not isinstance(parts, list):
        return str(parts)
    last = parts[-1] if isinstance(parts[-1], list) else parts
    figures = list(takewhile(bool, (_figure(part) for part in last[:3])))
    return "-".join(figures) or str(held.get("raw") or held.get("literal") or "")


def _figure(part: Any) -> str:
    """« 5 » and 5.0 → « 05 »; a season (21 to 24) or nothing ends the date."""
    text = str(part).strip().removesuffix(".0")
    return f"{text:0>2}" if text.isdigit() and (len(text) == 4 or 1 <= int(text) <= 31) else ""
