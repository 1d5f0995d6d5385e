"""Reading tables that people bring: CSV in any French encoding, XLSX, ODS. Nothing in them is ever run."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook

LARGEST = 40_000_000  # bytes of a file
LARGEST_UNPACKED = 400_000_000  # bytes of what a spreadsheet unpacks to
MOST_LINES = 200_000
ENCODINGS = ["utf_8", "cp1252", "mac_roman", "utf_16"]
DELIMITERS = ";,\t|"


class Unreadable(Exception):
    """The file cannot be read as a table; the message is a French sentence for who brought it."""


@dataclass(frozen=True)
class Table:
    """`lines` holds (number in the file, cells); a line that is not like the others is kept, shorter or longer."""

    headers: list[str]
    lines: list[tuple[int, list[str]]]
    encoding: str = ""
    delimiter: str = ""


def read(name: str, content: bytes) -> Table:
    """The first sheet, or the whole CSV; every cell as text without outer spaces. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("Ce fichier est vide.")
    if len(content) > LARGEST:
        raise Unreadable("Ce fichier est trop lourd : coupez-le en plusieurs.")
    if content[:4] == b"PK\x03\x04":
        return _table(_sheet(content))
    if name.lower().endswith((".xlsx", ".ods", ".xls")):
        raise Unreadable("Ce fichier n’est pas un classeur lisible : enregistrez-le à nouveau en XLSX, ODS ou CSV.")
    return _from_csv(content)


def _sheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Unreadable("Ce classeur est trop grand une fois déplié : coupez-le en plusieurs.")
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("Ce classeur est abîmé ou protégé : enregistrez-le à nouveau, puis recommencez.") from error
    yield from ((number, [_text(cell) for cell in row]) for number, row in enumerate(rows, 1))


def _text(cell: object) -> str:
    """A number that is whole loses its « .0 »: spreadsheets keep a SIRET as a number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _from_csv(content: bytes) -> Table:
    text, encoding = decode(content)
    if "\0" in text:
        raise Unreadable("Ce fichier n’est pas un tableau : il contient des données illisibles.")
    delimiter = max(DELIMITERS, key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)

    def lines() -> Iterator[tuple[int, list[str]]]:
        while True:
            begun = reader.line_num + 1
            try:
                yield begun, [" ".join(cell.split()) for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable(
                    f"La ligne {begun} n’est pas complète : le fichier a dû être coupé, ou un guillemet n’est pas fermé."
                ) from error

    return _table(lines(), encoding, delimiter)


def decode(content: bytes) -> tuple[str, str]:
    """(text, encoding): what French files are written in, UTF-8 first."""
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
    return Table(_named(kept[0][1]), kept[1:], encoding, delimiter)


def _named(headers: Sequence[str]) -> list[str]:
    return [header or f"colonne {number}" for number, header in enumerate(headers, 1)]
