"""With JavaScript the list follows the filters without a reload, and says so."""

import re

import pytest
from playwright.sync_api import expect

URL = "/ressources/"


@pytest.fixture
def page(visit):
    """The list, marked: a reload would take the mark away."""
    page = visit().go(URL)
    page.evaluate("window.sameDocument = true")
    yield page
    assert page.evaluate("window.sameDocument"), "the page was reloaded"


def titles(page) -> list[str]:
    return page.locator("#resultats .rows h2").all_text_contents()


def sentence(page) -> str:
    return page.locator("#phrase").text_content()


def test_filter_changes_list_sentence_address_and_focus(page):
    before, title = titles(page), page.title()
    box = page.get_by_label("Fiche expérience")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile(r"\?type=fiche-experience$"))
    expect(page.locator("#phrase")).to_contain_text("fiches expérience")
    assert titles(page) != before
    assert page.evaluate("document.activeElement.value") == "fiche-experience"
    expect(page.get_by_label("Fiche expérience")).to_be_checked()
    assert page.title() == title


def test_count_is_announced(page):
    status = page.locator("#annonce")
    expect(status).to_have_attribute("role", "status")
    expect(status).to_have_text("")
    page.get_by_label("Fiche expérience").check()
    page.wait_for_url(re.compile("type="))
    expect(status).to_have_text(re.compile(r"^\d+\s(documents|fiches expérience)$"))


def test_back_and_forward_bring_back_what_was_shown(page):
    whole = sentence(page)
    page.get_by_label("Fiche expérience").check()
    page.wait_for_url(re.compile("type="))
    narrow = sentence(page)
    page.go_back()
    page.wait_for_function("(text) => document.getElementById('phrase').textContent === text", arg=whole)
    expect(page.get_by_label("Fiche expérience")).not_to_be_checked()
    page.go_forward()
    page.wait_for_function("(text) => document.getElementById('phrase').textContent === text", arg=narrow)
    expect(page.get_by_label("Fiche expérience")).to_be_checked()


def test_two_filters_ticked_at_once_are_both_kept(page):
    page.get_by_label("Fiche expérience").check()
    page.locator("[name=theme][value=emploi-insertion]").check()
    page.wait_for_url(re.compile("type=fiche-experience&theme=emploi-insertion"))
    page.get_by_role("link", name="Retirer le filtre Emploi et insertion").wait_for()
    assert len(page.locator("#resultats .active .x").all()) == 2


def test_page_and_sort_keep_the_document(page):
    first = titles(page)
    page.get_by_role("link", name="Page suivante").click()
    page.wait_for_url(re.compile("page=2"))
    assert not set(first) & set(titles(page))
    assert page.evaluate("document.activeElement.closest('#resultats') !== null")
    page.get_by_role("link", name="titre").click()
    page.wait_for_url(re.compile("tri=titre"))
    expect(page.locator("#phrase")).to_contain_text("par ordre alphabétique")


def test_words_typed_are_searched_without_reload(page):
    page.get_by_label("Chercher un mot").fill("cantine")
    page.get_by_label("Chercher un mot").press("Enter")
    page.wait_for_url(re.compile("q=cantine"))
    expect(page.locator("#phrase")).to_contain_text("cantine")


def test_open_facets_stay_open(page):
    page.locator("summary", has_text="Année").click()
    page.get_by_label("Fiche expérience").check()
    page.wait_for_url(re.compile("type="))
    assert page.locator("details[data-facet=annee]").get_attribute("open") is not None


def test_unreachable_server_leaves_the_way_open(visit):
    """When the quiet request fails, the browser goes to the address as it would without JavaScript."""
    visitor = visit()
    page = visitor.go(URL)
    visitor.expected.add(0)
    page.route("**/ressources/?*", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_())
    page.get_by_label("Fiche expérience").check()
    page.wait_for_load_state()
    page.wait_for_url(re.compile("type=fiche-experience"))
    expect(page.locator("#phrase")).to_contain_text("fiches expérience")
