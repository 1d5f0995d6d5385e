"""A fiche on paper: A4, without what only a screen can use."""

import pypdfium2
import pytest

from .content import FICHE

A4 = (595, 842)  # points


@pytest.fixture
def printed(visit):
    """The PDF that the browser prints, and the page still open in the look of paper."""
    page = visit().go(f"/ressources/{FICHE}/")
    page.emulate_media(media="print")
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    yield page, document
    document.close()


def test_fiche_prints_on_a_few_a4_pages(printed):
    _, document = printed
    assert 2 <= len(document) <= 8
    assert {tuple(round(side) for side in document.get_page_size(number)) for number in range(len(document))} == {A4}


def test_paper_has_the_text_without_the_navigation(printed):
    page, document = printed
    text = " ".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    words = " ".join(text.split())
    assert "La ressourcerie du Mail" in words
    assert "Les résultats" in words
    assert "Régie de quartier du Grand Mail" in words
    for gone in (
        "Aller au contenu",
        "Navigation principale",
        "Plan du site",
        "Télécharger le PDF",
        "À lire aussi",
        "Copier la citation",
    ):
        assert gone not in words, gone
    hidden = ["header nav", "footer", ".toc", ".crumbs", ".search"]
    assert [name for name in hidden if page.locator(name).first.is_visible()] == []


def test_ink_is_dark_on_white_even_from_a_dark_screen(visit):
    page = visit(scheme="dark").go(f"/ressources/{FICHE}/")
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("""() => [getComputedStyle(document.body).backgroundColor,
      ...[...document.querySelectorAll("main p, main h1, main h2, main a, main dd")].filter((e) => e.offsetParent)
        .map((e) => getComputedStyle(e).color)]""")
    assert colours[0] == "rgb(255, 255, 255)"
    light = {colour for colour in colours[1:] if max(map(int, colour[4:-1].split(","))) > 110}
    assert not light
