"""BibTeX and BibLaTeX; bibtexparser reads each entry, with the accents of LaTeX."""

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import bibtexparser
from bibtexparser import middlewares
from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

from trajectoire.core.importing import Record, Unreadable

from . import values
from .mapping import every, gather, take
from .text import LONGEST, TOO_LONG, lines

TABLE = (
    take("key", "key"),
    take("title", "title", "booktitle"),
    take("subtitle", "subtitle"),
    every("authors", "author", "editor"),
    take("publisher", "publisher", "institution", "school", "organization"),
    take("date", "date", "year, month", "year"),
    every("type", "type", "entrytype"),
    take("collection", "series", "journaltitle", "journal", "booktitle"),
    take("number", "number", "volume"),
    take("language", "langid", "language"),
    every("isbn", "isbn"),
    every("issn", "issn"),
    every("doi", "doi"),
    every("url", "url", "howpublished"),
    take("pages", "pagetotal", "numpages"),
    take("summary", "abstract"),
    every("subjects", "keywords", "keyword"),
    take("rights", "copyright", "rights"),
)
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # each entry that is wrong is a line of the report
ENTRY = re.compile(r"^\s*@\s*(\w+)\s*[{(]")
NOT_ENTRIES = {"comment", "preamble", "string"}
STRING = re.compile(r"\s*@\s*string\b", re.IGNORECASE)
AND = re.compile(r"\s+and\s+", re.IGNORECASE)
INCOMPLETE = "Cette entrée n’est pas complète : une accolade manque, ou le fichier a été coupé."
MENDING = (
    (re.compile(r"^(\s*@\s*\w+\s*[{(])(?=\s*\w+\s*=)"), r"\1,"),
    (re.compile(r'(?<=[}"])[ \t]*\n(?=\s*[A-Za-z]\w*\s*=\s*[{"\d])'), ",\n"),
    (re.compile(r"(?<=[}\"]),\s*,"), ","),
    (re.compile(r"\\og\b(?:\{\})?\s*"), "«\u00a0"),
    (re.compile(r"\s*\\fg\b(?:\{\})?"), "\u00a0»"),
)
STEPS = [
    middlewares.NormalizeFieldKeys(),
    middlewares.ResolveStringReferencesMiddleware(),
    middlewares.RemoveEnclosingMiddleware(),
    middlewares.LatexDecodingMiddleware(),
]


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    number, strings = 0, ""
    for kind, text in _blocks(path):
        if kind == "string":
            strings += text
        elif kind not in NOT_ENTRIES:
            for entry in _entries(strings, text):
                number += 1
                yield _record(number, entry)
    if not number:
        raise Unreadable("Ce fichier n’est pas en BibTeX : aucune entrée « @… ».")


def _blocks(path: Path | str) -> Iterator[tuple[str, str]]:
    """(kind, text) of each block, begun by an @ at the start of a line: a block that never closes stops at the next one."""
    kind, size = "", 0
    kept: list[str] = []
    for line in lines(path):
        if found := ENTRY.match(line):
            if kind:
                yield kind, "".join(kept)
            kind, kept, size = found[1].lower(), [], 0
        size += len(line)
        if kind and size <= LONGEST:
            kept.append(line)
        elif kind:
            kept = []
    if kind:
        yield kind, "".join(kept)


def _entries(strings: str, text: str) -> Iterator[Entry | str]:
    """What a block holds, one entry as a rule: each as bibtexparser reads it, or why it could not."""
    if not text:
        yield TOO_LONG
        return
    library = bibtexparser.parse_string(strings + _mended(text), parse_stack=STEPS)
    for block in library.blocks:
        if isinstance(block, DuplicateFieldKeyBlock) and isinstance(block.ignore_error_block, Entry):
            yield _stepped(block.ignore_error_block, library)
        elif isinstance(block, Entry):
            yield block
        elif isinstance(block, ParsingFailedBlock) and not STRING.match(block.raw or ""):
            yield INCOMPLETE


def _mended(text: str) -> str:
    """Entries without a key, commas forgotten at the end of a line or written twice, French quotes as LaTeX writes them."""
    for found, becomes in MENDING:
        text = found.sub(becomes, text)
    return text


def _stepped(entry: Entry, library: bibtexparser.Library) -> Entry:
    """An entry that says twice the same field is set aside as it was written: the last one counts."""
    alone = bibtexparser.Library([*library.strings, entry])
    for step in STEPS:
        alone = step.transform(alone)
    return alone.entries[0]


def _record(number: int, entry: Entry | str) -> Record:
    if isinstance(entry, str):
        return values.refused(number, entry)
    return values.record(number, gather(TABLE, lambda source: _get(entry, source)))


def _get(entry: Entry, source: str) -> list[str]:
    if source == "key":
        return [entry.key]
    if source == "entrytype":
        return [entry.entry_type]
    if source == "year, month":
        year, month = (_get(entry, name) for name in ("year", "month"))
        return [f"{month[0]} {year[0]}"] if year and month else []
    text = str(entry[source]).replace("{", "").replace("}", "").strip() if source in entry else ""
    if source in ("author", "editor"):
        return [name for name in AND.split(text) if name != "others"]
    if source in ("keywords", "keyword"):
        return re.split(r"\s*[;,]\s*", text)
    return [text] if text else []
