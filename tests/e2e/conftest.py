"""A real browser on the real site. Without Chromium these tests are left out, and the summary says so."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from .browsing import ARGUMENTS, Visitor
from .server import running_site

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
LEFT_OUT = "Les tests dans un navigateur n’ont pas été exécutés : il faudrait installer Chromium (paquet « chromium » de Debian)."


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if item.path.parent.name == "e2e"]
    for item in ours:
        item.add_marker(pytest.mark.e2e)
    if not CHROMIUM and ours:
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)


def pytest_terminal_summary(terminalreporter) -> None:
    if not CHROMIUM:
        terminalreporter.section("Navigateur")
        terminalreporter.line(LEFT_OUT)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the site; E2E_SITE gives one that already runs, filled by tests.e2e.content."""
    running = os.environ.get("E2E_SITE")
    with nullcontext(running) if running else running_site("tests.e2e.content") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        expect.set_options(timeout=10_000)  # as every other wait (browsing.py)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Visitor]]:
    """visit(width=320, scheme="dark", …): somebody with a browser; what the pages did wrong fails the test at its end."""
    visitors: list[Visitor] = []

    def arrive(**options) -> Visitor:
        visitors.append(Visitor(browser, site, **options))
        return visitors[-1]

    yield arrive
    faults = [fault for visitor in visitors for fault in visitor.leave()]
    assert not faults, "\n".join(faults)
