"""A trainer N2 on a phone: invitation, area, session from a model with a co-trainer, opened; then presence, attestations, report."""

from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD

from .browsing import axe_faults, follow
from .plan import COTRAINER, HELD, PLANNER, invitation_path

NEW = "Laïcité à Pontarlier, essai"


def test_from_the_invitation_to_the_attestations(visit):
    trainer = visit(width=360, height=740)
    trainer.cookies_allowed = True
    page = trainer.go(invitation_path())
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    follow(page.get_by_role("button", name="Ouvrir mon compte"))
    page.goto("/vrl/espace/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nadia Carré")
    assert axe_faults(page) == []

    follow(page.get_by_role("link", name="Proposer une session").first)
    follow(page.get_by_role("link", name="l’essentiel en un jour"))
    page.get_by_label("Titre").fill(NEW)
    page.get_by_label("Lieu").fill("Maison de quartier")
    follow(page.get_by_role("button", name="Proposer à la coordination"))
    expect(page.get_by_role("heading", level=1)).to_have_text(NEW)
    page.get_by_label("Inviter une personne").select_option(label=f"{COTRAINER}, du département")
    follow(page.get_by_role("button", name="Envoyer l’invitation"))
    expect(page.locator(".team")).to_contain_text(COTRAINER)
    mine = page.url

    planner = visit()
    planner.log_in(PLANNER, PASSWORD)
    opened = planner.go(mine)
    follow(opened.get_by_role("button", name="Ouvrir les inscriptions"))
    page.goto(mine)
    follow(page.get_by_role("link", name="Voir la page publique"))
    expect(page.get_by_role("heading", level=1)).to_have_text(NEW)
    expect(page.get_by_role("link", name="S’inscrire").first).to_be_visible()

    page.goto("/vrl/espace/")
    follow(page.get_by_role("link", name="Cocher la présence").first)
    follow(page.get_by_role("button", name="Cocher tout le monde"))
    follow(page.get_by_role("navigation", name="Demi-journées").get_by_role("link", name="matin"))
    follow(page.get_by_role("button", name="Cocher tout le monde"))

    trainer.go(f"/vrl/espace/sessions/{HELD}/")
    follow(page.get_by_role("button", name="Donner 2 attestations"))  # from « held » to « given »: one click
    expect(page.get_by_role("link", name="2 attestations données")).to_be_visible()
    follow(page.get_by_role("link", name="Écrire le compte rendu").last)
    page.get_by_label("Restauration").first.fill("2")
    page.get_by_label("Ce qui a bien marché").fill("Les études de cas.")
    assert axe_faults(page) == []
    follow(page.get_by_role("button", name="Remettre le compte rendu"))
    trainer.go("/vrl/espace/")
    expect(page.get_by_text("Compte rendu à écrire")).to_have_count(0)
