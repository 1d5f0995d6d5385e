"""Tables as French people save them, and files that are no table."""

import io
import zipfile

import pytest
import xlsxwriter

from trajectoire.core import tables
from trajectoire.core.spreadsheets import write_ods, write_xlsx

ROWS = [["Centre d’été", "Besançon"], ["Forêt noire", "Chenôve"]]


def csv_of(separator: str) -> str:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in [["Nom", "Ville"], *ROWS])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_whatever_its_encoding_and_separator(encoding, separator):
    table = tables.read("x.csv", csv_of(separator).encode(encoding))
    assert (table.headers, table.lines) == (["Nom", "Ville"], [(2, ROWS[0]), (3, ROWS[1])])
    assert table.delimiter == separator


@pytest.mark.parametrize("write", [write_ods, write_xlsx])
def test_spreadsheet_is_read(write):
    content = b"".join(write(["Nom", "Ville"], ROWS, "Structures"))
    assert tables.read("x.ods", content).lines == [(2, ROWS[0]), (3, ROWS[1])]


def test_siret_kept_as_a_number_stays_whole():
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nom", "SIRET"])
        sheet.write_row(2, 0, ["MJC", 81520791500019])
    assert tables.read("x.xlsx", stored.getvalue()).lines == [(3, ["MJC", "81520791500019"])]


def test_quoted_cells_may_hold_line_breaks_and_separators():
    table = tables.read("x.csv", b'nom;adresse\nMJC;"1, rue\nHaute; bis"\n\n;;\nCCAS;\n')
    assert table.lines == [(2, ["MJC", "1, rue Haute; bis"]), (6, ["CCAS", ""])]
    assert tables.read("x.csv", b"nom;;x\na;b;c").headers == ["nom", "colonne 2", "x"]


def test_titles_may_stand_below_what_the_sheet_says():
    table = tables.read("x.csv", b"Liste, au 12 mars, des structures\n\nnom;ville\nMJC;Dijon, ou pres\nCCAS;Lyon\n")
    assert (table.headers, [number for number, _ in table.lines]) == (["nom", "ville"], [4, 5])


def test_ends_of_line_may_be_mixed_and_guarded_texts_are_freed():
    table = tables.read("x.csv", b"nom;tel\r\nA;'+33 3 81\rB;l'eau\nC;'quoted'\r\n")
    assert [cells for _, cells in table.lines] == [["A", "+33 3 81"], ["B", "l'eau"], ["C", "'quoted'"]]


def test_nul_that_a_copy_left_is_taken_out():
    table = tables.read("x.csv", b"nom;ville\nMJC;Di\0jon\n" + b"CCAS;Lyon\n" * 20)
    assert table.lines[0] == (2, ["MJC", "Dijon"])


def archive(size: int) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"0" * size)
    return stored.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.csv", b"  \n", "vide"),
        ("x.csv", b"nom;ville\n", "qu’une ligne"),
        ("x.csv", b'nom;ville\nMJC;Dijon\n"CCAS;Ne', "La ligne 3 n’est pas complète"),
        ("x.csv", b"nom\0;x\na;b", "illisibles"),  # one character in nine
        ("x.csv", bytes(range(128, 160)) * 9, "encodage"),
        ("x.xlsx", b"nom;ville\na;b", "pas un classeur lisible"),
        ("x.xlsx", archive(10), "abîmé ou protégé"),
        ("x.ods", b"PK\x03\x04cut", "abîmé ou protégé"),
    ],
)
def test_what_is_no_table_is_refused_in_words(name, content, sentence):
    with pytest.raises(tables.Unreadable, match=sentence):
        tables.read(name, content)


def far(row: int, column: int) -> bytes:
    """A small workbook with a word far from its table."""
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([["Nom", "Ville"], *ROWS]):
            sheet.write_row(number, 0, line)
        sheet.write(row, column, "x")
    return stored.getvalue()


def ods(*rows: str) -> bytes:
    """As LibreOffice writes them: what is empty is repeated to the end of the sheet."""
    names = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    end = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    sheet = f'<table:table table:name="A">{"".join(rows)}{end}</table:table>'
    body = f"<office:document-content{names}><office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", body)
        made.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    return stored.getvalue()


def line(*cells: str, times: int = 1, before: int = 0) -> str:
    filled = "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells)
    gap = f'<table:table-cell table:number-columns-repeated="{before}"/>' if before else ""
    rest = '<table:table-cell table:number-columns-repeated="16000"/>'
    return f'<table:table-row table:number-rows-repeated="{times}">{gap}{filled}{rest}</table:table-row>'


def test_empty_cells_at_the_end_of_a_sheet_do_not_count():
    assert tables.read("x.ods", ods(line("Nom", "Ville"), *(line(*row) for row in ROWS))).lines == [(2, ROWS[0]), (3, ROWS[1])]
    assert len(tables.read("x.xlsx", far(9_000, 1)).lines) == 3


@pytest.mark.parametrize(
    "content",
    [
        far(1_048_575, 16_383),
        far(200_000, 500),
        ods(line("Nom", "Ville"), *(line(*row) for row in ROWS), line(times=1_000_000), line("x", before=16_000)),
    ],
)
def test_cell_very_far_from_the_others_is_refused_before_it_is_read(content):
    """Some kilobytes of a file would take gigabytes, and the process with them."""
    with pytest.raises(tables.Unreadable, match="très loin des autres"):
        tables.read("x.ods", content)


def test_limits_of_size(monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 1_000)
    with pytest.raises(tables.Unreadable, match="une fois déplié"):
        tables.read("x.xlsx", archive(2_000))
    monkeypatch.setattr(tables, "MOST_LINES", 3)
    with pytest.raises(tables.Unreadable, match="plus de 3 lignes"):
        tables.read("x.csv", b"nom\na\nb\nc\nd")
    monkeypatch.setattr(tables, "LARGEST", 5)
    with pytest.raises(tables.Unreadable, match="trop lourd"):
        tables.read("x.csv", b"nom;ville")


def workbook(*sheets: list[list[str]]) -> bytes:
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stored.getvalue()


def test_sheet_that_holds_the_table_is_read_and_the_others_are_named():
    table = tables.read("x.xlsx", workbook([["À lire"]], [["Nom", "Ville"], *ROWS], [], [["Nom", "Ville"], *ROWS, *ROWS]))
    assert (table.headers, table.lines, table.aside) == (["Nom", "Ville"], [(2, ROWS[0]), (3, ROWS[1])], (("Sheet4", 4),))
    with pytest.raises(tables.Unreadable, match="une ligne"):
        tables.read("x.xlsx", workbook([["À lire"]], []))


def test_line_that_groups_columns_is_not_the_titles():
    titles = ["Nom", "Sigle", "Ville", "Rue"]
    assert tables.read("x.csv", b"La structure;;Son adresse;\nNom;Sigle;Ville;Rue\nMJC;M;Dijon;Monge\n").headers == titles
    # Here the second line is one of the table: it holds figures.
    assert tables.read("x.csv", b"Nom;;Ville;\nMJC;M;Dijon;1 rue Monge\nCCAS;C;Lyon;2 rue Monge\n").headers[0] == "Nom"
