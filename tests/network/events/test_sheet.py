"""The sheet to sign: everybody expected, in order, on as many pages as needed, with headings on each; a valid PDF/UA file."""

import pytest

from network.events import sheet
from network.events.models import RegistrationState
from tests.core.test_pdf import opened
from tests.factories import events

pytestmark = pytest.mark.django_db


def pages(pdf: bytes) -> list[str]:
    with opened(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().replace("\u00a0", " ").split()) for page in document]


@pytest.fixture
def day():
    return events.event("Une journée", days=(3,), venue="MJC", address="2 rue des Prés, Dijon")


def test_sheet_is_tagged_titled_and_landscape(day):
    with opened(sheet.sheet_pdf(day)) as document:
        assert document.is_tagged()
        assert document.get_metadata_value("Title") == "Feuille de présence\u00a0: Une journée"
        width, height = document[0].get_size()
        assert (round(width), round(height)) == (842, 595)


def test_long_list_goes_on_with_its_headings(day):
    for number in range(30):
        events.registration(day, name=f"Personne {number:02}", position="médiatrice")
    told = pages(sheet.sheet_pdf(day))
    assert len(told) >= 3
    assert all("Prénom et nom" in page and "après-midi" in page for page in told[:3])
    assert "MJC, 2 rue des Prés, Dijon · 30 personnes attendues" in told[0]
    text = " ".join(told)
    assert text.index("Personne 00") < text.index("Personne 15") < text.index("Personne 29")
    assert "Maison de quartier, médiatrice" in text
    assert f"{len(told)} / {len(told)}" in told[-1]
    assert "signature de la personne qui anime" in told[-1]


def test_only_who_is_expected_is_on_the_sheet(day):
    events.registration(day, name="Ada Confirmée")
    events.registration(day, RegistrationState.WAITING, name="Léo Attend")
    told = sheet.contents(day)
    assert [person["name"] for person in told["people"]] == ["Ada Confirmée"]
    assert told["empty"] == 6


def test_many_half_days_make_several_tables(day):
    for number in range(4, 8):
        events.add_date(day, number)
    told = sheet.contents(day)
    assert [len(table) for table in told["tables"]] == [6, 4]
    assert told["days"].count(",") == 4
    assert sheet.sheet_pdf(day).startswith(b"%PDF")


def test_event_without_date_makes_a_file():
    assert sheet.sheet_pdf(events.event(days=())).startswith(b"%PDF")


@pytest.mark.parametrize("name", ['#panic("x")', "😀 中文", "A" * 120, "<b>Ada</b> \\ *gras*"])
def test_any_name_makes_a_file(day, name):
    events.registration(day, name=name, structure=name)
    assert sheet.sheet_pdf(day).startswith(b"%PDF")
