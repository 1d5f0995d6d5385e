"""What people write in cells: French dates and hours, telephone numbers, addresses, words of a list."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from trajectoire.core.importing import Column, Unreadable, cells, filling, rows
from trajectoire.core.importing.contract import Record

PARIS = ZoneInfo("Europe/Paris")
DAY = datetime.date(2024, 3, 12)
COLUMNS = (Column("name", "Nom", ("intitule",), required=True), Column("on", "Date", ()))


@pytest.mark.parametrize(
    "text",
    ["12/03/2024", "2024-03-12 00:00:00", "12.03.24", "mardi 12 mars 2024, 9 h", "12 MARS 2024", "12-3-2024", "45363", "45363,4"],
)
def test_day_is_read_as_french_people_and_spreadsheets_write_it(text):
    assert cells.day(text) == DAY


def test_no_day_is_no_error():
    assert [cells.day(text) for text in ("", "s.d.", "[s. d.]", "—", "Sans date", "N.C.", "n/a", "néant", "-")] == [None] * 9
    assert cells.day("1er août 2025") == datetime.date(2025, 8, 1)


@pytest.mark.parametrize("text", ["31/02/2024", "bientôt", "2024-13-01", "45 mars 2024"])
def test_day_that_does_not_exist_is_refused(text):
    with pytest.raises(cells.Wrong, match="n’est pas lisible"):
        cells.day(text)


def test_hours_follow_the_day():
    assert cells.moment("12/03/2024 14h30") == datetime.datetime(2024, 3, 12, 14, 30, tzinfo=PARIS)
    assert cells.moment("2024-03-12 09:05:00") == datetime.datetime(2024, 3, 12, 9, 5, tzinfo=PARIS)
    assert cells.moment("12/03/2024") == datetime.datetime(2024, 3, 12, tzinfo=PARIS)
    assert cells.moment("") is None
    assert cells.hours("de 9 h à midi") == [datetime.time(9), datetime.time(12)]
    assert [cells.hours(text) for text in ("0,395833333", "45363.9999", "45363")] == [
        [datetime.time(9, 30)],
        [datetime.time(23, 59)],
        [],
    ]
    assert cells.hours("20:00-24:00") == [datetime.time(20), datetime.time(23, 59)]
    told = cells.spans("jeudi 22 mai 2025, 13\u00a0h – 14\u00a0h\u00a030 ; vendredi 23 mai 2025, 9 h")
    assert told == [
        (datetime.date(2025, 5, 22), [datetime.time(13), datetime.time(14, 30)]),
        (datetime.date(2025, 5, 23), [datetime.time(9)]),
    ]


def test_telephone_is_written_by_pairs():
    for written in ("0381123456", "03.81.12.34.56", "+33 3 81 12 34 56", "+33 (0)3-81-12-34-56", "381123456", "0033381123456"):
        assert cells.phone(written) == "03 81 12 34 56"
    assert cells.phone("+41 22 123 45 67") == "+41 22 123 45 67"
    assert cells.phone("poste  12") == "poste 12"


def test_addresses_are_cleaned_or_refused():
    assert cells.email("Ada <ada@example.org>") == cells.email("mailto:ada@example.org") == "ada@example.org"
    assert cells.email("  ") == cells.website(" ") == ""
    assert cells.website("exemple.fr") == "https://exemple.fr"
    for wrong in (lambda: cells.email("a@"), lambda: cells.website("javascript:alert(1)"), lambda: cells.yes("peut-être")):
        with pytest.raises(cells.Wrong):
            wrong()
    with pytest.raises(cells.Wrong, match="trop longue"):
        cells.email(f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}.fr")
    with pytest.raises(cells.Wrong, match="trop longue"):
        cells.website(f"https://exemple.fr/{'a' * 200}")


def test_words_of_a_list():
    known = ["Emploi, insertion", "Santé"]
    assert cells.several("emploi, insertion, Santé ; Autre", known) == ["emploi, insertion", "Santé", "Autre"]
    words = cells.worded([("confirmee", "Confirmée")], {"confirmee": ["inscrit"]})
    assert [cells.among(text, words) for text in ("CONFIRMÉE", "Inscrit", "perdu")] == ["confirmee", "confirmee", None]
    assert [cells.yes(text) for text in ("Oui", "X", "non", "")] == [True, True, False, None]


def read(tmp_path, text: str, **options):
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())

    def make(number: int, said) -> Record:
        return Record(number, "", said["name"], {"on": str(cells.day(said["on"]))})

    return list(rows.records(COLUMNS, path, {"name": "x.csv"} | options, make))


def test_wrong_line_is_refused_and_the_others_go_on(tmp_path):
    found = read(tmp_path, "Liste des structures, mars 2024\n\nIntitulé;Date\nA;12/03/2024\nB;hier\nC;12/03/2024;de trop\nD\n")
    assert [(one.number, one.label) for one in found] == [(4, "A"), (5, "B"), (6, "C"), (7, "D")]
    assert [bool(one.refused) for one in found] == [False, True, True, False]
    assert "3 cellules pour 2 titres" in found[2].refused


def test_line_of_a_total_is_no_record_and_what_says_nothing_is_nothing(tmp_path):
    found = read(tmp_path, "Nom;Date;a;b;c\nA;néant;;;\nTotal : 1;;;;\nTotalement libres;;;;\nTotal France;12/03/2024;x;x;x\n")
    assert [one.refused for one in found] == ["", "C’est la ligne d’un total, pas un enregistrement.", "", ""]
    assert [one.values for one in found] == [{"on": "None"}, {}, {"on": "None"}, {"on": "2024-03-12"}]


def test_columns_are_those_that_staff_chose(tmp_path):
    found = read(tmp_path, "date;titre\n12/03/2024;A\n", mapping={"name": 1, "on": 0})
    assert (found[0].label, found[0].values) == ("A", {"on": "2024-03-12"})


def test_column_that_is_required_is_asked_for(tmp_path):
    with pytest.raises(Unreadable, match="quelle colonne est «\u00a0Nom\u00a0»"):
        read(tmp_path, "a;b\n1;2\n")


def test_what_is_filled_is_kept_unless_staff_wants_otherwise():
    held, labels = {"site": "a", "mail": "", "tel": "1"}, {"site": "Site"}
    wanted = {"site": "b", "mail": "c", "tel": ""}
    assert filling.filled(held, wanted, labels) == (
        {"mail": "c"},
        ["Site\u00a0: «\u00a0a\u00a0» est gardé, le fichier dit «\u00a0b\u00a0»."],
    )
    assert filling.filled(held, wanted, labels, replace=True) == ({"site": "b", "mail": "c"}, [])
