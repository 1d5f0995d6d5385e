"""The columns that a table may have, and how their titles are recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import tables
from ..text import fold


@dataclass(frozen=True)
class Column:
    """`words`: titles met in real files, without accents nor capitals, the surest first; so is the label, unless it stands among them.
    `help`: one French sentence for who chooses."""

    name: str
    label: str
    words: tuple[str, ...]
    required: bool = False
    help: str = ""


def guess(columns: Sequence[Column], headers: Sequence[str]) -> dict[str, int]:
    """{name of ours: position in the file}, from titles that are known, each used once; the first word is the best."""
    titles = [_plain(header) for header in headers]
    found: dict[str, int] = {}
    for column in columns:
        words = [_plain(word) for word in column.words]
        words = words if (label := _plain(column.label)) in words else [label, *words]
        places = [n for word in words for n, title in enumerate(titles) if title == word and n not in found.values()]
        if places:
            found[column.name] = places[0]
    return found


def missing(columns: Sequence[Column], mapping: Mapping[str, int]) -> list[Column]:
    """The required columns that are nowhere."""
    return [column for column in columns if column.required and column.name not in mapping]


def table(path: Path | str, options: Mapping[str, Any]) -> tables.Table:
    """The table of a file, whatever its kind. Raises Unreadable."""
    return tables.read(str(options.get("name", "")), Path(path).read_bytes())


def _plain(title: str) -> str:
    return " ".join(fold(title).replace("_", " ").replace("-", " ").replace("°", "").split())
