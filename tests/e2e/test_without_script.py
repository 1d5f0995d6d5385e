"""Everything works without JavaScript."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from .browsing import follow
from .content import FICHE, TRAINER


def test_facets_apply_with_the_button(visit):
    page = visit(java_script_enabled=False).go("/ressources/")
    page.get_by_label("Fiche expérience").check()
    page.locator("[name=theme][value=emploi-insertion]").check()
    follow(page.get_by_role("button", name="Appliquer les filtres"))
    assert parse_qs(urlsplit(page.url).query) == {"type": ["fiche-experience"], "theme": ["emploi-insertion"]}
    expect(page.locator("#phrase")).to_contain_text("fiches expérience")
    expect(page.get_by_label("Fiche expérience")).to_be_checked()
    follow(page.get_by_role("link", name="Retirer le filtre Emploi et insertion"))
    assert parse_qs(urlsplit(page.url).query) == {"type": ["fiche-experience"]}


def test_facets_of_a_phone_unfold(visit):
    page = visit(java_script_enabled=False, width=360).go("/ressources/")
    box = page.get_by_label("Fiche expérience")
    expect(box).to_be_hidden()
    page.get_by_text("Filtrer les résultats").click()
    box.check()
    follow(page.get_by_role("button", name="Appliquer les filtres"))
    assert "type=fiche-experience" in page.url


def test_menu_of_a_phone_opens(visit):
    page = visit(java_script_enabled=False, width=360).go("/")
    page.get_by_role("button", name="Menu").click()
    follow(page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Territoires"))
    assert page.url.endswith("/territoires/")


def test_search_leads_to_a_document(visit):
    page = visit(java_script_enabled=False).go("/")
    box = page.get_by_role("searchbox", name="Chercher une expérience, un thème, un quartier")
    box.fill("ressourcerie du Mail")
    box.press("Enter")
    page.wait_for_url("**/recherche/**")
    follow(page.get_by_role("main").locator(f"a[href='/ressources/{FICHE}/']").first)
    assert page.url.endswith(f"/ressources/{FICHE}/")
    # What only a script can do is not offered; the text to quote is there.
    expect(page.get_by_role("button", name="Copier la citation ISO 690")).to_be_hidden()
    expect(page.locator("#citation-iso690")).to_contain_text(FICHE)


def test_contact_is_sent(visit):
    visitor = visit(java_script_enabled=False)
    visitor.cookies_allowed = True
    page = visitor.go("/contact/")
    page.get_by_label("Votre nom").fill("Claude Lecture")
    page.get_by_label("Votre adresse e-mail").fill("claude@example.org")
    page.get_by_label("Objet").fill("Une question")
    page.get_by_label("Votre message").fill("Bonjour.")
    page.wait_for_timeout(2_000)  # faster than this, the form takes people for robots
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_text("Votre message est envoyé.")).to_be_visible()


def test_trainer_logs_in_and_out(visit):
    visitor = visit(java_script_enabled=False)
    visitor.log_in(TRAINER)
    assert visitor.page.url.endswith("/vrl/espace/")
    follow(visitor.page.get_by_role("button", name="Se déconnecter"))
    page = visitor.go("/vrl/espace/", status=404)  # without an account, the area does not exist
    expect(page.locator("h1")).to_be_visible()
