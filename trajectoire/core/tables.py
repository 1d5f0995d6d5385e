"""Reading tables that people bring: CSV in any French encoding, XLSX, ODS. Nothing in them is ever run."""

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook

from . import sheets

LARGEST = 40_000_000  # bytes of a file
LARGEST_UNPACKED = 400_000_000  # bytes of what a spreadsheet unpacks to
MOST_LINES = 200_000
MOST_CELLS = 10_000_000  # of a sheet, empty ones included: some 400 MB once read
TOO_FAR = "Une cellule de ce classeur est remplie très loin des autres, ce qui le rend immense : copiez votre tableau dans un classeur neuf."
ENCODINGS = ["utf_8", "cp1252", "mac_roman", "utf_16"]
DELIMITERS = ";,\t|"
LOOKED_AT = 20  # first lines, to tell what separates the cells and which line holds the titles
# Spreadsheets put an apostrophe before a text that they would run; ours does (spreadsheets.write_csv).
GUARDED = re.compile(r"^'(?=[=+\-@＝＋－＠])")


class Unreadable(Exception):
    """The file cannot be read as a table; the message is a French sentence for who brought it."""


@dataclass(frozen=True)
class Table:
    """`lines` holds (number in the file, cells); a line that is not like the others is kept, shorter or longer. `aside`: the other
    sheets that hold a table, [(name, number of lines)]."""

    headers: list[str]
    lines: list[tuple[int, list[str]]]
    encoding: str = ""
    delimiter: str = ""
    aside: tuple[tuple[str, int], ...] = ()


def read(name: str, content: bytes) -> Table:
    """The first sheet that holds a table, or the whole CSV; every cell as text without outer spaces. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("Ce fichier est vide.")
    if len(content) > LARGEST:
        raise Unreadable("Ce fichier est trop lourd : coupez-le en plusieurs.")
    if content[:4] == b"PK\x03\x04":
        return _from_sheets(content)
    if name.lower().endswith((".xlsx", ".ods", ".xls")):
        raise Unreadable("Ce fichier n’est pas un classeur lisible : enregistrez-le à nouveau en XLSX, ODS ou CSV.")
    return _from_csv(content)


def _from_sheets(content: bytes) -> Table:
    """The first sheet of which two lines have several cells: a sheet before it may tell what the file is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Unreadable("Ce classeur est trop grand une fois déplié : coupez-le en plusieurs.")
            if sheets.cells(archive) > MOST_CELLS:
                raise Unreadable(TOO_FAR)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, zipfile.BadZipFile, zlib.error, RuntimeError, OSError, ValueError) as error:
        raise Unreadable("Ce classeur est abîmé ou protégé : enregistrez-le à nouveau, puis recommencez.") from error
    rows = {
        name: [(number, [_text(cell) for cell in row]) for number, row in enumerate(lines, 1)] for name, lines in found.items()
    }
    filled = {name: sum(sum(map(bool, cells)) > 1 for _, cells in lines) for name, lines in rows.items()}
    holding = [name for name, count in filled.items() if count > 1] or list(rows)[:1]
    aside = tuple((name, filled[name] - 1) for name in holding[1:])
    return replace(_table(iter(rows[holding[0]])), aside=aside)


def _text(cell: object) -> str:
    """A number that is whole loses its « .0 »: spreadsheets keep a SIRET as a number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _from_csv(content: bytes) -> Table:
    text, encoding = decode(content)
    if text.count("\0") > len(text) // 100:
        raise Unreadable("Ce fichier n’est pas un tableau : il contient des données illisibles.")
    text = text.replace("\0", "")
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def lines() -> Iterator[tuple[int, list[str]]]:
        while True:
            begun = reader.line_num + 1
            try:
                yield begun, [GUARDED.sub("", " ".join(cell.split()), count=1) for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable(
                    f"La ligne {begun} n’est pas complète : le fichier a dû être coupé, ou un guillemet n’est pas fermé."
                ) from error

    return _table(lines(), encoding, delimiter)


def _delimiter(text: str) -> str:
    """What comes as many times in most of the first lines; prose holds commas too, but not always as many."""
    first = [line for line in text[:100_000].splitlines()[: LOOKED_AT * 2] if line.strip()][:LOOKED_AT]

    def regular(delimiter: str) -> tuple[int, int]:
        times = Counter(count for line in first if (count := line.count(delimiter)))
        return (max(times.values(), default=0), max(times, key=times.__getitem__, default=0))

    return max(DELIMITERS, key=regular)


def decode(content: bytes) -> tuple[str, str]:
    """(text, encoding): what French files are written in, UTF-8 first."""
    for place, encoding in ((1, "utf_16_le"), (0, "utf_16_be")):  # with no mark at its start
        if content[place::2].count(0) > len(content) // 4 > content[1 - place :: 2].count(0):
            return content.decode(encoding, "replace").removeprefix("\ufeff"), encoding
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        best = from_bytes(content, cp_isolation=ENCODINGS, preemptive_behaviour=False).best()
    if best is None:
        raise Unreadable("L’encodage de ce fichier n’est pas reconnu : enregistrez-le en « CSV UTF-8 ».")
    return str(best), best.encoding


def _table(lines: Iterator[tuple[int, list[str]]], encoding: str = "", delimiter: str = "") -> Table:
    kept: list[tuple[int, list[str]]] = []
    for number, cells in lines:
        if any(cells):
            kept.append((number, cells))
        if len(kept) > MOST_LINES:
            raise Unreadable(f"Ce fichier a plus de {MOST_LINES} lignes : coupez-le en plusieurs.")
    if len(kept) < 2:
        raise Unreadable("Ce fichier n’a qu’une ligne : il faut une ligne de titres, puis au moins une ligne.")
    titles = _titles([cells for _, cells in kept[:LOOKED_AT]])
    return Table(_named(kept[titles][1]), kept[titles + 1 :], encoding, delimiter)


def _titles(first: Sequence[Sequence[str]]) -> int:
    """The place of the line of titles: above it, a sheet may say what it is in cells that stand alone, or group its columns."""
    filled = [sum(map(bool, cells)) for cells in first]
    place = next((place for place, count in enumerate(filled[:-1]) if count > 1), 0)
    below = first[place + 1]
    groups = 2 * filled[place] <= filled[place + 1] and not any(char.isdigit() for cell in below for char in cell)
    return place + 1 if groups and place + 2 < len(first) else place


def _named(headers: Sequence[str]) -> list[str]:
    return [header or f"colonne {number}" for number, header in enumerate(headers, 1)]
