"""What a page weighs, and whom it calls: nobody else, and no cookie."""

from pathlib import Path

import brotli
import pytest
from playwright.sync_api import expect

from .addresses import READER
from .server import ROOT

LIST_LIMIT = 14_000  # bytes of HTML and CSS, compressed
FONT_LIMIT = 40_000  # bytes of one font
FONTS = Path(ROOT, "static", "fonts")


def test_list_page_is_light(visit):
    visitor = visit()
    bodies: dict[str, bytes] = {}
    wanted = ("document", "stylesheet")
    visitor.page.on(
        "response", lambda answer: answer.request.resource_type in wanted and bodies.update({answer.url: answer.body()})
    )
    page = visitor.go("/ressources/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#resultats .row")).to_have_count(20)
    expect(page.locator("#facettes > details")).to_have_count(6)
    assert len(bodies) == 2
    weights = {url: len(brotli.compress(body)) for url, body in bodies.items()}
    assert sum(weights.values()) <= LIST_LIMIT, weights


@pytest.mark.parametrize("font", sorted(path.name for path in FONTS.glob("*.woff2")))
def test_font_is_light(font):
    assert (FONTS / font).stat().st_size < FONT_LIMIT


@pytest.mark.parametrize("name", [name for name, (_, status) in READER.items() if status == 200][::5])
def test_reader_gets_no_cookie_and_nothing_from_elsewhere(visit, name):
    visitor = visit()
    asked: list[str] = []
    visitor.context.on("request", lambda request: asked.append(request.url))
    visitor.go(READER[name][0]).wait_for_load_state("networkidle")
    assert asked
    assert all(url.startswith((visitor.site, "data:")) for url in asked)
    assert visitor.context.cookies() == []
    assert visitor.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_watch_sees_a_cookie_a_foreign_request_and_an_error(browser, site):
    """The watch that every visit relies on does find faults."""
    from .browsing import Visitor

    visitor = Visitor(browser, site, bypass_csp=True)
    page = visitor.go("/")
    elsewhere = site.replace("127.0.0.1", "localhost")
    page.evaluate("document.cookie = 'trace=1'")
    page.evaluate("(host) => fetch(host + '/healthz').catch(() => 0)", elsewhere)
    page.evaluate("() => { const image = new Image(); image.src = '/absente.png'; document.body.append(image); }")
    page.evaluate("() => setTimeout(() => { throw new Error('essai'); })")
    page.wait_for_timeout(500)
    faults = "\n".join(visitor.leave())
    for expected in ("cookie kept: trace", f"another host, {elsewhere}", "answered 404", "script error", "error in the console"):
        assert expected in faults, expected
