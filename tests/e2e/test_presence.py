"""The day of an event on a phone: ticking with and without network, without script, by code; what follows, checked by axe."""

import pytest
from playwright.sync_api import Page, expect

from .browsing import follow
from .content import ORGANISER
from .held import ASKED, CODE, COMING, REPLACED, REVOKED, SLUG, door_path, own_path, questionnaire_path
from .test_axe import check

HERE = f"/agenda/{SLUG}/presence/"
PHONE = {"width": 360, "height": 740}


def host(visit, **options):
    visitor = visit(**(PHONE | options))
    visitor.log_in(ORGANISER)
    return visitor


def box(page: Page, name: str):
    return page.get_by_role("checkbox", name=name)


def test_ticks_made_without_network_are_sent_when_it_is_back(visit):
    visitor = host(visit)
    page = visitor.go(HERE)
    page.get_by_text("Tout est enregistré.").wait_for()
    visitor.expected.add(0)  # the browser tells of each request that does not leave
    visitor.context.set_offline(True)
    box(page, "Amina Martin").check()
    page.get_by_text("Pas de réseau").wait_for()
    box(page, "Sékou Diallo").check()
    box(page, "Sékou Diallo").uncheck()
    expect(page.locator(".late")).to_have_count(2)
    assert page.evaluate("Object.keys(localStorage)") == [f"presence:{SLUG}"]
    visitor.context.set_offline(False)
    page.get_by_text("Tout est enregistré.").wait_for()
    assert page.evaluate("Object.keys(localStorage)") == []
    expect(page.locator(".late")).to_have_count(0)
    page.reload()
    expect(box(page, "Amina Martin")).to_be_checked()
    expect(box(page, "Sékou Diallo")).not_to_be_checked()
    box(page, "Amina Martin").uncheck()
    page.get_by_text("Tout est enregistré.").wait_for()


def test_page_closed_without_network_keeps_its_ticks(visit):
    visitor = host(visit)
    page = visitor.go(HERE)
    page.get_by_text("Tout est enregistré.").wait_for()
    visitor.expected.add(0)
    visitor.context.set_offline(True)
    box(page, "Éloïse Bœuf").check()
    page.get_by_text("Pas de réseau").wait_for()
    page.close()
    visitor.context.set_offline(False)
    again = visitor.context.new_page()
    again.goto(HERE)
    again.get_by_text("Tout est enregistré.").wait_for()
    expect(box(again, "Éloïse Bœuf")).to_be_checked()
    assert again.evaluate("Object.keys(localStorage)") == []
    box(again, "Éloïse Bœuf").uncheck()
    again.get_by_text("Tout est enregistré.").wait_for()


def test_ticks_of_another_phone_appear(visit):
    first, second = host(visit), host(visit)
    one, two = first.go(HERE), second.go(HERE)
    two.get_by_text("Tout est enregistré.").wait_for()
    with one.expect_response("**/cocher/"):
        box(one, "Sékou Diallo").check()
    with two.expect_response("**/cocher/"):
        box(two, "Jean-Paul Durand").check()
    expect(box(two, "Sékou Diallo")).to_be_checked()
    for name in ("Sékou Diallo", "Jean-Paul Durand"):
        with two.expect_response("**/cocher/"):
            box(two, name).uncheck()


def test_name_is_found_while_typing(visit):
    page = host(visit).go(HERE)
    page.get_by_label("Chercher un nom ou une structure").fill("eloise")
    expect(box(page, "Éloïse Bœuf")).to_be_visible()
    expect(box(page, "Amina Martin")).to_be_hidden()
    page.get_by_label("Chercher un nom ou une structure").fill("zzz")
    page.get_by_text("Personne ne correspond").wait_for()


def test_targets_are_large(visit):
    page = host(visit).go(HERE)
    heights = page.locator(".ticks label").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")
    assert min(heights) >= 48
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_ticking_needs_no_script(visit):
    page = host(visit, java_script_enabled=False).go(door_path(COMING))
    expect(page.get_by_role("checkbox")).to_have_count(1)
    box(page, "Éloïse Bœuf").check()
    page.get_by_role("button", name="Enregistrer la présence").click()
    page.get_by_text("La présence est enregistrée.").wait_for()
    expect(box(page, "Éloïse Bœuf")).to_be_checked()
    box(page, "Éloïse Bœuf").uncheck()
    follow(page.get_by_role("button", name="Enregistrer la présence"))
    expect(box(page, "Éloïse Bœuf")).not_to_be_checked()


def test_code_shown_to_a_stranger_tells_nothing(visit):
    visitor = visit(**PHONE)
    visitor.cookies_allowed = True
    page = visitor.go(door_path(COMING))
    assert "/compte/login/" in page.url
    expect(page.get_by_text("Éloïse")).to_have_count(0)


@pytest.mark.parametrize("address", [HERE, f"/agenda/{SLUG}/attestations/", f"/agenda/{SLUG}/questionnaire/resultats/"])
def test_pages_of_the_team_have_no_fault(visit, address):
    check(host(visit).go(address))


@pytest.mark.parametrize("path", [own_path, questionnaire_path])
def test_pages_of_the_person_have_no_fault(visit, path):
    visitor = visit(**PHONE)
    visitor.cookies_allowed = True
    check(visitor.go(path(ASKED)))


VERIFYING = {f"/verifier/{end}": 200 for end in ("", "?code=", f"{CODE}/", f"{REPLACED}/", f"{REVOKED}/")}


@pytest.mark.parametrize(("address", "status"), [*VERIFYING.items(), ("/verifier/0000000000000000/", 404)])
def test_pages_that_verify_have_no_fault(visit, address, status):
    check(visit(**PHONE).go(address, status=status))
