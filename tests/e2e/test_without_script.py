"""Everything works without JavaScript."""

from urllib.parse import parse_qs, urlsplit

from .content import FICHE, TRAINER


def test_facets_apply_with_the_button(visit):
    page = visit(java_script_enabled=False).go("/ressources/")
    page.get_by_label("Fiche expérience").check()
    page.locator("[name=theme][value=emploi-insertion]").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    assert parse_qs(urlsplit(page.url).query) == {"type": ["fiche-experience"], "theme": ["emploi-insertion"]}
    assert "fiches expérience" in page.locator("#phrase").text_content()
    assert page.get_by_label("Fiche expérience").is_checked()
    page.get_by_role("link", name="Retirer le filtre Emploi et insertion").click()
    assert parse_qs(urlsplit(page.url).query) == {"type": ["fiche-experience"]}


def test_facets_of_a_phone_unfold(visit):
    page = visit(java_script_enabled=False, width=360).go("/ressources/")
    box = page.get_by_label("Fiche expérience")
    assert not box.is_visible()
    page.get_by_text("Filtrer les résultats").click()
    box.check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    assert "type=fiche-experience" in page.url


def test_menu_of_a_phone_opens(visit):
    page = visit(java_script_enabled=False, width=360).go("/")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Territoires").click()
    assert page.url.endswith("/territoires/")


def test_search_leads_to_a_document(visit):
    page = visit(java_script_enabled=False).go("/")
    box = page.get_by_role("searchbox", name="Chercher une expérience, un thème, un quartier")
    box.fill("ressourcerie du Mail")
    box.press("Enter")
    page.get_by_role("main").locator(f"a[href='/ressources/{FICHE}/']").first.click()
    assert page.url.endswith(f"/ressources/{FICHE}/")
    # What only a script can do is not offered; the text to quote is there.
    assert not page.get_by_role("button", name="Copier la citation ISO 690").is_visible()
    assert FICHE in page.locator("#citation-iso690").text_content()


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
    assert page.get_by_text("Votre message est envoyé.").is_visible()


def test_trainer_logs_in_and_out(visit):
    visitor = visit(java_script_enabled=False)
    visitor.log_in(TRAINER)
    assert visitor.page.url.endswith("/vrl/espace/")
    visitor.page.get_by_role("button", name="Se déconnecter").click()
    visitor.go("/vrl/espace/")
    assert "/compte/login/" in visitor.page.url
