"""RIS, of Zotero, EndNote, Mendeley, Cairn, HAL… rispy reads each record."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import rispy

from trajectoire.core.importing import Record, Unreadable

from . import values
from .mapping import every, gather, take
from .text import LONGEST, TOO_LONG, lines

TABLE = (
    take("key", "ID", "AN"),
    take("title", "TI", "T1", "CT", "BT"),
    every("authors", "AU", "A1", "A2", "A3", "A4"),
    take("publisher", "PB"),
    take("date", "DA", "PY", "Y1"),
    every("type", "M3", "TY"),
    take("collection", "T3", "T2", "JO", "JF", "JA"),
    take("number", "M1", "IS", "VL"),
    take("language", "LA"),
    every("isbn", "SN"),
    every("issn", "SN"),
    every("doi", "DO", "M3", "UR"),
    every("url", "UR", "L2", "L1"),
    take("pages", "SP"),
    take("summary", "AB", "N2"),
    every("subjects", "KW"),
)
TAG = re.compile(r"^\s{0,4}([A-Z][A-Z0-9])\s{0,4}-(?:\s|$)")
TAGS = {tag: tag for tag in rispy.TAG_KEY_MAPPING if tag not in ("ER", "UK")} | {"CT": "CT", "BT": "BT", "ER": "ER", "UK": "UK"}


class Parser(rispy.RisParser):
    """Each tag under its own name, each with its list."""

    DEFAULT_MAPPING = TAGS
    DEFAULT_LIST_TAGS = [tag for tag in TAGS if tag not in ("TY", "ER", "UK")]
    DEFAULT_DELIMITER_MAPPING: dict = {}


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    number = 0
    for text in _records(path):
        number += 1
        yield _record(number, text)
    if not number:
        raise Unreadable("Ce fichier n’est pas en RIS : aucune ligne « TY  - ».")


def _records(path: Path | str) -> Iterator[str | None]:
    """The lines of each record, from TY to ER; None for one too long. One that never ends stops at the next TY."""
    kept: list[str] = []
    size = 0
    for line in lines(path):
        found = TAG.match(line)
        tag = found[1] if found else ""
        if tag == "TY" and kept:
            yield _whole(kept, size)
            kept, size = [], 0
        if tag == "TY" or kept:
            size += len(line)
            if size <= LONGEST:
                # Spaces around the dash vary from one software to the next: rispy wants two, then one.
                kept.append(f"{tag}  - {line[found.end() :].lstrip()}" if found else line)
        if tag == "ER" and kept:
            yield _whole(kept, size)
            kept, size = [], 0
    if kept:
        yield _whole(kept, size)


def _whole(kept: list[str], size: int) -> str | None:
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in kept) if size <= LONGEST else None


def _record(number: int, text: str | None) -> Record:
    if text is None:
        return values.refused(number, TOO_LONG)
    notes = []
    if not text.rsplit("\n", 2)[-2].startswith("ER"):
        text += "ER  - \n"
        notes.append("La notice n’a pas de fin (ER) : le fichier a peut-être été coupé.")
    entry = rispy.loads(text, implementation=Parser)[0]
    if "EP" in entry:
        entry.pop("SP", None)  # the pages of an article in its journal are not a number of pages

    def get(source: str) -> list[str]:
        found = entry.get(source, [])
        return [found] if isinstance(found, str) else list(found)

    return values.record(number, gather(TABLE, get), notes)
