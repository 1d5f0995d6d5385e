"""The bilan in a browser: the public, a partner on a phone, the team at a desk; on paper."""

import pypdfium2
from playwright.sync_api import Page, expect

from tests.factories.accounts import PASSWORD

from .browsing import axe_faults, follow
from .plan import PLANNER
from .told import PARTNER, STORY

PHONE, DESK = 360, 1280


def faults(page: Page) -> list[str]:
    """At both widths, in light and dark, every table unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    found = []
    for width, scheme in ((PHONE, "light"), (DESK, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} px, {scheme}: {fault}" for fault in axe_faults(page)]
    return found


def test_public_reads_a_year_and_prints_it(visit):
    page = visit().go("/bilan/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bilan 2025")
    expect(page.get_by_role("img", name="Demi-journées par thème")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Afficher")).to_be_hidden()
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as paper:
        text = " ".join(" ".join(paper[number].get_textpage().get_text_bounded() for number in range(len(paper))).split())
    for words in (STORY, "N3, formation d’acteurs de terrain", "Thème"):  # the last one heads a table that is folded on a screen
        assert words in text, words
    assert "Voir le tableau" not in text
    page.emulate_media(media="screen")
    assert faults(page) == []


def test_partner_chooses_a_period_and_a_department_on_a_phone(visit):
    partner = visit(width=PHONE)
    partner.log_in(PARTNER, PASSWORD)
    page = partner.go("/bilan/")
    follow(page.get_by_role("link", name="Année scolaire"))
    page.get_by_label("Territoire").select_option(label="Doubs")
    follow(page.get_by_role("button", name="Afficher"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bilan de l’année scolaire")
    expect(page.get_by_text("Doubs", exact=True).first).to_be_visible()
    expect(page.get_by_text("arrondis à 5")).to_be_visible()
    assert faults(page) == []


def test_team_goes_from_a_figure_to_its_rows(visit):
    planner = visit()
    planner.log_in(PLANNER, PASSWORD)
    page = planner.go("/bilan/")
    assert faults(page) == []
    page.set_viewport_size({"width": DESK, "height": 800})
    follow(page.get_by_role("link", name="Voir les lignes\u00a0: Sessions tenues"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sessions tenues")
    assert axe_faults(page) == []
