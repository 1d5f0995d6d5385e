"""What every test stands on: empty folders and caches, people who read, templates and queries that tell their faults."""

import gc
import inspect
import random
import shutil
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.signals import request_finished
from django.db import close_old_connections
from django.db.models import QuerySet
from django.template import engines
from django.template.base import Node
from django.test import Client
from hypothesis import settings as hypothesis_settings

from tests.factories import accounts, vocabulary, vrl
from trajectoire.core.models import User
from trajectoire.core.roles import VRL
from trajectoire.core.search import engine

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = str(ROOT / "templates")
OURS = ("trajectoire", "network", "resources", "vrl")
# Our templates for allauth and the admin are filled by code that is not ours.
FILLED_BY_OTHERS = ("simple_history", "allauth", "account", "mfa", "admin")

# What is slow on a busy machine is not wrong.
hypothesis_settings.register_profile("site", deadline=None)
hypothesis_settings.load_profile("site")


def pytest_addoption(parser):
    parser.addoption("--only-database", action="store_true", help="leave out the tests that no database can change")


def pytest_collection_modifyitems(config, items):
    """A second database has nothing to say of a test that opens none: the first run showed it."""
    if config.getoption("--only-database"):
        items[:] = [item for item in items if opens_database(item)]


def pytest_collection_finish():
    """Thousands of tests and every module live as long as the run: the collector need not look at them again."""
    gc.collect()
    gc.freeze()


def opens_database(item: pytest.Item) -> bool:
    """pytest-django refuses the database to any other test."""
    return bool(item.get_closest_marker("django_db")) or not {"db", "transactional_db"}.isdisjoint(item.fixturenames)


class UnknownVariable(str):
    """What Django writes in the place of an unknown variable: in a template of ours, a failure."""

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __bool__(self) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        template = _template_being_drawn()
        if template and template.parts[0] not in FILLED_BY_OTHERS:
            pytest.fail(f"unknown variable {variable} in templates/{template}", pytrace=False)
        return ""


def _template_being_drawn() -> Path | None:
    """The template, relative to our folder, whose node asks for a variable; None when it is not ours."""
    frame = inspect.currentframe()
    while frame := frame and frame.f_back:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            name = str(node.origin.name)
            return Path(name).relative_to(TEMPLATES) if name.startswith(TEMPLATES) else None
    return None


@pytest.fixture(autouse=True)
def _refuse_unknown_variables():
    """Before each test: changing DEBUG makes Django forget its engines."""
    engines["django"].engine.string_if_invalid = UnknownVariable()


@pytest.fixture(autouse=True, scope="session")
def _shuffle_unordered_querysets():
    """Rows of a query without an order come in any order: no test may rely on the one they were written in."""
    fetch = QuerySet._fetch_all

    def shuffled(self):
        fresh = self._result_cache is None
        fetch(self)
        if fresh and not self.ordered and self.model.__module__.split(".")[0] in OURS:
            random.shuffle(self._result_cache)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "_fetch_all", shuffled)
        yield


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path_factory):
    """The index, the files and the uploads of this test alone."""
    folder = tmp_path_factory.mktemp("site")
    settings.SEARCH_INDEX_DIR = folder / "index"
    settings.MEDIA_ROOT = folder / "media"
    settings.CARDS_DIR = folder / "cards"
    settings.FILE_UPLOAD_TEMP_DIR = folder / "tmp"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    engine.forget()
    yield
    engine.forget()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _empty_caches():
    """What is remembered by version of the site would outlive the rollback of the version."""
    cache.clear()
    for remembered in _remembered_by_version(len(sys.modules)):
        remembered.cache_clear()


@lru_cache(maxsize=1)
def _remembered_by_version(loaded: int) -> list:
    """The functions whose first argument is a version, looked for again when other modules have been loaded."""
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] in OURS]
    functions = {id(thing): thing for module in modules for thing in vars(module).values() if hasattr(thing, "cache_clear")}
    keys = ("version", "change")
    return [f for f in functions.values() if next(iter(inspect.signature(f).parameters), "") in keys]


@pytest.fixture
def world(db):
    """A small vocabulary, and the pages of the site."""
    vocabulary.make()


@pytest.fixture
def concrete(world) -> Callable[[str], str]:
    """A function that gives a real address for the pattern of a route."""
    from tests.consistency.addresses import real_addresses

    return real_addresses()


class Reader(Client):
    """A browser that ends every answer it was given, as a server does: files left open are warnings, hence failures."""

    user: User | None = None

    def __init__(self, **options):
        super().__init__(**options)
        self.given = []

    def request(self, **request):
        response = super().request(**request)
        self.given.append(response)
        return response

    def end(self) -> None:
        request_finished.disconnect(close_old_connections)  # the test's transaction is over
        while self.given:
            self.given.pop().close()
        request_finished.connect(close_old_connections)


@pytest.fixture
def browser():
    """A function that opens a browser, logged in or not."""
    opened = []

    def open_one(user: User | None = None) -> Reader:
        client = Reader()
        if user:
            accounts.open_session(client, user)
            client.user = user
        opened.append(client)
        return client

    yield open_one
    for client in opened:
        client.end()


@pytest.fixture
def visitor(browser) -> Reader:
    return browser()


@pytest.fixture
def trainer(db, browser) -> Reader:
    return browser(vrl.trainer(departments=()).user)


@pytest.fixture
def stranger(db, browser) -> Reader:
    """Someone with an account and no role."""
    return browser(accounts.user())


@pytest.fixture
def former_trainer(db, browser) -> Reader:
    return browser(vrl.gone_trainer(departments=()).user)


@pytest.fixture
def stranger_trainer(db, browser) -> Reader:
    """A trainer with nothing to do with the session at hand."""
    return browser(vrl.trainer(departments=()).user)


@pytest.fixture
def paused_trainer(db, browser) -> Reader:
    """A trainer whose only habilitation is paused: she reads everything and leads nothing."""
    return browser(vrl.trainer(state="en-pause", departments=()).user)


@pytest.fixture
def coordinator(db, browser) -> Reader:
    """Staff whose role follows the plan."""
    return browser(accounts.in_role(VRL))


@pytest.fixture
def partner(db, browser) -> Reader:
    return browser(accounts.partner())


@pytest.fixture
def documentalist(db, browser) -> Reader:
    return browser(accounts.documentalist())


@pytest.fixture
def powerless(db, browser) -> Reader:
    """Staff without any permission."""
    return browser(accounts.powerless_staff())


@pytest.fixture
def administrator(db, browser) -> Reader:
    return browser(accounts.administrator())


@pytest.fixture
def deactivated(db, browser) -> Reader:
    """A trainer logged in whose account was closed afterwards."""
    client = browser(vrl.trainer(departments=()).user)
    client.user.is_active = False
    client.user.save()
    return client
