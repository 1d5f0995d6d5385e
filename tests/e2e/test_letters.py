"""The newsletter from end to end: someone subscribes on a phone, staff composes and sends, the message leads back to the site."""

from playwright.sync_api import expect

from .browsing import axe_faults
from .content import STAFF
from .test_alerts import last_mail

LETTERS = "/admin/letters/letter/"


def path_of(link, reader) -> str:
    return link.get_attribute("href").removeprefix(reader.site)


def test_letter_from_the_form_to_the_end(visit):
    reader = visit(java_script_enabled=False, width=360)
    reader.cookies_allowed = True
    page = reader.go("/lettre/")
    page.get_by_label("Votre adresse e-mail").fill("grace@example.org")
    page.wait_for_timeout(2_100)  # nobody fills a form faster
    page.get_by_role("button", name="Recevoir la lettre").click()
    expect(page.locator(".notice")).to_contain_text("Plus qu’une étape")
    _, frame = last_mail(visit)
    page = reader.go(path_of(frame.get_by_role("link", name="Confirmer mon abonnement"), reader))
    page.get_by_role("button", name="Confirmer l’abonnement").click()
    expect(page.locator(".notice")).to_contain_text("est confirmé")

    staff = visit(width=1280)
    staff.log_in(STAFF)
    page = staff.go(f"{LETTERS}add/")
    page.locator("#id_title").fill("une lettre d’essai")
    page.locator("#id_number").fill("480")
    page.get_by_text("Ajouter un objet Élément supplémentaire").click()
    page.locator("#id_items-0-title").fill("Une date à retenir")
    page.locator("#items-0").get_by_role("textbox", name="Texte").fill("Rendez-vous à Dijon.")
    page.locator("[name=_continue]").click()
    page.locator("iframe.mail").scroll_into_view_if_needed()
    frame = page.frame_locator("iframe.mail")
    expect(frame.get_by_role("heading", level=2)).to_have_text("Une date à retenir")
    expect(frame.get_by_text("Rendez-vous à Dijon.")).to_be_visible()
    assert axe_faults(page, {"runOnly": ["wcag2a", "wcag2aa"]}) == []
    page.locator("[name=_sure]").check()
    page.get_by_role("button", name="Envoyer à l’heure indiquée, ou tout de suite").click()
    expect(page.locator("#content")).to_contain_text("1\u00a0envoyé")

    _, frame = last_mail(visit)
    expect(frame.get_by_role("heading", level=1)).to_contain_text("une lettre d’essai")
    page = reader.go(path_of(frame.get_by_role("link", name="Lire cette lettre en ligne"), reader))
    expect(page.locator("main")).to_contain_text("Rendez-vous à Dijon.")
    page = reader.go(path_of(frame.get_by_role("link", name="Me désabonner de la lettre"), reader))
    page.get_by_role("button", name="Me désabonner de la lettre").click()
    expect(page.locator("h1")).to_contain_text("Le désabonnement est fait")
