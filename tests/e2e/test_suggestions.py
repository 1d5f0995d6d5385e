"""Suggestions while typing: the keyboard, a mouse, a finger, a screen reader; and nothing broken when they do not come."""

import re

import pytest
from playwright.sync_api import Page, expect

from .browsing import axe_faults

FIELDS = {"accueil": ("/", "q-accueil"), "en-tete": ("/territoires/", "q-site"), "recherche": ("/recherche/", "q")}
LOOKS = [(320, "light"), (1280, "dark")]


def suggest(page: Page, words: str, field: str = "q"):
    """Type, wait for the list; the field and its options."""
    box = page.locator(f"#{field}")
    box.press_sequentially(words)
    options = page.locator(f"#{field}-liste [role=option]")
    options.first.wait_for()
    return box, options


def active(page: Page) -> str:
    """What the screen reader is told to be on: the text of the active option."""
    return page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent ?? ''"
    )


@pytest.mark.parametrize("where", FIELDS)
def test_list_opens_under_each_field_and_is_announced(visit, where):
    path, field = FIELDS[where]
    page = visit().go(path)
    box, options = suggest(page, "planois", field)
    expect(box).to_have_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-autocomplete", "list")
    expect(page.get_by_role("listbox", name="Suggestions")).to_have_id(box.get_attribute("aria-controls"))
    expect(options.first).to_have_text("Planoise Quartier prioritaire · Besançon")
    assert (
        page.locator("#suggestions-annonce[role=status]").text_content()
        == f"{options.count()} suggestions, flèches pour choisir."
    )
    expect(page.locator("[role=option][aria-selected]")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_open_list_has_no_fault_and_moves_nothing(visit, width, scheme):
    page = visit(width=width, scheme=scheme).go("/")
    before = page.locator("#parutions").bounding_box()
    suggest(page, "plan", "q-accueil")
    page.keyboard.press("ArrowDown")
    assert axe_faults(page) == []
    assert page.locator("#parutions").bounding_box() == before
    box = page.locator("#q-accueil-liste").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_arrows_home_and_end_go_through_the_list(visit):
    page = visit().go("/recherche/")
    _, options = suggest(page, "plan")
    texts = options.all_text_contents()
    assert len(texts) > 2
    met = []
    for key in ["ArrowDown", "ArrowDown", "ArrowUp", "End", "Home", "ArrowUp", "ArrowUp", "ArrowDown"]:
        page.keyboard.press(key)
        met.append(active(page))
    assert met == [texts[0], texts[1], texts[0], texts[-1], texts[0], "", texts[-1], ""]
    expect(page.locator("#q")).to_have_value("plan")


def test_home_and_end_move_in_the_text_until_a_suggestion_is_chosen(visit):
    page = visit().go("/recherche/")
    box, _ = suggest(page, "plan")
    page.keyboard.press("Home")
    assert active(page) == ""
    assert box.evaluate("(field) => field.selectionStart") == 0


def test_enter_opens_the_suggestion(visit):
    page = visit().go("/recherche/")
    suggest(page, "planois")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/territoires/QN02503M/")


def test_enter_without_a_choice_sends_the_words(visit):
    page = visit().go("/recherche/")
    suggest(page, "planois")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=planois")


def test_theme_leads_to_its_documents(visit):
    page = visit().go("/recherche/")
    suggest(page, "cantin")
    page.keyboard.press("ArrowDown")
    assert active(page) == "Restauration collective Thème"
    page.keyboard.press("Enter")
    page.wait_for_url("**/ressources/?theme=restauration-collective")


def test_escape_closes_then_arrow_opens_again(visit):
    page = visit().go("/recherche/")
    box, options = suggest(page, "planois")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("planois")
    assert active(page) == ""
    page.keyboard.press("ArrowDown")
    options.first.wait_for()


def test_leaving_the_field_closes(visit):
    page = visit().go("/recherche/")
    _, options = suggest(page, "planois")
    page.keyboard.press("Tab")
    expect(options.first).to_be_hidden()
    assert page.evaluate("document.activeElement.type") == "submit"


@pytest.mark.parametrize("finger", [False, True])
def test_mouse_and_finger_choose(visit, finger):
    page = visit(has_touch=finger).go("/recherche/")
    _, options = suggest(page, "planois")
    options.first.tap() if finger else options.first.click()
    page.wait_for_url("**/territoires/QN02503M/")


def test_menu_of_a_phone_keeps_open_around_its_list(visit):
    page = visit(width=360, height=800).go("/territoires/")
    page.get_by_role("button", name="Menu").click()
    _, options = suggest(page, "planois", "q-site")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(page.locator("#q-site")).to_be_visible()
    page.keyboard.press("ArrowDown")
    options.first.click()
    page.wait_for_url("**/territoires/QN02503M/")


def test_words_that_suggest_nothing_say_so(visit):
    page = visit().go("/recherche/")
    suggest(page, "plan")
    page.keyboard.type("xyz")
    expect(page.locator("#suggestions-annonce[role=status]")).to_have_text("Aucune suggestion.")
    expect(page.locator("#q-liste")).to_be_hidden()


def test_older_question_is_dropped(visit):
    page = visit().go("/recherche/")
    dropped: list[str] = []
    page.on("requestfailed", lambda request: dropped.append(request.url))
    page.route(re.compile("q=pla$"), lambda route: None)  # an answer that never comes
    with page.expect_request(re.compile("q=pla$")):
        page.locator("#q").press_sequentially("pla")
    suggest(page, "nois")
    assert [url.rpartition("=")[2] for url in dropped] == ["pla"]
    page.unroute_all(behavior="ignoreErrors")


def test_one_question_for_words_typed_at_once(visit):
    page = visit().go("/recherche/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "suggestions" in request.url else None)
    suggest(page, "planoise")
    assert len(asked) == 1


@pytest.mark.parametrize("trouble", ["offline", "lost", "error"])
def test_trouble_is_silent_and_the_form_still_sends(visit, trouble):
    visitor = visit()
    page = visitor.go("/recherche/")
    visitor.expected |= {0, 503}
    if trouble == "offline":
        visitor.context.set_offline(True)
    elif trouble == "lost":
        page.route("**/suggestions/*", lambda route: route.abort())
    else:
        page.route("**/suggestions/*", lambda route: route.fulfill(status=503))
    page.locator("#q").press_sequentially("planoise")
    page.wait_for_timeout(400)  # more than the pause before a question
    expect(page.locator("#q-liste")).to_be_hidden()
    visitor.context.set_offline(False)
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=planoise")


def test_search_of_territories_has_its_own_list(visit):
    page = visit().go("/territoires/")
    expect(page.locator("#q")).to_have_role("searchbox")
