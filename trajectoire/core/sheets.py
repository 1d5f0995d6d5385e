"""How far the cells of a workbook reach: a reader holds the whole rectangle, and one space typed in the last cell makes it huge."""

import re
import zipfile
from collections.abc import Iterator

CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
TABLE = re.compile(rb"<table:(table-row|(?:covered-)?table-cell|table)\b([^>]*?)(/?)>")
REPEATED = re.compile(rb'table:number-(?:columns|rows)-repeated="(\d{1,9})"')


def cells(archive: zipfile.ZipFile) -> int:
    """Cells of all sheets, each from its first corner to its last filled cell; 0 when this is no XLSX nor ODS."""
    parts = [archive.read(name) for name in archive.namelist() if name.lower().endswith(".xml")]
    return sum(_xlsx(part) + sum(_ods(part)) for part in parts)


def _xlsx(sheet: bytes) -> int:
    rows = columns = 0
    for letters, row in CELL.findall(sheet):
        rows = max(rows, int(row))
        columns = max(columns, _number(letters))
    return rows * columns


def _number(letters: bytes) -> int:
    """« A » → 1, « XFD » → 16 384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _ods(content: bytes) -> Iterator[int]:
    """One size a sheet. Empty cells and rows are written once, with how often they come."""
    row = column = rows = columns = repeat = 0
    for kind, attributes, closed in TABLE.findall(content):
        found = REPEATED.search(attributes)
        times = int(found[1]) if found else 1
        if kind == b"table":
            yield rows * columns
            row = rows = columns = repeat = 0
        elif kind == b"table-row":
            row, column, repeat = row + repeat, 0, times
        else:
            column += times
            if not closed or b"office:value" in attributes:
                rows, columns = max(rows, row + repeat), max(columns, column)
    yield rows * columns
