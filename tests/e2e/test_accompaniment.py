"""Asking for help, from the home page to the follow-up: on a phone without JavaScript, then with the keyboard alone."""

import re

from playwright.sync_api import expect

from trajectoire.core import tokens

from .browsing import axe_faults
from .content import ORGANISER

NEED = "Créer un conseil citoyen"


def test_request_on_a_phone_without_script(visit):
    reader = visit(java_script_enabled=False, width=360)
    reader.cookies_allowed = True
    page = reader.go("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Demander un accompagnement").click()
    page.get_by_label("Votre besoin, en une phrase").fill(NEED)
    page.get_by_label("Où").fill("Planoise")
    page.get_by_label("Dans le mois").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("h1")).to_contain_text("Ce qui peut déjà vous aider")
    page.get_by_role("button", name="Modifier le besoin").click()
    expect(page.get_by_label("Où")).to_have_value("Planoise")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Votre nom").fill("Ada Lovelace")
    reader.expected.add(400)
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.locator(".notice")).to_contain_text("Indiquez votre adresse e-mail")
    page.get_by_label("Votre adresse e-mail").fill("ada@example.org")
    page.wait_for_timeout(2_100)  # nobody fills a form faster
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("main")).to_contain_text("Votre demande est envoyée.")


def test_request_with_the_keyboard_then_answered_then_withdrawn(visit):
    reader = visit()
    reader.cookies_allowed = True
    page = reader.go("/accompagnement/?lieu=Planoise")
    page.get_by_label("Votre besoin, en une phrase").focus()
    page.keyboard.type(NEED)
    page.keyboard.press("Enter")
    page.get_by_label("Votre nom").focus()
    page.keyboard.type("Ada")
    page.keyboard.press("Tab")
    page.keyboard.type("ada@example.org")
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="Envoyer la demande").press("Enter")
    page.wait_for_url("**/accompagnement/merci/")

    staff = visit()
    staff.log_in(ORGANISER)
    admin = staff.go("/admin/network/helprequest/?travail=a-faire")
    admin.locator("#result_list tbody th a").first.click()
    admin.wait_for_url(re.compile("/change/"))
    pk = int(admin.url.split("/helprequest/")[1].split("/")[0])
    admin.get_by_label("Réponse :").fill("Lisez notre guide.")
    admin.get_by_label("Envoyer la réponse").check()
    admin.locator("[name=_save]").click()
    admin.get_by_text("La réponse est partie.").first.wait_for()

    page = reader.go(f"/accompagnement/suivi/{tokens.sign('accompagnement', pk)}/")
    expect(page.get_by_role("main")).to_contain_text("Lisez notre guide.")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Retirer la demande").press("Enter")
    expect(page.locator("[aria-current=step]")).to_have_text(re.compile("^\\s*Close"))
