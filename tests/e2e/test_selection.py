"""« Ma sélection » and « Citer » in a real browser: mouse, keyboard, what is announced, what is kept."""

import json
import re

import pytest
from playwright.sync_api import expect

from .browsing import axe_faults, follow
from .content import FICHE, NUMBER, SYNTHESIS

ADD, REMOVE = re.compile("Ajouter à ma sélection"), re.compile("Retirer de ma sélection")


@pytest.fixture
def visitor(visit):
    return visit()


def basket(page):
    return page.locator("a.basket")


def kept(page) -> str:
    return page.evaluate("localStorage.getItem('selection')")


def announces(page, words: str) -> None:
    expect(page.locator("#selection-annonce[role=status]")).to_have_text(words)


def choose(visitor, *slugs: str):
    for slug in slugs:
        visitor.go(f"/ressources/{slug}/").get_by_role("button", name=ADD).click()
    return visitor.page


def test_document_is_added_and_taken_off_with_the_keyboard(visitor):
    page = visitor.go(f"/ressources/{FICHE}/")
    expect(basket(page)).to_be_hidden()
    button = page.get_by_role("button", name=ADD)
    button.focus()
    page.keyboard.press("Enter")
    announces(page, "Document ajouté. Votre sélection contient 1\u00a0document.")
    expect(basket(page)).to_have_attribute("title", "Ma sélection\u00a0: 1\u00a0document")
    assert page.evaluate("document.activeElement.classList.contains('pick')")
    page.keyboard.press("Space")
    announces(page, "Document retiré. Votre sélection contient 0\u00a0document.")
    expect(basket(page)).to_be_hidden()
    assert kept(page) is None


def test_list_offers_a_button_by_row_and_again_after_a_filter(visitor):
    page = visitor.go("/ressources/")
    expect(page.locator("#resultats .row")).to_have_count(20)
    expect(page.locator("#resultats button.pick")).to_have_count(20)
    page.get_by_label("Fiche expérience").check()
    page.wait_for_url(re.compile("type="))
    page.locator("#resultats button.pick").first.click()
    title = page.locator("#resultats .row h2").first.text_content()
    expect(page.locator("#resultats button.pick").first).to_have_text(f"Retirer de ma sélection\u00a0: {title}")
    assert axe_faults(page) == []


def test_selection_opens_at_its_address_and_loses_what_is_taken_off(visitor):
    page = choose(visitor, FICHE, SYNTHESIS, NUMBER)
    follow(basket(page))
    first = kept(page)
    assert page.url.endswith(f"/panier/?d={first}")
    expect(page.locator(".rows .row")).to_have_count(3)
    expect(page.locator("#garder")).to_be_hidden()
    page.get_by_role("link", name=re.compile("Retirer de la sélection")).first.click()
    page.wait_for_url(re.compile(r"d=\d+,\d+$"))
    assert kept(page) == first.split(",", 1)[1]
    page.goto("/panier/")
    page.wait_for_url(re.compile(r"d=\d+,\d+$"))
    page.get_by_role("link", name="Vider la sélection").click()
    page.get_by_text("Votre sélection est vide").wait_for()
    assert kept(page) is None


def test_selection_of_someone_else_is_shown_then_kept_when_asked(visitor):
    page = choose(visitor, FICHE, SYNTHESIS)
    address, mine = basket(page).get_attribute("href"), kept(page)
    page.evaluate("localStorage.setItem('selection', '999999')")
    page.goto(address)
    expect(page.locator(".rows .row")).to_have_count(2)
    page.get_by_role("link", name=re.compile("Retirer de la sélection")).first.click()
    page.wait_for_url(re.compile(r"d=\d+$"))
    assert kept(page) == "999999", "what was sent is not what is kept"
    page.goto(address)
    page.get_by_role("button", name="Ajouter ces documents à la mienne").click()
    page.wait_for_function("(ids) => localStorage.getItem('selection') === ids", arg=f"999999,{mine}")
    announces(page, "Documents ajoutés. Votre sélection contient 3\u00a0documents.")


def test_files_of_a_selection_are_given(visitor):
    page = choose(visitor, FICHE, SYNTHESIS)
    follow(basket(page))
    links = [link.get_attribute("href") for link in page.locator(".side [download]").all()]
    assert len(links) == 8
    for link in links:
        assert page.request.get(link).ok, link
    items = json.loads(page.request.get(next(link for link in links if ".csl.json" in link)).text())
    assert {item["id"] for item in items} == {FICHE, SYNTHESIS}


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_selection_is_accessible(visit, width, scheme):
    visitor = visit(width=width, scheme=scheme)
    page = choose(visitor, FICHE, SYNTHESIS)
    assert axe_faults(page) == []
    follow(basket(page))
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_faults(visitor.go("/panier/?d=")) == []


def test_selection_works_by_its_address_without_script(visit):
    visitor = visit(java_script_enabled=False)
    page = visitor.go("/panier/?d=1,2,3")
    expect(page.locator("main button").filter(visible=True)).to_have_count(0)
    follow(page.get_by_role("link", name=re.compile("Retirer de la sélection")).first)
    assert page.url.endswith("?d=2,3")
    expect(visitor.go("/panier/").get_by_text("Ce bouton demande JavaScript")).to_be_visible()


@pytest.mark.parametrize("style", ["ISO 690", "APA", "Chicago"])
def test_citation_is_copied(visit, style):
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.go(f"/ressources/{FICHE}/")
    summary = page.locator(".cite summary", has_text=style)
    if style != "ISO 690":
        summary.click()
    button = page.get_by_role("button", name=f"Copier la citation {style}")
    button.focus()
    page.keyboard.press("Enter")
    page.locator(".cite [role=status]", has_text="Citation copiée.").wait_for(state="attached")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert FICHE in copied
    assert copied == page.locator(".cite details[open] p").text_content().strip()


def test_citation_is_selected_when_copying_is_refused(visitor):
    page = visitor.go(f"/ressources/{FICHE}/")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('non')); }")
    page.get_by_role("button", name="Copier la citation ISO 690").click()
    page.locator(".cite [role=status]", has_text="Ctrl + C").wait_for(state="attached")
    assert FICHE in page.evaluate("getSelection().toString()")


def test_structured_data_is_let_through_by_the_policy(visitor):
    page = visitor.go(f"/ressources/{FICHE}/")
    written = page.locator("script[type='application/ld+json']").text_content()
    assert json.loads(written)["@graph"][0]["@type"] == "Article"
