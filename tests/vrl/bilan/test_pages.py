"""The pages of the bilan: who reads what, of which period; its rows, its files."""

import csv
import io
import json
from dataclasses import asdict

import pypdfium2
import pytest
import time_machine
from django.utils import timezone
from python_calamine import load_workbook

from network.events import questionnaires
from tests.factories import accounts
from trajectoire.core import spreadsheets
from trajectoire.core.roles import VRL
from vrl.bilan import asked, behind, closing, parts, reading, tables
from vrl.bilan.period import PeriodForm, is_fixed, named, proposed, query, usual
from vrl.bilan.report import report_pdf
from vrl.bilan.year import BilanYear

from . import story

pytestmark = pytest.mark.usefixtures("world")
NOON = "2026-05-12 12:00+02:00"
YEAR = parts.of_year(2025)
Y2025 = query(YEAR)


@pytest.fixture
def told(world):
    """2025: Ada and Bob at an N3 in Côte-d’Or, Ada at an N2 in the Doubs, an N3 there without anybody; one N3 in 2024."""
    with time_machine.travel(NOON, tick=False):
        march = story.session("n3", "cloturee", (2025, 3, 4))
        story.comes(march.event, "Ada", 2)
        story.comes(march.event, "Bob", 1)
        story.comes(story.session("n2", "realisee", (2025, 11, 3), department="25").event, "Ada", 1)
        story.session("n3", "cloturee", (2025, 12, 2), department="25")
        story.session("n3", "cloturee", (2024, 3, 4))
        yield


def publish(*slugs: str, department: str = "") -> BilanYear:
    """2025 closed, as closing.close() writes it but for the departments, which are long to count."""
    counted = {code: [asdict(part) for part in parts.compute(parts.of_year(2025, code))] for code in {"", department}}
    story_told = "<p>Une année de <strong>formation</strong>.</p>"
    return BilanYear.objects.create(
        year=2025, figures=counted, closed_at=timezone.now(), public_parts=list(slugs), vrl=story_told
    )


# Who reads what


def test_public_reads_nothing_until_a_year_is_published(visitor, told):
    publish()
    response = visitor.get("/bilan/")
    assert "Aucune année n’est encore publiée" in response.text
    assert not response.cookies
    for address in ("/bilan/2025/", "/bilan/export.json", f"/bilan/export.pdf{Y2025}", f"/bilan/export.csv{Y2025}"):
        assert visitor.get(address).status_code == 404, address


def test_public_reads_the_parts_published_of_a_closed_year(visitor, told):
    publish("sessions", "personnes", "evolution", department="21")
    page = visitor.get("/bilan/")
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    for words in ("Bilan 2025", "Sessions tenues", "Personnes présentes", "Année close le 12 mai 2026", "Une année de"):
        assert words in page.text, words
    for words in ("Personnes habilitées", "Activité du centre", "Voir les lignes", "noindex", "Écrire ce récit"):
        assert words not in page.text, words
    there = visitor.get("/bilan/2025/?departement=21").text
    assert '<p class="kind">Côte-d’Or</p>' in there
    assert "Bilan 2025" in there


def test_public_asks_for_published_years_only(visitor, told):
    publish("sessions")
    assert visitor.get(f"/bilan/export.json{Y2025}").json()["title"] == "Bilan 2025"
    for wrong in ("?du=2024-01-01&au=2024-12-31", "?du=2025-01-01&au=2025-06-30", "?du=hier&au=demain", "?departement=99"):
        assert visitor.get(f"/bilan/export.json{wrong}").status_code == 404, wrong
    for wrong in ("/bilan/2024/", "/bilan/1/", "/bilan/2025/?departement=99"):
        assert visitor.get(wrong).status_code == 404, wrong


def test_small_numbers_are_hidden_from_partners_and_shown_to_the_team(partner, coordinator, told):
    """Two people came to the session of Côte-d’Or."""
    outside, inside = (client.get(f"/bilan/export.json{Y2025}").json() for client in (partner, coordinator))
    assert figure(outside, "present")["value"] is None
    assert figure(inside, "present")["value"] == 3
    assert coordinator.get(f"/bilan/export.json{Y2025}&pour=partenaires").json() == outside
    page = partner.get("/bilan/?du=2025-01-01&au=2025-06-30")
    assert "no-store" in page.headers["Cache-Control"]
    for words in ("masqué", "arrondis à 5", "Bilan du 1er janvier au 30 juin 2025"):
        assert words in page.text, words
    assert "Voir les lignes" not in page.text


def figure(record: dict, name: str) -> dict:
    return next(one for part in record["parts"] for one in part["figures"] if one["name"] == name)


def test_stranger_is_a_reader_like_others(stranger, told):
    publish("sessions")
    assert "Bilan 2025" in stranger.get("/bilan/?du=2024-01-01&au=2024-12-31").text
    assert stranger.get("/bilan/export.json?du=2024-01-01&au=2024-12-31").status_code == 404


def test_year_page_of_the_team_is_counted_until_it_is_closed(coordinator, told):
    page = coordinator.get("/bilan/2025/")
    assert "ils changent encore" in page.text
    assert "/admin/vrl/bilanyear/add/?year=2025" in page.text
    made = publish()
    page = coordinator.get("/bilan/2025/")
    assert f"/admin/vrl/bilanyear/{made.pk}/change/" in page.text
    assert "Année close" in page.text
    assert coordinator.get("/bilan/2099/").status_code == 404


def test_correction_is_said_under_its_figure_its_reason_to_the_team_only(coordinator, visitor, told):
    made = publish("sessions")
    closing.correct(
        made.corrections.model(bilan=made, name="sessions", becomes=4, why="Une session oubliée.", by=coordinator.user)
    )
    assert "Une session oubliée." in coordinator.get("/bilan/2025/").text
    outside = visitor.get("/bilan/2025/").text
    assert ("Corrigé le 12/05/2026." in outside, "Une session oubliée." in outside) == (True, False)


# Periods


def test_page_opens_on_this_year_up_to_today(coordinator, told):
    page = coordinator.get("/bilan/")
    assert "Bilan du 1er janvier au 12 mai 2026" in page.text
    assert 'value="2026-05-12"' in page.text


def test_partners_ask_for_fixed_periods_that_are_over(partner, told):
    """Any two days would do to read one session alone: the days before it, the days with it."""
    assert "Bilan du 1er janvier au 31 mars 2026" in partner.get("/bilan/").text
    page = partner.get("/bilan/?du=2025-01-01&au=2025-03-04&departement=21")
    assert "Choisissez une période parmi celles" in page.text
    assert "Sessions tenues" not in page.text
    assert partner.get("/bilan/export.json?du=2025-01-01&au=2025-03-04").status_code == 404
    assert partner.get("/bilan/2026/").status_code == 404
    assert "Bilan 2025" in partner.get("/bilan/2025/").text


@pytest.mark.parametrize(
    ("first", "last", "fixed"),
    [
        ("2025-01-01", "2025-12-31", True),
        ("2024-09-01", "2025-08-31", True),
        ("2024-09-01", "2024-09-30", False),
        ("2025-04-01", "2025-06-30", True),
        ("2025-01-01", "2025-09-30", True),
        ("2025-04-01", "2025-09-30", False),
        ("2025-04-01", "2025-04-30", False),
        ("2025-01-02", "2025-03-31", False),
        ("2024-01-01", "2025-12-31", False),
        ("2026-01-01", "2026-03-31", True),
        ("2026-04-01", "2026-06-30", False),
        ("2026-01-01", "2026-12-31", False),
    ],
)
def test_fixed_periods(first, last, fixed):
    asked_for = parts.Scope(YEAR.first.fromisoformat(first), YEAR.first.fromisoformat(last))
    assert is_fixed(asked_for, YEAR.first.fromisoformat("2026-05-12")) is fixed


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        ("2026-05-12", ["2026, au 31 mars", "Année 2025", "Année scolaire 2024–2025"]),
        ("2026-02-01", ["Année 2025", "Année scolaire 2024–2025"]),
        ("2026-11-24", ["2026, au 30 septembre", "Année 2025", "Année scolaire 2025–2026"]),
    ],
)
def test_periods_proposed_to_partners_are_fixed(day, labels):
    today = YEAR.first.fromisoformat(day)
    found = proposed(today, "21")
    assert [label for label, _ in found] == labels
    assert all(is_fixed(scope, today) and scope.department == "21" for _, scope in found)


def test_wrong_period_is_said_and_nothing_is_counted(coordinator, told):
    page = coordinator.get("/bilan/?du=2025-03-01&au=2025-02-01")
    assert "Choisissez une date de fin après la date de début." in page.text
    assert "Sessions tenues" not in page.text
    assert "Choisissez une date entre 2015 et 2028." in coordinator.get("/bilan/?du=0001-01-01&au=2025-02-01").text
    assert coordinator.get("/bilan/export.csv?du=2025-03-01&au=2025-02-01").status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2025-01-01", "2025-12-31", "2025"),
        ("2024-09-01", "2025-08-31", "année scolaire 2024–2025"),
        ("2024-11-05", "2025-03-01", "du 5 novembre 2024 au 1er mars 2025"),
        ("2025-03-05", "2025-03-05", "du 5 mars 2025"),
    ],
)
def test_period_has_a_name(first, last, name):
    form = PeriodForm({"du": first, "au": last}, places={}, today=YEAR.last)
    assert form.is_valid()
    assert named(form.scope) == name


def test_title_reads_as_a_sentence():
    scope = usual(YEAR.last)[3][1]
    assert asked.Bilan(scope, "", [], [], [], None).title == "Bilan de l’année scolaire 2024–2025"


@pytest.mark.parametrize(("day", "autumn"), [("2026-05-12", 2025), ("2026-09-01", 2026)])
def test_usual_periods_follow_the_day(day, autumn):
    today = YEAR.first.fromisoformat(day)
    found = [(scope.first.isoformat(), scope.last.isoformat()) for _, scope in usual(today, "21")]
    assert found == [
        ("2026-01-01", day),
        ("2025-01-01", "2025-12-31"),
        (f"{autumn}-09-01", day),
        (f"{autumn - 1}-09-01", f"{autumn}-08-31"),
    ]


def test_closed_years_are_one_click_away(coordinator, told):
    BilanYear.objects.create(year=2024, closed_at=timezone.now())
    assert 'href="/bilan/2024/?departement=21"' in coordinator.get(f"/bilan/{Y2025}&departement=21").text


# Rows


MEANS = {"satisfaction": "answers", "perception": "answers", "perception_later": "later"}  # of the same answers


def test_rows_of_each_figure_make_its_number(world):
    questionnaires.load_bank()
    story.tell()
    assert [*behind.SOURCES] == [*parts.definitions()]
    for scope in (YEAR, parts.of_year(2025, "21"), parts.of_year(2025, "25")):
        counted = {one.name: one.value for one in parts.lines_of(parts.compute(scope))}
        for name in counted:
            rows = list(behind.SOURCES[name].rows(scope))
            made = sum(row.amount for row in rows) if behind.SOURCES[name].weighs else len(rows)
            assert made == counted[MEANS.get(name, name)], (scope.department, name)


def test_rows_of_each_figure_are_one_click_away(administrator, world):
    questionnaires.load_bank()
    story.tell()
    for name, source in behind.SOURCES.items():
        page = administrator.get(f"/bilan/lignes/{name}/{Y2025}")
        assert [row["url"] for row in page.context["rows"]] == [source.url(row) for row in source.rows(YEAR)[:100]], name
    for name in ("present", "answers", "subscribers", "quarters_reached", "help_half_days", "downloads"):
        row = behind.SOURCES[name].rows(YEAR)[0]
        assert administrator.get(behind.SOURCES[name].url(row)).status_code == 200, name


def test_rows_say_how_much_each_makes(coordinator, world):
    questionnaires.load_bank()
    story.tell()
    text = coordinator.get(f"/bilan/lignes/answers/{Y2025}").text
    assert '<span class="told">4</span>' in text
    assert "oui" not in text


def test_rows_lead_to_the_administration(coordinator, told):
    assert f'href="/bilan/lignes/sessions/{Y2025.replace("&", "&amp;")}"' in coordinator.get(f"/bilan/{Y2025}").text
    page = coordinator.get(f"/bilan/lignes/sessions/{Y2025}")
    assert "3\u00a0lignes" in page.text
    assert page.text.count('href="/admin/vrl/session/') == 3
    assert "no-store" in page.headers["Cache-Control"]


def test_rows_come_by_pages_and_say_that_the_year_is_closed(coordinator, told, monkeypatch):
    monkeypatch.setattr("vrl.bilan.views.PER_PAGE", 2)
    BilanYear.objects.create(year=2025, closed_at=timezone.now())
    first = coordinator.get(f"/bilan/lignes/sessions/{Y2025}").text
    assert "L’année est close" in first
    assert "page=2" in first
    second = coordinator.get(f"/bilan/lignes/sessions/{Y2025}&departement=25&page=2").text
    assert "Doubs" in second
    assert "page=1" not in second
    assert "page=1" in coordinator.get(f"/bilan/lignes/sessions/{Y2025}&page=2").text


def test_rows_without_anything_say_so(coordinator, told):
    assert "Aucune ligne" in coordinator.get("/bilan/lignes/sessions/?du=2016-01-01&au=2016-12-31").text


def test_rows_are_for_who_may_see_them(browser, partner, powerless, coordinator, told):
    librarian = browser(accounts.documentalist())
    assert librarian.get(f"/bilan/lignes/publications/{Y2025}").status_code == 200
    for client, name in ((librarian, "present"), (partner, "sessions"), (powerless, "sessions"), (coordinator, "inconnu")):
        assert client.get(f"/bilan/lignes/{name}/{Y2025}").status_code == 404, name


# Files


def test_spreadsheets_have_a_sheet_a_part(coordinator, told):
    publish()
    made = asked.bilan(YEAR, coordinator.user, {})
    for write in (spreadsheets.write_ods_book, spreadsheets.write_xlsx_book):
        book = load_workbook(io.BytesIO(b"".join(write(tables.sheets(made)))))
        assert len(book.sheet_names) == 9
        assert book.sheet_names[:2] == ["Bilan", "1 Sessions du plan"]
        rows = {row[0]: row for row in book.get_sheet_by_index(1).to_python()}
        assert rows["Sessions tenues"][1:5] == [3, "", 1, "+2"]
        assert "Une année de formation." in str(book.get_sheet_by_index(8).to_python())


def test_csv_has_a_number_a_line_and_hides_what_the_page_hides(partner, told):
    response = partner.get(f"/bilan/export.csv{Y2025}")
    assert 'filename="bilan-2025.csv"' in response.headers["Content-Disposition"]
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[2][:5] == ["Sessions du plan", "", "Sessions tenues", "", "3"]
    assert any(row[4] == "masqué" for row in rows)


def test_json_says_what_it_is(coordinator, told):
    response = coordinator.get("/bilan/export.json?du=2025-01-01&au=2025-06-30&departement=21")
    record = json.loads(response.content)
    assert (record["from"], record["to"], record["department"], record["place"]) == (
        "2025-01-01",
        "2025-06-30",
        "21",
        "Côte-d’Or",
    )
    assert record["closed_at"] is None
    assert "bilan-2025-01-01-2025-06-30-21.json" in response.headers["Content-Disposition"]
    assert record["parts"][0]["tables"][0]["heads"][0] == "Niveau"


def test_report_is_a_tagged_pdf_that_says_what_is_counted(coordinator, told):
    made = publish()
    closing.correct(
        made.corrections.model(bilan=made, name="sessions", becomes=4, why="Une session oubliée.", by=coordinator.user)
    )
    response = coordinator.get(f"/bilan/export.pdf{Y2025}")
    assert response.headers["Content-Disposition"] == 'inline; filename="bilan-2025.pdf"'
    assert b"/MarkInfo" in response.content
    with pypdfium2.PdfDocument(response.content) as pdf:
        text = " ".join(" ".join(pdf[number].get_textpage().get_text_bounded() for number in range(len(pdf))).split())
    for words in ("Bilan 2025", "Bourgogne-Franche-Comté", "1. Sessions du plan", "Sessions par niveau", "D’une année à l’autre"):
        assert words in text, words
    for words in ("Une année de formation.", "Une session oubliée.", "Ce qui est compté", "Année close"):
        assert words in text, words


def test_report_of_nothing_is_a_report():
    """No figure, no chart: nothing to draw is not an error."""
    grid = reading.ShownGrid("g", "Sessions", "Les sessions.", ["Niveau", "Sessions"], [], "bars")
    part = reading.ShownPart(1, "sessions", "Sessions", [], [grid])
    made = asked.Bilan(YEAR, "Doubs", [part], [], [], None)
    assert report_pdf(made).startswith(b"%PDF")
    assert [sheet.title for sheet in tables.sheets(made)] == ["Bilan", "1 Sessions"]


def test_public_makes_a_few_pdf_an_hour(visitor, coordinator, told, monkeypatch):
    monkeypatch.setattr("vrl.bilan.views.PDFS_AN_HOUR", 0)
    monkeypatch.setattr("vrl.bilan.views.report_pdf", lambda bilan: b"%PDF")
    publish("sessions")
    assert visitor.get("/bilan/export.pdf").status_code == 429
    assert coordinator.get(f"/bilan/export.pdf{Y2025}").status_code == 200


def test_evolution_keeps_the_figures_of_the_parts_published(told):
    shown = asked.published(reading.read(YEAR, outside=True), ["sessions", "evolution"])
    assert [part.slug for part in shown] == ["sessions", "evolution"]
    assert [one.name for one in shown[1].lines] == [one.name for one in shown[0].lines]


def test_summary_leaves_out_what_is_nothing(told):
    user = accounts.in_role(VRL)
    made = asked.bilan(parts.of_year(2016), user, {})
    assert made.summary == []


# Ways to it


def test_ways_lead_to_the_bilan(visitor, coordinator, told):
    link = 'href="/bilan/"'
    assert link not in visitor.get("/plan-du-site/").text
    BilanYear.objects.create(year=2025, closed_at=timezone.now(), public_parts=["sessions"])
    assert link in visitor.get("/plan-du-site/").text
    assert link in coordinator.get("/admin/").text
