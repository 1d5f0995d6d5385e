"""Tables as CSV, OpenDocument (ODS) and Excel (XLSX) files, written as they are read: memory does not grow with the rows.

Cells keep the type of their value. A text stays a text: no reader runs it as a formula, whatever it starts with.
"""

import csv
import datetime
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from io import RawIOBase, StringIO
from itertools import islice
from typing import Any, NamedTuple

import xlsxwriter
from django.utils import timezone

Cell = str | int | float | datetime.date | datetime.datetime | None
Rows = Iterable[Sequence[Cell]]


class Sheet(NamedTuple):
    """One table of a book; its title is cut and made unlike the others where a reader of spreadsheets wants it."""

    title: str
    header: Sequence[str]
    rows: Rows


CSV_TYPE = "text/csv; charset=utf-8"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BATCH = 200  # rows between two pieces of a file
CHUNK = 64 * 1024
WRITTEN = datetime.datetime(2000, 1, 1)  # the same table is the same file, whenever it is asked
LONGEST = 32_767  # characters of a cell of Excel
UNTITLED = re.compile(r"[\[\]:*?/\\]")  # what the name of a sheet of Excel cannot hold
BOM = "\ufeff"  # without it, Excel reads accents as Latin-1
# What starts a formula (OWASP, « CSV Injection »), full-width forms included.
RUNNING = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MORE_SPACES = re.compile("(?<= ) +|^ +")
# Characters that XML 1.0 cannot hold, even escaped.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_csv(header: Sequence[str], rows: Rows, separator: str = ";") -> Iterator[bytes]:
    """UTF-8 with its mark; every text between quotes, so that no other separator cuts it; a text that a spreadsheet would
    run starts with an apostrophe."""
    page = StringIO()
    writer = csv.writer(page, delimiter=separator, quoting=csv.QUOTE_NONNUMERIC)
    page.write(BOM)
    writer.writerow(header)
    for batch in _batches(rows):
        writer.writerows([_csv_cell(value) for value in row] for row in batch)
        yield page.getvalue().encode()
        page.seek(0)
        page.truncate()
    if page.tell():
        yield page.getvalue().encode()


def _csv_cell(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        text = UNWRITABLE.sub("", value)
        return f"'{text}" if text.startswith(RUNNING) else text
    return value


def write_xlsx(header: Sequence[str], rows: Rows, title: str) -> Iterator[bytes]:
    return write_xlsx_book([Sheet(title, header, rows)])


def write_xlsx_book(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """Rows go to a temporary file as they come; the book is put together on disk at the end, then read in pieces."""
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy", "remove_timezone": True}
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, options) as book:
            book.set_properties({"created": WRITTEN})
            bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
            for title, (_, header, rows) in zip(_titles(sheets), sheets, strict=True):
                sheet = book.add_worksheet(title)
                sheet.freeze_panes(1, 0)
                sheet.set_column(0, len(header) - 1, 24)
                sheet.write_row(0, 0, header, bold)
                for number, row in enumerate(rows, start=1):
                    _xlsx_row(sheet, number, row, moment)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _xlsx_row(sheet: Any, number: int, row: Sequence[Cell], moment: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(number, column, UNWRITABLE.sub("", value)[:LONGEST])
        elif isinstance(value, datetime.datetime):
            sheet.write_datetime(number, column, _local(value), moment)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(number, column, value)
        elif value is not None:
            sheet.write_number(number, column, value)


def _titles(sheets: Sequence[Sheet]) -> list[str]:
    """Each once, in 31 characters, without those that Excel refuses."""
    titles: list[str] = []
    for number, sheet in enumerate(sheets, start=1):
        title = UNTITLED.sub(" ", sheet.title)[:31].strip()
        known = title.casefold() in {other.casefold() for other in titles}
        titles.append(f"{title[:27]} {number}" if known else title)
    return titles


def _local(moment: datetime.datetime) -> datetime.datetime:
    """Spreadsheets know no time zone: the hour of the site, to the second."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return local.replace(tzinfo=None, microsecond=0)


def _batches(rows: Rows) -> Iterator[list[Sequence[Cell]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3">
<office:automatic-styles>
<style:style style:name="wide" style:family="table-column"><style:table-column-properties style:column-width="4.5cm"/></style:style>
<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<number:date-style style:name="day-format"><number:day number:style="long"/><number:text>/</number:text>
<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="day-format"/>
<number:date-style style:name="moment-format"><number:day number:style="long"/><number:text>/</number:text>
<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/><number:text> </number:text>
<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/></number:date-style>
<style:style style:name="moment" style:family="table-cell" style:data-style-name="moment-format"/>
</office:automatic-styles>
<office:body><office:spreadsheet>"""
TABLE = """<table:table table:name="{title}">
<table:table-column table:style-name="wide" table:number-columns-repeated="{count}"/>
<table:table-header-rows>{header}</table:table-header-rows>
"""
TABLE_END = "</table:table>\n"
END = "</office:spreadsheet></office:body></office:document-content>"


class Outlet(RawIOBase):
    """Where a zip archive is written when nothing can be taken back: what has come since the last look."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def write_ods(header: Sequence[str], rows: Rows, title: str) -> Iterator[bytes]:
    return write_ods_book([Sheet(title, header, rows)])


def write_ods_book(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """OpenDocument 1.3: an archive that is sent while its tables are written."""
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), ODS_TYPE)  # first and not compressed, says the standard (part 2, 3.3)
        archive.writestr(_entry("META-INF/manifest.xml"), MANIFEST)
        with archive.open(_entry("content.xml"), "w") as content:
            content.write(CONTENT.encode())
            for title, (_, header, rows) in zip(_titles(sheets), sheets, strict=True):
                content.write(_ods_start(title, header).encode())
                for batch in _batches(rows):
                    content.write("".join(_ods_row(row) for row in batch).encode())
                    yield outlet.taken()
                content.write(TABLE_END.encode())
            content.write(END.encode())
    yield outlet.taken()


def _entry(name: str) -> zipfile.ZipInfo:
    """Without the hour: the same content gives the same bytes, and the same mark (ETag)."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _ods_start(title: str, header: Sequence[str]) -> str:
    head = "".join(f'<table:table-cell table:style-name="head"{_ods_text(label)}' for label in header)
    return TABLE.format(title=escape(title), count=len(header), header=f"<table:table-row>{head}</table:table-row>")


def _ods_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join([_ods_cell(value) for value in row])}</table:table-row>\n"


def _ods_cell(value: Cell) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f"<table:table-cell{_ods_text(value)}"
    if isinstance(value, datetime.datetime):
        return f'<table:table-cell table:style-name="moment" office:value-type="date" office:date-value="{_local(value).isoformat()}"/>'
    if isinstance(value, datetime.date):
        return f'<table:table-cell table:style-name="day" office:value-type="date" office:date-value="{value.isoformat()}"/>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def _ods_text(text: str) -> str:
    """A paragraph a line; the rest of a cell of text, its opening left to the caller."""
    lines = _escaped(text).splitlines() if "\n" in text or "\r" in text else [_escaped(text)]
    return f' office:value-type="string">{"".join(f"<text:p>{line}</text:p>" for line in lines)}</table:table-cell>'


def _escaped(text: str) -> str:
    """Several spaces are an element: as characters, readers make one of them (OpenDocument, part 3, 6.1.2). A tab becomes
    a space: LibreOffice drops the element that the standard has for it."""
    text = escape(UNWRITABLE.sub("", text)).replace("\t", " ")
    if "  " in text or text.startswith(" "):
        text = MORE_SPACES.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', text)
    return text
