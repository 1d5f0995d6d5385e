"""Someone at a session of the plan, on a phone: from the home page to a place, presence ticked by the trainer, the paper verified."""

import re

import pypdfium2
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD

from .browsing import axe_faults, follow
from .plan import LEADER, TODAY
from .test_registration import link_in_last_mail

PHONE = {"width": 360, "height": 740}


def test_from_the_home_page_to_a_verified_attestation(visit):
    reader = visit(**PHONE)
    reader.cookies_allowed = True
    page = reader.go("/")
    follow(page.get_by_role("link", name=TODAY).first)  # one
    expect(page.get_by_role("heading", level=1)).to_have_text(TODAY)
    assert axe_faults(page) == []
    follow(page.get_by_role("link", name="S’inscrire").first)  # two
    page.get_by_label("Prénom et nom").fill("Zoé Martinet")
    page.get_by_role("textbox", name="Adresse e-mail").fill("zoe@example.org")
    page.get_by_label("Statut").select_option("benevole")
    page.get_by_label("Département").select_option("25")
    page.wait_for_timeout(2_100)  # nobody fills a form faster
    follow(page.get_by_role("button", name="M’inscrire"))  # three
    page.get_by_role("heading", name="Votre place est confirmée").wait_for()

    leader = visit(**PHONE)
    leader.log_in(LEADER, PASSWORD)
    own = leader.go("/vrl/espace/sessions/")
    follow(own.get_by_role("link", name=TODAY).first)
    assert axe_faults(own) == []
    follow(own.get_by_role("link", name="Cocher la présence").first)
    with own.expect_response("**/cocher/"):
        own.get_by_role("checkbox", name="Zoé Martinet").check()
    own.get_by_text("Tout est enregistré.").wait_for()
    follow(own.get_by_role("link", name="Attestations"))
    follow(own.get_by_role("button", name="Faire les attestations"))
    expect(own.get_by_role("cell", name="Zoé Martinet")).to_be_visible()

    page = reader.go(link_in_last_mail(visit, reader.site))
    paper = reader.context.request.get(page.get_by_role("link", name="Télécharger mon attestation (PDF)").get_attribute("href"))
    code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", text_of(paper.body()))[0]
    page = reader.go(f"/verifier/?code={code}")
    expect(page.get_by_role("heading", name="Cette attestation est authentique")).to_be_visible()
    expect(page.get_by_text("Z. Martinet")).to_be_visible()


def text_of(content: bytes) -> str:
    return pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
