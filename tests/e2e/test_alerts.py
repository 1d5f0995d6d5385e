"""The whole journey of an alert on a phone, without JavaScript: ask, read the mail, confirm, manage, leave."""

from trajectoire.core import tokens

from .browsing import axe_faults
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
    assert "Guide ou boîte à outils, Laïcité" in page.locator(".sentence").text_content()
    page.get_by_label("Votre adresse e-mail").fill("ada@example.org")
    page.get_by_label("À chaque parution").check()
    page.wait_for_timeout(2_100)  # nobody fills a form faster
    page.get_by_role("button", name="Recevoir les nouveautés").click()
    assert "Plus qu’une étape" in page.locator("h1").text_content()

    shown, frame = last_mail(visit)
    assert "ada@example.org" in shown.content()
    assert frame.get_by_role("heading", level=1).text_content() == "Confirmez votre alerte"
    path = frame.get_by_role("link", name="Confirmer mon alerte").get_attribute("href").removeprefix(reader.site)

    page = reader.go(path)
    page.get_by_role("button", name="Confirmer et commencer").click()
    assert "Votre alerte est confirmée." in page.locator(".notice").text_content()
    page.get_by_label("Rythme").select_option(label="Une fois par mois, le premier jour")
    page.get_by_role("button", name="Changer le rythme").click()
    assert page.get_by_label("Rythme").input_value() == "mois"
    page.get_by_role("button", name="Mettre en pause").click()
    page.get_by_role("button", name="Reprendre").click()
    assert "envoie à nouveau" in page.locator(".notice").text_content()

    pk = tokens.unsign("alerts.manage", page.url.split("/")[4])
    page = reader.go(f"/alertes/{tokens.sign('alerts.leave', pk)}/desabonnement/")
    page.get_by_role("button", name="Me désabonner de toutes les alertes").click()
    assert "Le désabonnement est fait" in page.locator("h1").text_content()


def test_mail_in_the_administration_is_accessible(visit):
    reader = visit()
    reader.cookies_allowed = True
    page = reader.go("/contact/")
    for name, words in {"name": "Ada", "email": "ada@example.org", "subject": "Un mot", "message": "Bonjour"}.items():
        page.locator(f"[name={name}]").fill(words)
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="Envoyer le message").click()
    shown, frame = last_mail(visit)
    assert frame.locator("h1").text_content() == "Un mot"
    assert axe_faults(shown, {"runOnly": ["wcag2a", "wcag2aa"]}) == []
