"""Every form that anybody may send: a trap, an hour, a limit; and whatever is written in it, no error and nothing run."""

import pytest
from django.apps import apps
from django.core.cache import cache

from tests.hostile.forms import Form, forms_of
from tests.hostile.strings import MARK, NAUGHTY, ODD, SCRIPTS

from .addresses import addresses, line_of

pytestmark = pytest.mark.usefixtures("world")
# Sent by machines, which see no form: harvesters.
FOR_MACHINES = {"/oai"}
TRIES = 70


def open_forms() -> list[str]:
    """Patterns of what everybody may send, without a link received by mail."""
    found = []
    for pattern in addresses():
        line = line_of(pattern)
        open_to_all = line and line.who == "everyone" and "POST" in line.methods and "token" not in pattern
        if open_to_all and not pattern.startswith(("/compte/", "/admin/")) and pattern not in FOR_MACHINES:
            found.append(pattern)
    return found


@pytest.fixture
def pages(visitor, concrete) -> dict[str, Form]:
    """{address: its form}."""
    found = {}
    for pattern in open_forms():
        url = concrete(pattern)
        [form] = forms_of(visitor.get(url).content.decode())
        if not form.is_guarded:  # in two steps: the first one writes nothing
            before = rows()
            [form] = [one for one in forms_of(visitor.post(url, form.filled("un texte")).content.decode()) if one.is_guarded]
            assert rows() == before
        found[url] = form
    return found


def rows() -> int:
    return sum(model._base_manager.count() for model in apps.get_models() if model._meta.managed and not model._meta.proxy)


def test_each_has_a_trap_and_an_hour(pages):
    assert len(pages) >= 10
    assert [url for url, form in pages.items() if not form.is_guarded] == []


def test_robot_that_fills_the_trap_writes_nothing_and_is_not_told(visitor, pages):
    before = rows()
    for url, form in pages.items():
        answer = visitor.post(url, form.filled("un texte") | {"website": "https://spam.example"})
        assert answer.status_code in (200, 302), url
        assert rows() == before, url


def test_form_sent_at_once_writes_nothing(visitor, pages):
    before = rows()
    for url, form in pages.items():
        assert visitor.post(url, form.filled("un texte") | {"shown_at": ""}).status_code == 400, url
        assert rows() == before, url


def test_each_stops_who_sends_it_again_and_again(visitor, pages):
    for url in pages:
        cache.clear()
        statuses = [visitor.post(url, {}).status_code]
        while statuses[-1] != 429 and len(statuses) < TRIES:
            statuses.append(visitor.post(url, {}).status_code)
        assert statuses[-1] == 429, url


def test_naughty_strings_are_stored_or_refused_and_never_run(browser, pages):
    client = browser()
    client.raise_request_exception = False
    for url, form in pages.items():
        for text in NAUGHTY if url == "/contact/" else [*SCRIPTS[:3], *ODD]:
            cache.clear()
            response = client.post(url, form.filled(text))
            assert response.status_code < 500, (url, text)
            html = response.content.decode()
            assert text not in SCRIPTS or MARK not in html or text not in html, (url, text)


def test_scripts_in_an_address_are_never_given_back(visitor, world):
    for url in ("/recherche/", "/ressources/", "/reseau/", "/agenda/", "/territoires/", "/panier/"):
        for text in SCRIPTS:
            response = visitor.get(url, {"q": text, "page": text, "liste": text, "tri": text})
            assert response.status_code in (200, 404), (url, text)
            assert text not in response.content.decode(), (url, text)
