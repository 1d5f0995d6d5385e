"""CSV, ODS and XLSX files, opened again by other people's readers: types, formulas, characters, memory."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator

import pytest
import time_machine
from lxml import etree
from python_calamine import load_workbook

from trajectoire.core import spreadsheets

HEADER = ["Texte", "Nombre", "Jour", "Moment", "Vide"]
DAY = datetime.date(2024, 2, 29)
MOMENT = datetime.datetime(2024, 7, 14, 22, 30, 15, 999, tzinfo=datetime.UTC)
ROW = ["Été", 12, DAY, MOMENT, None]
BOOKS = {"ods": spreadsheets.write_ods, "xlsx": spreadsheets.write_xlsx}


def csv_rows(rows, separator: str = ";") -> list[list[str]]:
    written = b"".join(spreadsheets.write_csv(HEADER[: len(rows[0])] if rows else HEADER, rows, separator))
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=separator))


def book(kind: str, rows, title: str = "Ressources"):
    return load_workbook(io.BytesIO(b"".join(BOOKS[kind](HEADER, rows, title))))


def cells(kind: str, rows) -> list[list]:
    return book(kind, rows).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("kind", BOOKS)
def test_same_content_is_the_same_bytes_at_any_hour(kind):
    """Whoever has the file is told that nothing changed (ETag)."""
    written = set()
    for hour in (8, 9):
        with time_machine.travel(datetime.datetime(2026, 3, 1, hour, tzinfo=datetime.UTC), tick=False):
            written.add(b"".join(BOOKS[kind](HEADER, [ROW], "Ressources")))
    assert len(written) == 1


def test_csv_opens_right_in_french_excel():
    written = b"".join(spreadsheets.write_csv(HEADER, [ROW]))
    assert written.startswith(b"\xef\xbb\xbf")
    lines = written.decode("utf-8-sig").splitlines()
    assert lines[0] == '"Texte";"Nombre";"Jour";"Moment";"Vide"'
    assert lines[1] == '"Été";12;"2024-02-29";"2024-07-15 00:30:15";""'


def test_csv_takes_another_separator():
    assert csv_rows([["a;b", 1]], ",") == [["Texte", "Nombre"], ["a;b", "1"]]
    assert csv_rows([["a\tb", 1]], "\t")[1] == ["a\tb", "1"]


def test_csv_without_rows_has_its_header():
    assert csv_rows([]) == [HEADER]


@pytest.mark.parametrize("kind", BOOKS)
def test_book_keeps_the_type_of_each_cell(kind):
    assert cells(kind, [ROW]) == [HEADER, ["Été", 12, DAY, datetime.datetime(2024, 7, 15, 0, 30, 15), ""]]


@pytest.mark.parametrize("kind", BOOKS)
def test_book_names_its_sheet(kind):
    assert book(kind, [], "Réseau & amis").sheet_names == ["Réseau & amis"]


@pytest.mark.parametrize("kind", BOOKS)
def test_book_without_rows_has_its_header(kind):
    assert cells(kind, []) == [HEADER]


FORMULAS = [
    '=HYPERLINK("https://exemple.fr","Cliquez")',
    "+33 3 80 00 00 00",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_never_starts_a_formula(text):
    [_, [cell]] = csv_rows([[text]])
    assert cell == f"'{text}"


def test_csv_leaves_numbers_and_plain_texts_alone():
    assert csv_rows([["1 = 1", -12]])[1] == ["1 = 1", "-12"]


@pytest.mark.parametrize("text", ["a,=1+1", "a\n=1+1", 'a";=1+1', "a\t=1+1"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_no_separator_cuts_a_text_of_csv(text, separator):
    """A text between quotes stays one cell, even read with another separator than its own."""
    written = b"".join(spreadsheets.write_csv(["Texte"], [[text]])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written, newline=""), delimiter=separator))[1] == [text]


@pytest.mark.parametrize("text", FORMULAS)
def test_ods_text_is_a_text(text):
    content = zipfile.ZipFile(io.BytesIO(b"".join(spreadsheets.write_ods(["Texte"], [[text]], "Essai")))).read("content.xml")
    tree = etree.fromstring(content)
    assert b"formula" not in content
    [cell] = tree.xpath("//*[local-name()='table-cell'][not(@*[local-name()='style-name'])]")
    assert cell.attrib.values() == ["string"]


@pytest.mark.parametrize("text", FORMULAS)
def test_xlsx_text_is_a_text(text):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(spreadsheets.write_xlsx(["Texte"], [[text]], "Essai"))))
    tree = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert tree.xpath("//*[local-name()='f']") == []
    assert tree.xpath("//*[local-name()='hyperlink']") == []
    assert tree.xpath("//*[local-name()='c']/@t") == ["inlineStr", "inlineStr"]


@pytest.mark.parametrize("kind", BOOKS)
@pytest.mark.parametrize("text", ["a < b & « c » \"d\" 'e'", "deux  espaces", "ligne 1\nligne 2", "𝄞 🎻", "_x0041_"])
def test_book_keeps_characters(kind, text):
    assert cells(kind, [[text]])[1][0] == text


def test_ods_writes_several_spaces_as_an_element():
    """As characters, LibreOffice would show one."""
    content = zipfile.ZipFile(io.BytesIO(b"".join(spreadsheets.write_ods(["T"], [["  a\tb   c d"]], "Essai")))).read(
        "content.xml"
    )
    assert b'<text:p><text:s text:c="2"/>a b <text:s text:c="2"/>c d</text:p>' in content


@pytest.mark.parametrize("kind", BOOKS)
def test_book_leaves_out_what_xml_cannot_hold(kind):
    assert cells(kind, [["a\x00b\x07c\x1fd\ufffee"]])[1][0] == "abcde"


def test_csv_leaves_out_what_cannot_be_read():
    assert csv_rows([["a\x00b\x1fc\ud800d"]])[1] == ["abcd"]


def test_excel_cell_longer_than_allowed_is_cut():
    assert cells("xlsx", [["é" * 40_000]])[1][0] == "é" * 32_767


def test_ods_is_the_archive_of_the_standard():
    """OpenDocument 1.3, part 2, 3.3: the media type comes first, not compressed, without an extra field."""
    written = b"".join(spreadsheets.write_ods(HEADER, [ROW], "Essai"))
    assert written[30:38] == b"mimetype"
    assert written[38:].startswith(spreadsheets.ODS_TYPE.encode())
    archive = zipfile.ZipFile(io.BytesIO(written))
    assert archive.testzip() is None
    assert archive.namelist() == ["mimetype", "META-INF/manifest.xml", "content.xml"]
    named = etree.fromstring(archive.read("META-INF/manifest.xml")).xpath("//@*[local-name()='full-path']")
    assert named == ["/", "content.xml"]


class Counted:
    """Rows that remember how many were asked for."""

    def __init__(self, total: int) -> None:
        self.total, self.asked = total, 0

    def __iter__(self) -> Iterator[list[str]]:
        for number in range(self.total):
            self.asked += 1
            yield [f"Ligne {number}"]


@pytest.mark.parametrize("write", [spreadsheets.write_csv, lambda h, r: spreadsheets.write_ods(h, r, "Essai")])
def test_file_is_sent_while_rows_come(write):
    rows = Counted(10 * spreadsheets.BATCH)
    pieces = write(["Texte"], rows)
    assert next(pieces)
    assert rows.asked <= 2 * spreadsheets.BATCH
    assert len(list(pieces)) >= 9
    assert rows.asked == rows.total


WRITE_BOOK = {"ods": spreadsheets.write_ods_book, "xlsx": spreadsheets.write_xlsx_book}


@pytest.mark.parametrize("kind", WRITE_BOOK)
def test_book_holds_several_sheets_each_with_a_name_of_its_own(kind):
    long = "Le centre : ce qu’il fait dans l’année"
    sheets = [
        spreadsheets.Sheet("1. Sessions", ["Niveau", "Sessions"], [["N1", 2]]),
        spreadsheets.Sheet(long, ["Mission"], [["VRL"], ["Réseau"]]),
        spreadsheets.Sheet(long.upper(), ["Vide"], []),
    ]
    written = load_workbook(io.BytesIO(b"".join(WRITE_BOOK[kind](sheets))))
    assert written.sheet_names == ["1. Sessions", "Le centre   ce qu’il fait dans", "LE CENTRE   CE QU’IL FAIT D 3"]
    assert [written.get_sheet_by_index(number).to_python() for number in range(3)] == [
        [["Niveau", "Sessions"], ["N1", 2]],
        [["Mission"], ["VRL"], ["Réseau"]],
        [["Vide"]],
    ]
