"""Citations as people paste them: three styles, in French, with what is missing left out."""

import datetime

import pytest
import time_machine

from resources.citing import csl, styles
from resources.models import DocumentType
from tests.factories import documents
from trajectoire.core.text import NBSP


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC), tick=False):
        yield


def plain(document, style: str) -> str:
    return styles.plain(csl.item(document), style).replace("\u00a0", " ").replace("\u202f", " ")


REPORT = {
    "iso690": "TRAJECTOIRE RESSOURCES et VAUTHIER, Ana, 2024. Menus & laïcité : une synthèse [en ligne]. Synthèse. Trajectoire "
    "Ressources. Lettre d’information, 7. Disponible à l’adresse : https://www.example.org/ressources/menus/ [Consulté le 4 mars 2026].",
    "apa": "Trajectoire Ressources, & Vauthier, A. (2024). Menus & laïcité : une synthèse (Lettre d’information 7) [Synthèse]. "
    "Trajectoire Ressources. https://www.example.org/ressources/menus/",
    "chicago": "Trajectoire Ressources, et Ana Vauthier. « Menus & laïcité : une synthèse ». Synthèse. Lettre d’information 7. "
    "Trajectoire Ressources, 22 mai 2024. https://www.example.org/ressources/menus/.",
}


@pytest.mark.parametrize("style", styles.STYLES)
def test_report(cited, style):
    assert plain(cited, style) == REPORT[style]


def test_citations_of_a_page(cited):
    found = styles.citations(cited)
    assert [(style["id"], style["label"]) for style in found] == [("iso690", "ISO 690"), ("apa", "APA"), ("chicago", "Chicago")]
    assert f"<i>Menus &amp; laïcité{NBSP}: une synthèse</i>" in found[0]["html"]


def test_date_in_apa_is_a_month_and_a_year(world):
    made = documents.document("Un numéro", "lettre-information", collection="lettre-information", number=3)
    assert "(2024, mai)" in plain(made, "apa")


@pytest.mark.parametrize("style", styles.STYLES)
def test_nothing_but_a_title(world, style):
    bare = documents.document("Seul", themes=[], date=None, publisher="", summary="", slug="seul")
    text = plain(bare, style)
    assert text.lower().startswith("[s. n.]")
    assert text.count("Seul") == 1
    assert "/ressources/seul/" in text
    assert ("[sans date]" if style == "iso690" else "s. d.") in text


def test_publisher_signs_what_nobody_signed(world):
    assert plain(documents.document(publisher="Le centre"), "iso690").startswith("LE CENTRE, 2024.")


def test_consultation_has_its_article(world):
    assert "Consulté le 4 mars 2026, à l’adresse" in plain(documents.document(date=None), "apa")


@pytest.mark.parametrize("type_", ["video", "texte-officiel", "podcast", "diaporama", "appel-a-projets", "actes", "inconnu"])
@pytest.mark.parametrize("style", styles.STYLES)
def test_no_kind_is_cut_down(world, type_, style):
    DocumentType.objects.create(slug=type_, name="genre", plural="genres")
    made = documents.document("Un titre", type_, authors="Ana Vauthier", slug="titre")
    text = plain(made, style)
    for words in ("auth", "Un titre", "2024", "/ressources/titre/"):
        assert words.lower() in text.lower()


@pytest.mark.parametrize("style", styles.STYLES)
@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "</i><b onclick=x>", "\ue000<i>\ue001", "a & b", '"q"'])
def test_words_are_escaped(world, style, words):
    made = documents.document(
        f"T {words}", authors=f"A {words}\nBo, {words}", publisher=f"P {words}", url=f"https://x.example/{words}"
    )
    for citation in styles.citations(made):
        assert [tag for tag in ("<script", "<b", "onclick=x>") if tag in citation["html"]] == []
        assert citation["html"].count("<i>") == citation["html"].count("</i>") <= 2
        assert "\ue000" not in citation["html"]
