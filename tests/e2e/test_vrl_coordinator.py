"""The coordination: a structure asks for a session, the request is qualified, offered, and becomes a session; another one is closed."""

import datetime

from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD

from .browsing import follow
from .plan import PLANNER, TO_CLOSE

STRUCTURE = "Centre social du Lac"


def test_from_a_request_to_a_closed_session(visit):
    asker = visit(width=360, height=740)
    asker.cookies_allowed = True
    page = asker.go("/vrl/demander-une-formation/")
    page.get_by_label("Une formation de 1 jour").check()
    page.get_by_label("Combien de personnes").fill("14")
    page.get_by_label("Département").select_option(label="Doubs")
    page.get_by_label("Votre structure").fill(STRUCTURE)
    page.get_by_label("Prénom et nom").fill("Ana Roy")
    page.get_by_role("textbox", name="Adresse e-mail").fill("ana@example.org")
    page.wait_for_timeout(2_100)  # nobody fills a form faster
    follow(page.get_by_role("button", name="Envoyer la demande"))

    planner = visit()
    planner.log_in(PLANNER, PASSWORD)
    desk = planner.go("/admin/vrl/trainingrequest/")
    follow(desk.get_by_role("link", name=STRUCTURE))
    follow(desk.get_by_role("button", name="Retenir la demande"))
    follow(desk.get_by_role("button", name="Proposer aux formateurs du département"))
    expect(desk.get_by_text("La demande est proposée.")).to_be_visible()
    follow(desk.get_by_role("link", name="Créer la session…"))
    desk.get_by_label("Modèle").select_option(label="Valeurs de la République et laïcité : l’essentiel en un jour")
    desk.get_by_label("Portée par").select_option(label="Leïla Morel")
    desk.get_by_label("Jour 1").fill((datetime.date.today() + datetime.timedelta(days=60)).isoformat())
    follow(desk.get_by_role("button", name="Créer la session"))
    expect(desk.get_by_text("La session est créée, en brouillon")).to_be_visible()

    planner.go(f"/vrl/espace/sessions/{TO_CLOSE}/")
    follow(desk.get_by_role("button", name="Clôturer"))
    expect(desk.locator(".kind .state")).to_have_text("Clôturée")
