"""A passkey from its making to the next login, then an invitation it makes possible: in a real browser, with its authenticator."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from trajectoire.core import tokens

from .browsing import Visitor, axe_faults
from .content import COORDINATOR

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(visit: Callable[..., Visitor], **options) -> Visitor:
    """Somebody whose device recognises them. Browsers refuse keys for an address made of figures: the site is « localhost »."""
    visitor = visit(**options)
    visitor.cookies_allowed = True
    visitor.site = visitor.site.replace("127.0.0.1", "localhost")
    devices = visitor.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return visitor


def arrive(visitor: Visitor, path: str) -> Page:
    page = visitor.go(visitor.site + path)
    assert axe_faults(page) == []
    return page


def test_passkey_is_made_opens_the_administration_and_invites(visit):
    staff = with_authenticator(visit, width=360)
    page = arrive(staff, "/compte/login/")
    page.get_by_label("Adresse e-mail").fill(COORDINATOR)
    page.locator("[name=password]").fill("un mot de passe bien long")
    page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/admin/")
    for path in ("/compte/2fa/", "/compte/password/change/", "/compte/email/", "/compte/sessions/", "/compte/2fa/totp/activate/"):
        arrive(staff, path)

    page = arrive(staff, "/compte/2fa/webauthn/add/")
    expect(page.get_by_label("sans mot de passe")).to_be_checked()
    page.locator("#mfa_webauthn_add").click()
    page.get_by_label("Vos codes").wait_for()
    assert axe_faults(page) == []
    arrive(staff, "/compte/2fa/webauthn/")
    page = arrive(staff, "/compte/logout/")
    page.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(f"{staff.site}/")

    page = arrive(staff, "/compte/login/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url("**/admin/")

    page.set_viewport_size({"width": 1280, "height": 900})
    page = staff.go(f"{staff.site}/admin/core/invitation/add/")
    page.locator("#id_email").fill("nour@example.org")
    page.locator("#id_group").select_option(label="formateurs")
    page.locator("[name=_save]").click()
    page.get_by_text("L’invitation est partie").wait_for()
    assert axe_faults(page, {"runOnly": ["wcag2a", "wcag2aa"]}) == []

    pk = int(page.locator("#result_list tbody th a").first.get_attribute("href").split("/")[-3])
    guest = visit(width=360)
    guest.cookies_allowed = True
    # The text of the mail is erased once sent: the link is made again, with the key of the tests.
    page = guest.go(f"/compte/invitation/{tokens.sign('core.invitation', [pk, 1])}/")
    assert axe_faults(page) == []
    page.get_by_label("Votre nom").fill("Nour Benali")
    page.get_by_label("Votre mot de passe").fill("quatre mots sans rapport")
    page.get_by_role("button", name="Ouvrir mon compte").click()
    page.get_by_role("heading", name="Bonjour Nour Benali").wait_for()


def test_passkey_that_cannot_be_used_is_said_in_french(visit):
    visitor = visit()
    visitor.cookies_allowed = True
    page = visitor.go("/compte/login/")  # an address made of figures: browsers refuse
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.get_by_text("http://localhost").wait_for()
    assert axe_faults(page) == []
