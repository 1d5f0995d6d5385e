"""Staff organises an event with the keyboard: writes it, puts it online, sees who registers, cancels it, tells the people."""

import datetime

from playwright.sync_api import Page, expect

from .browsing import axe_faults
from .content import ORGANISER

EVENTS = "/admin/events/event/"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def type_in(page: Page, selector: str, text: str) -> None:
    """What is typed once the focus is there."""
    page.locator(selector).focus()
    page.keyboard.type(text)


def test_event_from_its_form_to_its_cancellation(visit):
    staff = visit(width=1280)
    staff.log_in(ORGANISER)
    day = datetime.date.today() + datetime.timedelta(days=30)
    page = staff.go(f"{EVENTS}add/")
    assert axe_faults(page, RULES) == []
    type_in(page, "#id_title", "Atelier essayé au clavier")
    type_in(page, "#id_venue", "Maison des associations")
    type_in(page, "#id_dates-0-day", day.strftime("%d/%m/%Y"))
    type_in(page, "#id_dates-0-starts", "09:00")
    type_in(page, "#id_dates-0-ends", "12:00")
    page.locator("#id_published").focus()
    page.keyboard.press("Space")
    page.locator("#id_title").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{EVENTS}")
    page.get_by_role("link", name="Suivre\u00a0: Atelier essayé au clavier").press("Enter")
    page.get_by_role("heading", name="À faire maintenant").wait_for()
    follow = page.url.removeprefix(staff.site)
    assert axe_faults(page, RULES) == []

    reader = visit(java_script_enabled=False, width=360)
    reader.cookies_allowed = True
    form = reader.go("/agenda/atelier-essaye-au-clavier/inscription/")
    form.get_by_label("Prénom et nom").fill("Ada Lovelace")
    form.get_by_label("Adresse e-mail", exact=True).fill("ada.clavier@example.org")
    form.get_by_label("Statut").select_option("elu")
    form.get_by_label("Département").select_option("25")
    form.wait_for_timeout(2_100)  # nobody fills a form faster
    form.locator("main form button[type=submit]").last.click()
    form.get_by_role("heading", name="Votre place est confirmée").wait_for()

    page = staff.go(follow)
    expect(page.locator(".follow-people")).to_contain_text("Ada Lovelace")
    page.get_by_role("link", name="Modifier l’événement").press("Enter")
    page.locator("#id_status").wait_for()
    page.locator("#id_status").select_option("annule")
    type_in(page, "#id_status_note", "Salle indisponible.")
    page.locator("[name=_continue]").press("Enter")
    page.get_by_role("link", name="Relire et envoyer le message qui le leur dit").press("Enter")
    page.get_by_role("heading", name="Ce qui est nouveau").wait_for()
    expect(page.frame_locator("iframe.mail").get_by_text("Salle indisponible.")).to_be_visible()
    assert axe_faults(page, RULES) == []
    page.get_by_role("button", name="Envoyer à 1\u00a0personne").press("Enter")
    page.get_by_text("Le message part vers 1\u00a0personne.").wait_for()
    expect(reader.go("/agenda/atelier-essaye-au-clavier/").locator("main")).to_contain_text("annulé")
