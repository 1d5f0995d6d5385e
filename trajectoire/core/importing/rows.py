"""The lines of a table as records: a line that cannot be used is refused with a sentence, the others go on."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..tables import Unreadable
from ..text import fold, plural
from .cells import Wrong, says_nothing
from .columns import Column, guess, missing, table
from .contract import Record

Cells = Mapping[str, str]
TOTAL = re.compile(r"(?:sous-)?total\b")
TOTAL_CELLS = 4  # a total fills a few cells, a record whose name begins so fills more


def records(
    columns: Sequence[Column], path: Path | str, options: Mapping[str, Any], make: Callable[[int, Cells], Record]
) -> Iterator[Record]:
    """`make(number, {name of ours: cell})` gives the record of a line, or raises Wrong. Raises Unreadable for the whole file."""
    read = table(path, options)
    mapping = options.get("mapping") or guess(columns, read.headers)
    if lacking := missing(columns, mapping):
        raise Unreadable(
            f"Dites quelle colonne est « {lacking[0].label} » : elle est obligatoire. "
            f"Colonnes du fichier : {', '.join(read.headers)}."
        )
    for number, cells in read.lines:
        label = next(filter(None, (_cell(cells, mapping.get(column.name)) for column in columns)), "")
        if any(cells[len(read.headers) :]):
            told = f"Cette ligne a {len(cells)} cellules pour {len(read.headers)} titres : un séparateur ou un guillemet y est de trop."
            yield Record(number, "", label, refused=told)
            continue
        if TOTAL.match(fold(label)) and sum(map(bool, cells)) < TOTAL_CELLS:
            yield Record(number, "", label, refused="C’est la ligne d’un total, pas un enregistrement.")
            continue
        try:
            yield make(number, {column.name: _cell(cells, mapping.get(column.name)) for column in columns})
        except Wrong as wrong:
            yield Record(number, "", label, refused=str(wrong))
    for name, count in read.aside:
        left = f"Cette feuille n’est pas lue ({plural(count, 'ligne', 'lignes')}) : enregistrez-la dans un fichier à part."
        yield Record(read.lines[-1][0] + 1, "", f"Feuille « {name} »", refused=left)


def _cell(cells: Sequence[str], place: int | None) -> str:
    cell = cells[place].strip() if place is not None and place < len(cells) else ""
    return "" if says_nothing(cell) else cell
