"""The directory with the keyboard alone, on a phone, without JavaScript: find, write, propose, confirm."""

import re

import pytest
from playwright.sync_api import expect

from network.demo import loader
from network.directory import confirming
from network.directory.marking import mailbox_mark
from trajectoire.core import tokens

from .browsing import axe_faults
from .content import ORGANISATION
from .keyboard import tab_to

LONG_ENOUGH = 2_100  # ms: the site takes what is sent faster for a robot


@pytest.fixture
def phone(visit):
    """Somebody to whom no script arrives; looking at the focus needs the browser's own."""
    visitor = visit(width=360, height=740)
    visitor.context.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    visitor.cookies_allowed = True
    return visitor


def type_into(page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


def test_visitor_finds_a_structure_by_facet_and_writes_to_it(phone):
    page = phone.go("/reseau/")
    tab_to(page, "Filtrer les résultats", "summary")
    page.keyboard.press("Enter")
    tab_to(page, "Structures", "input")
    page.keyboard.press("Space")
    tab_to(page, "Côte-d’Or", "input")
    page.keyboard.press("Space")
    tab_to(page, "Appliquer les filtres", "button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("nature=structures&territoire=21"))
    expect(page.locator(".sentence")).to_contain_text("en Côte-d’Or")
    tab_to(page, "Régie de quartier du Grand Mail", "a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reseau/{ORGANISATION}/")
    tab_to(page, "Écrire à cette structure", "a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ecrire/")
    type_into(page, "Votre nom", "Zoé Martin")
    type_into(page, "Votre adresse e-mail", "zoe@example.org")
    type_into(page, "Objet", "Une visite")
    type_into(page, "Votre message", "Peut-on venir ?")
    page.wait_for_timeout(LONG_ENOUGH)
    tab_to(page, "Envoyer le message", "button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ecrire/?envoye")
    expect(page.locator("main")).to_contain_text("Votre message est transmis.")


def test_visitor_proposes_a_structure_that_another_has_proposed(phone):
    phone.expected.add(400)
    for known in (False, True):
        page = phone.go("/reseau/proposer/structure/")
        type_into(page, "Nom", "Atelier des Ormes")
        tab_to(page, "Choisir", "select")  # its first choice
        page.keyboard.type("association")
        type_into(page, "Territoires", "Planoise")
        page.wait_for_timeout(LONG_ENOUGH)
        tab_to(page, "Envoyer la proposition", "button")
        page.keyboard.press("Enter")
        if known:
            page.locator("#connues").wait_for()
            expect(page.locator("#connues")).to_contain_text("déjà proposée")
            assert not axe_faults(page)
            tab_to(page, "Ce n’est aucune de celles-là", "input")
            page.keyboard.press("Space")
            tab_to(page, "Envoyer la proposition", "button")
            page.keyboard.press("Enter")
        page.wait_for_url("**/proposer/structure/?envoye")
        expect(page.locator("main")).to_contain_text("Votre proposition est bien arrivée.")


def test_structure_confirms_by_its_link(phone):
    first = loader.rows("organisations")[0]
    token = tokens.sign(confirming.SCOPE, ["organisation", 1, mailbox_mark(first["email"])])
    page = phone.go(f"/reseau/confirmer/{token}/")
    assert not axe_faults(page)
    tab_to(page, "Confirmer", "button")
    page.keyboard.press("Enter")
    page.wait_for_url("**?confirme")
    expect(page.locator("main")).to_contain_text("Merci, c’est noté")
