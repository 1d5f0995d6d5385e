"""When the server cannot be asked, the database answers, at once and with the notice; when it comes back, so does the index."""

import logging
import socket
import time

import pytest

from tests.core.search.conftest import KIND, write
from trajectoire.core import search
from trajectoire.core.search.opensearch import connection, engine

from .scoring import Refused
from .server import Server

pytestmark = pytest.mark.django_db
PUBLIC = frozenset({"public"})


@pytest.fixture(autouse=True)
def _asked_afresh():
    logging.getLogger("opensearch").setLevel("ERROR")  # it tells each refusal with a trace
    connection.forget()
    engine.forget()
    yield
    connection.forget()
    engine.forget()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_a_server_that_is_down_gives_way_to_the_database(settings, free_port):
    settings.SEARCH_URL = f"opensearch://127.0.0.1:{free_port}/index"
    note = write("Vélo", jump="Note")
    found = search.query(search.Query("vélo"))
    assert (found.degraded, [hit.title for hit in found.hits]) == (True, ["Vélo"])
    assert search.suggest("vél", PUBLIC) == search.similar(KIND, note.pk, PUBLIC) == []
    health = search.health()
    assert not health.ok
    assert "ne répond pas" in health.message
    with pytest.raises(search.Unavailable):
        search.rebuild()


def test_a_server_that_hangs_is_waited_for_once(settings, monkeypatch):
    monkeypatch.setattr(connection, "SECONDS", 0.05)
    connection._client.cache_clear()
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings.SEARCH_URL = f"opensearch://127.0.0.1:{deaf.getsockname()[1]}/index"
        assert search.query(search.Query("vélo")).degraded
        monkeypatch.setattr(connection, "_client", None)  # asking again would fail
        start = time.perf_counter()
        assert search.query(search.Query("vélo")).degraded
        assert time.perf_counter() - start < 0.5


def test_a_server_that_comes_back_is_asked_again_after_a_rest(settings, free_port, time_machine):
    settings.SEARCH_URL = f"opensearch://127.0.0.1:{free_port}/index"
    assert search.query(search.Query()).degraded
    with Server() as server:
        settings.SEARCH_URL = f"opensearch://127.0.0.1:{server.server_port}/index"
        assert search.query(search.Query()).degraded
        connection._silent_until[:] = [time.monotonic()]
        assert not search.query(search.Query()).degraded


def test_a_wrong_password_is_said_to_staff_only(settings):
    with Server("site:secret") as server:
        settings.SEARCH_URL = f"opensearch://site:wrong@127.0.0.1:{server.server_port}/index"
        assert search.query(search.Query()).degraded
        assert "refuse le compte" in search.health().message


def test_a_request_the_server_refuses_is_answered_by_the_database(settings, monkeypatch):
    def refused(*args):
        raise Refused(400, "parsing_exception")

    with Server() as server:
        settings.SEARCH_URL = f"opensearch://127.0.0.1:{server.server_port}/index"
        write("Vélo")
        assert not search.query(search.Query("vélo")).degraded
        monkeypatch.setattr(server, "post__search", refused)
        assert search.query(search.Query("vélo")).degraded
