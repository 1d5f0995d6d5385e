"""SEARCH_URL: what it may say, and how the site refuses to start with something else."""

import sys

import pytest
from django.core.checks import run_checks

from trajectoire.core import search
from trajectoire.core.search.opensearch import address, connection

WHOLE = "opensearch://site:mot%20d%C3%A9@recherche.example.fr:9201/notices-2?tls=1"


def test_everything_an_address_says():
    assert address.read(WHOLE) == address.Address("recherche.example.fr", 9201, "notices-2", True, "site", "mot dé")
    assert address.read("opensearch://localhost/index") == address.Address("localhost", 9200, "index")
    assert not address.read("opensearch://localhost/index?tls=0").tls


WRONG = [
    ("http://localhost/index", "opensearch://"),
    ("opensearch:///index", "nommer un serveur"),
    ("opensearch://localhost", "nommer l’index"),
    ("opensearch://localhost/Index", "en minuscules"),
    ("opensearch://localhost/a/b", "en minuscules"),
    ("opensearch://localhost/index?tls=oui", "tls=1"),
    ("opensearch://localhost/index?verify=0", "tls=1"),
    ("opensearch://localhost/index?tls", "illisible"),
    ("opensearch://localhost:port/index", "illisible"),
]


@pytest.mark.parametrize(("url", "said"), WRONG)
def test_a_wrong_address_is_refused_at_start_with_a_sentence(settings, url, said):
    settings.SEARCH_URL = url
    [error] = [one for one in run_checks() if one.id == "trajectoire.E006"]
    assert said in error.msg
    assert error.msg.endswith(".")


@pytest.mark.parametrize("url", ["", WHOLE])
def test_no_address_or_a_good_one_is_accepted(settings, url):
    settings.SEARCH_URL = url
    assert not [one for one in run_checks() if one.id in ("trajectoire.E006", "trajectoire.E007")]


@pytest.fixture
def no_package(settings, monkeypatch):
    settings.SEARCH_URL = WHOLE
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    connection._client.cache_clear()
    connection.forget()
    yield
    connection._client.cache_clear()


def test_without_the_package_the_site_refuses_to_start(no_package):
    [error] = [one for one in run_checks() if one.id == "trajectoire.E007"]
    assert "opensearch-py" in error.msg


@pytest.mark.django_db
def test_without_the_package_the_database_answers(no_package):
    assert search.query(search.Query("vélo")).degraded
    assert "opensearch-py" in search.health().message


@pytest.mark.django_db
def test_with_a_wrong_address_the_database_answers(settings):
    settings.SEARCH_URL = "opensearch://localhost"
    assert search.query(search.Query("vélo")).degraded
    assert "SEARCH_URL" in search.health().message
