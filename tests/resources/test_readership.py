"""What staff sees of readings: twelve months on the form of a document, and the most read of a period."""

import datetime

import pytest
import time_machine

from resources.counts import DocumentCount
from resources.models import Document
from resources.readership import months_until, of_document
from tests.factories.admin import LIST, change
from tests.factories.documents import document

pytestmark = pytest.mark.usefixtures("world")
MOST_READ = "/admin/resources/document/plus-lus/"
VIEW, DOWNLOAD = DocumentCount.Kind
TODAY = datetime.date(2026, 3, 12)


def count(made: Document, kind: str, day: datetime.date, number: int) -> None:
    DocumentCount.objects.create(document=made, kind=kind, day=day, count=number)


@pytest.fixture
def read() -> list[Document]:
    first, second = document("Première"), document("Seconde", type="fiche-experience")
    count(first, VIEW, TODAY, 1200)
    count(first, VIEW, datetime.date(2025, 4, 1), 300)
    count(first, VIEW, datetime.date(2025, 3, 31), 5000)
    count(second, VIEW, TODAY, 7)
    count(second, DOWNLOAD, TODAY, 40)
    return [first, second]


def titles(page) -> list[str]:
    return [row["title"] for row in page.context["rows"]]


def test_twelve_months_end_with_this_one():
    months = months_until(datetime.date(2026, 1, 31))
    assert (len(months), months[0], months[-1]) == (12, datetime.date(2025, 2, 1), datetime.date(2026, 1, 1))


def test_chart_is_drawn_on_the_highest_month(read, django_assert_num_queries):
    with django_assert_num_queries(1):
        shown = of_document(read[0], TODAY)
    assert (shown["views"], shown["downloads"]) == ("1\u202f500\u00a0lectures de la page", "0\u00a0téléchargement")
    assert [(month["label"], month["views"]) for month in shown["months"] if month["views"] != "0"] == [
        ("avril 2025", "300"),
        ("mars 2026", "1\u202f200"),
    ]
    assert [bar["height"] for bar in shown["months"][-1]["bars"]] == [90, 0]
    assert shown["months"][0]["bars"][0]["height"] == 22


def test_document_never_read_has_flat_bars():
    assert {bar["height"] for month in of_document(document(), TODAY)["months"] for bar in month["bars"]} == {0}


def test_form_of_a_document_shows_its_readings(documentalist, read):
    with time_machine.travel(TODAY):
        html = documentalist.get(change(read[0])).content.decode()
    assert "1\u202f500\u00a0lectures de la page" in html
    assert '<th scope="row">mars 2026</th><td class="number">1\u202f200</td>' in html
    assert "douze derniers mois" not in documentalist.get("/admin/resources/document/add/").content.decode()
    assert MOST_READ in documentalist.get(LIST).content.decode()


def test_most_read_of_twelve_months_by_readings_or_downloads(documentalist, read):
    with time_machine.travel(TODAY):
        page = documentalist.get(MOST_READ)
        assert titles(page) == ["Première", "Seconde"]
        assert page.context["rows"][0]["views"] == "1\u202f500"
        assert titles(documentalist.get(MOST_READ, {"order": "downloads"})) == ["Seconde"]
        assert titles(documentalist.get(MOST_READ, {"type": "fiche-experience"})) == ["Seconde"]


def test_most_read_of_a_period(documentalist, read):
    page = documentalist.get(MOST_READ, {"first": "2025-03-01", "last": "2025-03-31"})
    assert [(row["title"], row["views"]) for row in page.context["rows"]] == [("Première", "5\u202f000")]
    with time_machine.travel(TODAY):
        assert documentalist.get(MOST_READ, {"first": "", "last": "2025-04-02"}).context["rows"][0]["views"] == "5\u202f300"
        assert len(titles(documentalist.get(MOST_READ, {"first": "2026-03-12", "last": "", "order": ""}))) == 2


def test_period_that_ends_before_it_begins_is_refused(documentalist, read):
    html = documentalist.get(MOST_READ, {"first": "2026-03-02", "last": "2026-03-01"}).content.decode()
    assert "La fin de la période vient après son début" in html
    assert "Corrigez la période" in html


def test_nothing_read_is_said(documentalist):
    assert "Aucune lecture n’a été comptée" in documentalist.get(MOST_READ).content.decode()


def test_long_list_is_cut_and_said(documentalist, read, monkeypatch):
    monkeypatch.setattr("resources.readership.MOST", 1)
    with time_machine.travel(TODAY):
        page = documentalist.get(MOST_READ)
    assert titles(page) == ["Première"]
    assert "Les 1 premiers sont montrés" in page.content.decode()


def test_most_read_is_for_those_who_may_look_at_documents(powerless):
    assert powerless.get(MOST_READ).status_code == 403
