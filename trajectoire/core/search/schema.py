"""The shape of the index, and how an entry becomes documents: one for the object, one for each page of its files."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import Any

import tantivy
from django.utils import timezone

from . import analysis
from .declarations import Entry, sources

SCHEMA_VERSION = 4
TITLE, HEAD, WHOLE = "title", "head", "all"
TEXT_FIELDS = (TITLE, "themes", "places", "names", "summary", HEAD, WHOLE, "page")
STORED = ("summary", "body", "page")
STATE_KEY = "state"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUMMARY_LENGTH, SORT_LENGTH = 2_000, 120
BODY_LENGTH = 20_000  # kept for excerpts: each result shown reads it again; all of it is searched
_RAW_FIELDS = ("key", "gate")
_FAST_FIELDS = ("date", "recent", "embargo", "visible", "ends")


def build() -> tantivy.Schema:
    """Fields. `all` holds everything an object says, its pages included: it decides who matches; the others, in what order.
    `head` is `all` without the full text and the pages.

    `key` is a word because deleting by an unsigned number deletes nothing, silently.
    """
    builder = tantivy.SchemaBuilder()
    for name in _RAW_FIELDS:
        builder.add_text_field(name, tokenizer_name=analysis.RAW, index_option="basic")
    for name in TEXT_FIELDS:
        builder.add_text_field(name, stored=name in STORED, tokenizer_name=analysis.STEMMED)
    builder.add_text_field("body", stored=True, tokenizer_name=analysis.STEMMED, index_option="basic")
    for name in ("words", "jump"):
        builder.add_text_field(name, tokenizer_name=analysis.PLAIN, index_option="basic")
    builder.add_text_field("sort_title", fast=True, tokenizer_name=analysis.RAW, index_option="basic")
    for name in _FAST_FIELDS:
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_json_field("facets", fast=True, tokenizer_name=analysis.RAW, index_option="basic")
    builder.add_bytes_field("card", stored=True)
    return builder.build()


def fingerprint() -> str:
    """Changes with anything that makes an existing index unfit: kinds, fields, analysis, version of the engine."""
    return _fingerprint(SCHEMA_VERSION, tuple(sorted(source.kind for source in sources())))


@cache
def _fingerprint(shape: int, kinds: tuple[str, ...]) -> str:
    parts = [shape, kinds, TEXT_FIELDS, STORED, analysis.WORD, analysis.STOP_WORDS, version("tantivy")]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:10]


def key(kind: str, pk: int) -> str:
    return f"{kind}:{pk}"


def gate(kind: str, access: str) -> str:
    """What a reader must hold to meet the object: its kind asked for, its level allowed."""
    return f"{kind}|{access}"


def packed(card: dict[str, Any]) -> bytes:
    return json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode()


def unpacked(document: tantivy.Document) -> dict[str, Any]:
    return json.loads(bytes(document.get_first("card") or b"{}"))


def documents(kind: str, entry: Entry) -> Iterator[tantivy.Document]:
    """The documents of one entry, the object first."""
    yield _parent(kind, entry)
    for page in entry.pages:
        document = tantivy.Document()
        document.add_text("key", key(kind, entry.pk))
        document.add_text("page", analysis.clean(page.text))
        document.add_bytes("card", packed({"pk": entry.pk, "kind": kind, "file": page.file_id, "page": page.number}))
        yield document


def _parent(kind: str, entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("key", key(kind, entry.pk))
    document.add_text("gate", gate(kind, entry.access))
    if entry.visible_from:
        document.add_integer("visible", moment_number(entry.visible_from))
        if entry.visible_from > timezone.now():  # few: cheap to leave out of every query
            document.add_integer("embargo", moment_number(entry.visible_from))
    if entry.ends:
        document.add_integer("ends", moment_number(entry.ends))
    _add_texts(document, entry)
    _add_order(document, entry)
    values = {group: list(chosen) for group, chosen in entry.facets.items() if chosen}
    document.add_json("facets", {**values, "kind": [kind]})
    card: dict[str, Any] = {
        "kind": kind,
        "pk": entry.pk,
        "title": entry.title,
        "url": entry.url,
        "jump": entry.jump,
        "facets": values,
    }
    card["more"] = " ".join(filter(None, (entry.themes_text, entry.places_text, entry.names)))
    document.add_bytes("card", packed(card))
    return document


def _add_texts(document: tantivy.Document, entry: Entry) -> None:
    title, summary = analysis.clean(entry.title), analysis.clean(entry.summary)
    themes, places, names = (analysis.clean(text) for text in (entry.themes_text, entry.places_text, entry.names))
    values = {"title": title, "themes": themes, "places": places, "names": names}
    body = analysis.clean(entry.body)
    for name, text in {**values, "summary": summary}.items():
        document.add_text(name, text)
        document.add_text(HEAD, text)
    document.add_text("body", body[:BODY_LENGTH])
    for text in (*values.values(), summary, body, *(analysis.clean(page.text) for page in entry.pages)):
        document.add_text(WHOLE, text)
    document.add_text("words", " ".join((*values.values(), summary[:SUMMARY_LENGTH])))
    document.add_text("jump", analysis.clean(f"{entry.title} {entry.also}") if entry.jump else "")


def _add_order(document: tantivy.Document, entry: Entry) -> None:
    day = day_number(entry.date) if entry.date else 0
    if day:
        document.add_integer("date", day)
    document.add_integer("recent", (day << 32) + (entry.pk & 0xFFFFFFFF))
    document.add_text("sort_title", analysis.fold(entry.title)[:SORT_LENGTH])


def moment_number(moment: datetime) -> int:
    """Microseconds: two objects published in the same second are told apart, as the database tells them."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def day_number(day: date) -> int:
    """2024-03-05 → 20240305: an integer that sorts and is readable."""
    return day.year * 10_000 + day.month * 100 + day.day
