"""The whole site with the keyboard alone: nothing hidden, nothing nameless, nothing that holds the focus."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD

from .addresses import PUBLIC
from .content import FICHE, STAFF
from .keyboard import faults_of, focused, tab_through, tab_to

PAGES = [
    "accueil",
    "ressources-filtrees",
    "recherche-resultats",
    "synthese",
    "fiche",
    "territoires",
    "quartier",
    "contact",
    "vrl",
    "retire",
]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_every_stop_is_seen_named_and_large_enough(visit, name, width):
    path, status = PUBLIC[name]
    visitor = visit(width=width, height=700)
    visitor.cookies_allowed = name == "contact"
    stops = tab_through(visitor.go(path, status=status))
    assert len(stops) > 5
    faults = [fault for stop in stops for fault in faults_of(stop)]
    assert not faults, "\n".join(faults)


def test_skip_link_leads_past_the_header(visit):
    page = visit().go("/ressources/")
    page.keyboard.press("Tab")
    assert focused(page)["name"] == "Aller au contenu"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('contenu').contains(document.activeElement)")


def test_menu_of_a_phone_opens_and_closes(visit):
    page = visit(width=360, height=640).go("/")
    menu = page.get_by_role("navigation", name="Navigation principale")
    tab_to(page, "Menu", "button")
    page.keyboard.press("Enter")
    menu.wait_for()
    tab_to(page, "Territoires", "a")
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    assert focused(page)["name"] == "Menu"


def test_reader_goes_from_home_to_a_downloaded_fiche(visit):
    visitor = visit()
    page = visitor.go("/")
    tab_to(page, "Chercher une expérience, un thème, un quartier", "input")
    page.keyboard.type("ressourcerie")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=ressourcerie")
    tab_to(page, "Ressources", "a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ressources/")

    tab_to(page, "Fiche expérience", "input")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("type=fiche-experience"))
    assert focused(page)["type"] == "checkbox"
    tab_to(page, "La ressourcerie du Mail", "a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ressources/{FICHE}/")

    tab_to(page, "Les résultats", "a")
    page.keyboard.press("Enter")
    heading = page.locator("#resultats")
    page.wait_for_url("**#resultats")
    assert 0 <= heading.bounding_box()["y"] < 300

    tab_to(page, "Télécharger le PDF", "a")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == f"{FICHE}.pdf"
    assert focused(page)["name"].startswith("Télécharger le PDF")


def test_message_is_corrected_then_sent(visit):
    visitor = visit()
    visitor.cookies_allowed = True
    visitor.expected.add(400)
    page = visitor.go("/contact/")
    page.wait_for_timeout(2_000)  # faster than this, the form takes people for robots
    tab_to(page, "Votre nom", "input")
    page.keyboard.type("Claude Lecture")
    tab_to(page, "Votre adresse e-mail", "input")
    page.keyboard.type("claude")
    tab_to(page, "Envoyer le message", "button")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert page.title().startswith("Erreur")
    # What was typed is still there; each error leads to its field.
    expect(page.get_by_label("Votre nom")).to_have_value("Claude Lecture")
    tab_to(page, "Votre adresse e-mail", "a")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("claude@example.org")
    expect(page.get_by_label("Votre adresse e-mail")).to_have_value("claude@example.org")
    tab_to(page, "Objet", "input")
    page.keyboard.type("Une question")
    tab_to(page, "Votre message", "textarea")
    page.keyboard.type("Avez-vous d’autres fiches sur le réemploi ?")
    page.wait_for_timeout(2_000)  # faster than this, the form takes people for robots
    tab_to(page, "Envoyer le message", "button")
    page.keyboard.press("Enter")
    page.get_by_text("Votre message est envoyé.").wait_for()


def test_staff_publishes_a_document_with_a_file(visit, tmp_path):
    paper = tmp_path / "notice.pdf"
    paper.write_bytes(small_pdf())
    visitor = visit(height=1000)
    visitor.cookies_allowed = True
    page = visitor.go("/compte/login/?next=/admin/resources/document/add/")
    page.locator("[name=login]").focus()
    page.keyboard.type(STAFF)
    page.keyboard.press("Tab")
    while focused(page)["type"] != "password":
        page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{visitor.site}/admin/resources/document/add/")

    reach(page, "id_title")
    page.keyboard.type("Une notice écrite au clavier")
    choose(page, "id_type", "synth")
    reach(page, "id_summary")
    page.keyboard.type("Ce que cette notice apporte, en une phrase.")
    choose(page, "id_themes", "sant")
    reach(page, "id_status")
    page.keyboard.type("Pub")
    reach(page, "id_new_files")
    page.locator("#id_new_files").set_input_files(paper)  # the window of the system opens with Enter
    reach(page, "_save")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert not (errors := page.locator(".errorlist").all_text_contents()), errors
    page.wait_for_url("**/admin/resources/document/")
    page.get_by_role("link", name="Une notice écrite au clavier").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Voir sur le site").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ressources/une-notice-ecrite-au-clavier*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Une notice écrite au clavier")
    expect(page.get_by_role("link", name="Télécharger le PDF")).to_be_visible()


def reach(page, name: str, limit: int = 150) -> None:
    """Press Tab until the field of this id or name has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("[document.activeElement.id, document.activeElement.name]").count(name):
            return
    raise AssertionError(f"{name} is not reached with Tab")


def choose(page, name: str, words: str) -> None:
    """Pick the first value that answers these words in a field that completes itself."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("(id) => document.activeElement.closest('.select2')?.previousElementSibling?.id === id", name):
            break
    else:
        raise AssertionError(f"{name} is not reached with Tab")
    if page.evaluate("!document.activeElement.matches('.select2-search__field')"):
        page.keyboard.press("Enter")
    page.keyboard.type(words)
    page.locator(".select2-results__option--highlighted").wait_for()
    page.keyboard.press("Enter")


def small_pdf() -> bytes:
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
