"""axe finds nothing on any page: narrow and wide, light and dark."""

import pytest
from playwright.sync_api import Page

from .addresses import FORMS, PUBLIC
from .browsing import axe_faults
from .content import STAFF, SYNTHESIS, TRAINER

NARROW, WIDE = 320, 1280
# The only rules that the dark scheme can change.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def faults_in_every_look(page: Page, schemes: tuple[str, ...] = ("light", "dark")) -> list[str]:
    found = []
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in schemes if width == WIDE else schemes[:1]:  # the colours of a scheme are those of every width
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} px, {scheme}: {fault}" for fault in axe_faults(page, COLOURS if scheme == "dark" else None)]
    return found


def check(page: Page, schemes: tuple[str, ...] = ("light", "dark")) -> None:
    found = faults_in_every_look(page, schemes)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", PUBLIC)
def test_page_has_no_fault(visit, name):
    path, status = PUBLIC[name]
    visitor = visit(width=NARROW)
    visitor.cookies_allowed = name in FORMS
    check(visitor.go(path, status=status))


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
    check(visitor.go("/vrl/espace/"))


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
    check(visitor.go(path), ("light",))


def test_form_of_a_document_has_no_fault(visit):
    visitor = visit()
    visitor.log_in(STAFF)
    page = visitor.go(f"/ressources/{SYNTHESIS}/")
    page.get_by_role("link", name="Modifier ce document").click()
    page.locator(".ProseMirror[contenteditable='true']").first.wait_for()
    check(page, ("light",))
