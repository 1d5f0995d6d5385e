"""The spreadsheets of a list, from its columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from .. import spreadsheets
from ..spreadsheets import Cell
from .declarations import Face, Faces

SEPARATORS = {";": ";", ",": ",", "tab": "\t"}  # what `?sep=` takes


def every_export(faces: Faces, title: str) -> tuple[Face, ...]:
    """CSV, ODS and XLSX, whose sheet has this title, then what the app adds."""

    def book(write: Callable[..., Iterator[bytes]]) -> Callable[[Iterable[Any]], Iterator[bytes]]:
        return lambda objects: write(header(faces), rows(faces, objects), title)

    return (
        csv_face(faces, ";"),
        Face("Tableur (ODS)", "ods", spreadsheets.ODS_TYPE, book(spreadsheets.write_ods)),
        Face("Excel (XLSX)", "xlsx", spreadsheets.XLSX_TYPE, book(spreadsheets.write_xlsx)),
        *faces.exports,
    )


def csv_face(faces: Faces, separator: str) -> Face:
    def write(objects: Iterable[Any]) -> Iterator[bytes]:
        return spreadsheets.write_csv(header(faces), rows(faces, objects), separator)

    return Face("CSV", "csv", spreadsheets.CSV_TYPE, write)


def header(faces: Faces) -> list[str]:
    return [column.label for column in faces.columns]


def rows(faces: Faces, objects: Iterable[Any]) -> Iterator[Sequence[Cell]]:
    return ([column.value(thing) for column in faces.columns] for thing in objects)
