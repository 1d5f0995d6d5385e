"""The whole journey of an alert on a phone, without JavaScript: ask, read the mail, confirm, manage, leave."""

from playwright.sync_api import expect

from trajectoire.core import tokens

from .browsing import axe_faults, follow
from .content import STAFF

OUTBOX = "/admin/core/outgoingmail/"


def last_mail(visit):
    """The page of the administration that shows the last message, and the frame with its HTML."""
    staff = visit()
    staff.log_in(STAFF)
    page = staff.go(OUTBOX)
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_url("**/change/**")
    page.locator("iframe.mail").scroll_into_view_if_needed()
    return page, page.frame_locator("iframe.mail")


def test_alert_from_the_list_to_the_end(visit):
    reader = visit(java_script_enabled=False, width=360)
    reader.cookies_allowed = True
    page = reader.go("/ressources/?theme=laicite&type=guide")
    page.get_by_role("link", name="Recevoir les nouveautés par e-mail").click()
    expect(page.locator(".sentence")).to_contain_text("Guide ou boîte à outils, Laïcité")
    page.get_by_label("Votre adresse e-mail").fill("ada@example.org")
    page.get_by_label("À chaque parution").check()
    page.wait_for_timeout(2_100)  # nobody fills a form faster
    page.get_by_role("button", name="Recevoir les nouveautés").click()
    expect(page.locator("h1")).to_contain_text("Plus qu’une étape")

    shown, frame = last_mail(visit)
    expect(shown.locator("#content")).to_contain_text("ada@example.org")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Confirmez votre alerte")
    path = frame.get_by_role("link", name="Confirmer mon alerte").get_attribute("href").removeprefix(reader.site)

    page = reader.go(path)
    page.get_by_role("button", name="Confirmer et commencer").click()
    expect(page.locator(".notice")).to_contain_text("Votre alerte est confirmée.")
    page.get_by_label("Rythme").select_option(label="Une fois par mois, le premier jour")
    page.get_by_role("button", name="Changer le rythme").click()
    expect(page.get_by_label("Rythme")).to_have_value("mois")
    page.get_by_role("button", name="Mettre en pause").click()
    page.get_by_role("button", name="Reprendre").click()
    expect(page.locator(".notice")).to_contain_text("envoie à nouveau")

    pk = tokens.unsign("alerts.manage", page.url.split("/")[4])
    page = reader.go(f"/alertes/{tokens.sign('alerts.leave', pk)}/desabonnement/")
    page.get_by_role("button", name="Me désabonner de toutes les alertes").click()
    expect(page.locator("h1")).to_contain_text("Le désabonnement est fait")


def test_mail_in_the_administration_is_accessible(visit):
    reader = visit()
    reader.cookies_allowed = True
    page = reader.go("/contact/")
    for name, words in {"name": "Ada", "email": "ada@example.org", "subject": "Un mot", "message": "Bonjour"}.items():
        page.locator(f"[name={name}]").fill(words)
    page.wait_for_timeout(2_100)
    follow(page.get_by_role("button", name="Envoyer le message"))
    shown, frame = last_mail(visit)
    expect(frame.locator("h1")).to_have_text("Un mot")
    assert axe_faults(shown, {"runOnly": ["wcag2a", "wcag2aa"]}) == []
