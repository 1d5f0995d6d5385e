"""From the home page to a confirmed place and its link, on a phone: with the keyboard alone, then without JavaScript."""

from playwright.sync_api import Page, expect

from .browsing import axe_faults
from .keyboard import tab_to
from .test_alerts import last_mail

WEBINAR = "Lire le portrait d’un quartier en une heure"
STUDY_DAY = "Santé mentale des jeunes"
PAGES = 5  # home, agenda, event, form, « votre place est confirmée »


def follow(page: Page, name: str) -> None:
    """Reach a link with Tab, and press Enter."""
    tab_to(page, name, "a")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, beginning: str) -> None:
    """Reach the next list with Tab, and type the beginning of the choice."""
    tab_to(page, "Choisir dans la liste", "select")
    page.keyboard.type(beginning)


def link_in_last_mail(visit, site: str) -> str:
    """The personal link of the last message."""
    _, frame = last_mail(visit)
    links = frame.get_by_role("link", name="Voir, modifier ou annuler mon inscription")
    return links.get_attribute("href").removeprefix(site)


def test_place_with_the_keyboard_on_a_phone(visit):
    reader = visit(width=360)
    reader.cookies_allowed = True
    page = reader.go("/")
    seen = [page.url]
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    tab_to(page, "Menu", "button")
    page.keyboard.press("Enter")
    follow(page, "Agenda")
    follow(page, WEBINAR)
    follow(page, "S’inscrire")
    assert axe_faults(page) == []
    tab_to(page, "Prénom et nom", "input")
    page.keyboard.type("Ada Lovelace")
    tab_to(page, "Adresse e-mail", "input")
    page.keyboard.type("ada@example.org")
    choose(page, "Hab")  # no accent: it is not a key
    choose(page, "Do")
    page.wait_for_timeout(2_100)  # nobody fills a form faster
    tab_to(page, "M’inscrire", "button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="Votre place est confirmée").wait_for()
    assert axe_faults(page) == []
    assert len([url for url in seen if "#" not in url]) == PAGES

    page = reader.go(link_in_last_mail(visit, reader.site))
    page.get_by_text("Votre place est confirmée.").wait_for()
    assert axe_faults(page) == []
    tab_to(page, "Annuler mon inscription", "button")
    page.keyboard.press("Enter")
    page.get_by_text("Votre inscription est annulée.").first.wait_for()
    assert axe_faults(page) == []


def test_places_for_two_without_script_on_a_phone(visit):
    reader = visit(java_script_enabled=False, width=360)
    reader.cookies_allowed = True
    page = reader.go("/agenda/")
    page.get_by_role("link", name=STUDY_DAY).first.click()
    page.get_by_role("link", name="S’inscrire").first.click()
    page.get_by_label("Prénom et nom").fill("Bob Martin")
    page.get_by_role("textbox", name="Adresse e-mail").fill("bob@example.org")
    page.get_by_role("button", name="Ajouter une personne").click()
    expect(page.get_by_label("Prénom et nom").first).to_have_value("Bob Martin")
    page.get_by_label("Prénom et nom").last.fill("Cléo Petit")
    page.get_by_role("textbox", name="Adresse e-mail").last.fill("cleo@example.org")
    page.get_by_label("Département").select_option(label="Doubs")
    page.wait_for_timeout(2_100)
    reader.expected.add(400)
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.locator("#erreurs")).to_contain_text("Choisissez votre statut.")
    page.get_by_label("Statut").select_option(label="Bénévole")
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.locator("h1")).to_contain_text("2\u00a0places confirmées")

    page = reader.go(link_in_last_mail(visit, reader.site))
    page.get_by_text("Modifier mes informations").click()
    page.get_by_role("textbox", name="Structure").fill("MJC de Palente")
    page.get_by_role("button", name="Enregistrer mes informations").click()
    expect(page.get_by_role("main")).to_contain_text("Vos informations sont modifiées.")
    page.get_by_role("button", name="Annuler mon inscription").click()
    expect(page.get_by_role("main")).to_contain_text("Votre inscription est annulée.")


def test_lost_link_is_sent_again(visit):
    reader = visit(width=360)
    reader.cookies_allowed = True
    page = reader.go("/inscription/lien-perdu/")
    page.get_by_label("Adresse e-mail de l’inscription").fill("personne@example.org")
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="Recevoir mes liens").click()
    page.get_by_text("Si des inscriptions existent").wait_for()
