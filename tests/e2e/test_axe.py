"""axe finds nothing on any page, narrow and wide, light and dark; and no page overflows: all of it in one visit a page."""

import pytest
from playwright.sync_api import Page

from .addresses import FORMS, PUBLIC
from .browsing import axe_faults
from .content import STAFF, SYNTHESIS, TRAINER
from .reflow import overflows

NARROW, WIDE = 320, 1280
LIGHT = ((NARROW, "light"), (WIDE, "light"))
# Each width in one scheme: what a page is made of depends on the width, its colours on the scheme. Every other page the other way
# round: the parts that pages share are read in the four.
CROSSED = (((NARROW, "light"), (WIDE, "dark")), ((NARROW, "dark"), (WIDE, "light")))


def faults_in_looks(page: Page, looks: tuple[tuple[int, str], ...]) -> list[str]:
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} px, {scheme}: {fault}" for fault in axe_faults(page)]
    return found


def check(page: Page, looks: tuple[tuple[int, str], ...] = CROSSED[0]) -> None:
    found = faults_in_looks(page, looks)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", PUBLIC)
def test_page_has_no_fault(visit, name):
    path, status = PUBLIC[name]
    visitor = visit(width=NARROW)
    visitor.cookies_allowed = name in FORMS
    page = visitor.go(path, status=status)
    found = faults_in_looks(page, CROSSED[list(PUBLIC).index(name) % 2]) + overflows(page)
    assert not found, "\n".join(found)


def test_contact_with_errors_has_no_fault(visit):
    visitor = visit()
    visitor.cookies_allowed = True
    page = visitor.go("/contact/")
    visitor.expected.add(400)
    page.wait_for_timeout(2_000)  # faster than this, the form takes people for robots
    page.get_by_role("button", name="Envoyer le message").click()
    page.get_by_role("alert").wait_for()
    check(page)


def test_login_with_errors_has_no_fault(visit):
    visitor = visit()
    visitor.log_in("personne@example.org", "pas le bon mot de passe")
    assert visitor.page.url.endswith("/compte/login/")
    check(visitor.page)


def test_space_of_trainers_has_no_fault(visit):
    visitor = visit()
    visitor.log_in(TRAINER)
    for page in ("", "sessions/", "sessions/nouvelle/", "besoins/", "kit/", "annuaire/", "echanges/", "profil/"):
        check(visitor.go(f"/vrl/espace/{page}"))


@pytest.mark.parametrize("path", ["/styleguide/"])
def test_styleguide_has_no_fault(visit, path):
    visitor = visit()
    visitor.log_in(STAFF)
    check(visitor.go(path))


ADMIN = ["/admin/", "/admin/resources/document/", "/admin/resources/document/?q=laicite", "/admin/resources/document/add/"]


@pytest.mark.parametrize("path", ADMIN)
def test_admin_has_no_fault(visit, path):
    visitor = visit()
    visitor.log_in(STAFF)
    check(visitor.go(path), LIGHT)


def test_form_of_a_document_has_no_fault(visit):
    visitor = visit()
    visitor.log_in(STAFF)
    page = visitor.go(f"/ressources/{SYNTHESIS}/")
    page.get_by_role("link", name="Modifier ce document").click()
    page.locator(".ProseMirror[contenteditable='true']").first.wait_for()
    check(page, LIGHT)
