"""Meta elements: what Zotero, catalogues and social networks read of a page."""

from html.parser import HTMLParser

import pytest

from tests.factories.documents import document, file

pytestmark = pytest.mark.usefixtures("world")


class Head(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "meta" and "content" in given:
            self.found.append((given.get("name") or given.get("property"), given["content"]))


def read(client, address: str, prefix: str) -> list[tuple[str, str]]:
    found = Head(client.get(address).content.decode()).found
    return [(name.removeprefix(prefix), value) for name, value in found if name and name.startswith(prefix)]


def test_citation_of_a_report(visitor, settings):
    settings.SITE_URL = "https://www.example.org"
    made = document('Menus & "laïcité"', slug="menus", authors="Ana Vauthier\nLe centre", isbn="978-2", themes=["sante"])
    attached = file(made)
    assert read(visitor, made.get_absolute_url(), "citation_") == [
        ("title", 'Menus & "laïcité"'),
        ("author", "Vauthier, Ana"),
        ("author", "Le centre"),
        ("publication_date", "2024/05/22"),
        ("technical_report_institution", "Trajectoire Ressources"),
        ("isbn", "978-2"),
        ("language", "fr"),
        ("keywords", "Santé"),
        ("abstract_html_url", "https://www.example.org/ressources/menus/"),
        ("pdf_url", f"https://www.example.org{attached.get_absolute_url()}"),
    ]


def test_citation_of_a_number(visitor):
    made = document("Un numéro", "lettre-information", collection="lettre-information", number=3, date_precision="mois")
    found = dict(read(visitor, made.get_absolute_url(), "citation_"))
    assert found["journal_title"] == "Lettre d’information"
    assert (found["issue"], found["issn"], found["publication_date"]) == ("3", "2109-5582", "2024/05")


def test_dublin_core(visitor):
    made = document("Un titre", authors="Ana Vauthier", date=None)
    found = read(visitor, made.get_absolute_url(), "DC.")
    assert found[:2] == [("title", "Un titre"), ("creator", "Ana Vauthier")]
    assert "date" not in dict(found)


def test_open_graph(visitor, settings):
    settings.SITE_URL = "https://www.example.org"
    made = document("Un titre", slug="titre")
    found = dict(read(visitor, made.get_absolute_url(), "og:"))
    assert found["title"] == "Un titre"
    assert found["url"] == "https://www.example.org/ressources/titre/"
    assert (found["image:width"], found["image:height"]) == ("1200", "630")
    picture = visitor.get(found["image"].removeprefix("https://www.example.org"))
    assert picture.headers["Content-Type"] == "image/png"


def test_reserved_document_has_no_open_graph(trainer):
    made = document(access="formateurs")
    assert read(trainer, made.get_absolute_url(), "og:") == []
    assert read(trainer, made.get_absolute_url(), "citation_")


def test_preview_says_nothing(documentalist):
    made = document(status="draft")
    assert read(documentalist, f"/ressources/apercu/{made.pk}/", "citation_") == []
    assert read(documentalist, f"/ressources/apercu/{made.pk}/", "DC.") == []
