"""What the faces of a list are made of: plain values given by its app, in French where people read them."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..search import Key

Cell = str | int | float | datetime.date | datetime.datetime | None


@dataclass(frozen=True)
class Column:
    """A column of the spreadsheets; the type of the value is the type of the cell."""

    label: str
    value: Callable[[Any], Cell]


@dataclass(frozen=True)
class Enclosure:
    """A file that a feed announces: `url` from the root of the site, `size` in bytes."""

    url: str
    size: int
    media_type: str


@dataclass(frozen=True)
class FeedEntry:
    """One entry of a feed. `key` (« document/12 ») never changes, whatever becomes of the title and of the address.

    `url` starts at the root of the site; `categories` are (code, label) pairs; moments are aware; texts are plain.
    """

    key: str
    title: str
    url: str
    published: datetime.datetime
    updated: datetime.datetime
    summary: str = ""
    authors: Sequence[str] = ()
    categories: Sequence[tuple[str, str]] = ()
    files: Sequence[Enclosure] = ()
    language: str = "fr"


@dataclass(frozen=True)
class Face:
    """A format in which a whole list can be taken, at `export.<extension>` beside the list.

    `write(objects)` is given every object of the list, in its order, and yields the file piece by piece: neither side
    ever holds more than a batch.
    """

    label: str
    extension: str
    media_type: str
    write: Callable[[Iterable[Any]], Iterator[bytes]]


@dataclass(frozen=True)
class Faces:
    """What an app gives so that its list has every face.

    `load(keys, access)` gives the objects of these keys, in their order, in a constant number of queries; those that have
    just gone, or that these levels may no longer read, are left out. `record` is an object in export.json, `entry` in flux.atom. `exports` adds formats of its own.
    `last_arrival()` is the last moment at which something appeared by its hour alone, without anybody changing it.
    """

    load: Callable[[Sequence[Key], frozenset[str]], Sequence[Any]]
    columns: Sequence[Column]
    record: Callable[[Any], dict[str, Any]]
    entry: Callable[[Any], FeedEntry]
    exports: Sequence[Face] = ()
    last_arrival: Callable[[], datetime.datetime | None] = lambda: None
