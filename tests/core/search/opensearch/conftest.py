"""The same door on a server: the small one of server.py or, where OPENSEARCH_TEST_URL names one, a real one."""

import os
import uuid

import pytest

from tests.core.search.conftest import KIND, index, source, titles, write  # noqa: F401
from trajectoire.core.search.opensearch import connection, engine

from .server import Server

REAL = os.environ.get("OPENSEARCH_TEST_URL", "")


@pytest.fixture(scope="session")
def small():
    with Server("site:secret é") as server:
        yield server


@pytest.fixture(params=["small", "real"])
def server(request, settings, index):  # noqa: F811
    """An index of its own for this test; the small server, or None for a real one."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    if request.param == "real":
        if not REAL:
            pytest.skip("OPENSEARCH_TEST_URL names no OpenSearch server to test against")
        given = None
        settings.SEARCH_URL = REAL.replace("{index}", name)
    else:
        given = request.getfixturevalue("small")
        settings.SEARCH_URL = f"opensearch://site:secret%20%C3%A9@127.0.0.1:{given.server_port}/{name}"
        given.requests.clear()
    connection.forget()
    engine.forget()
    yield given
    connection.forget()
    alias = connection.address().index
    for generation in connection.call(lambda client: client.indices.get_alias(index=f"{alias}-*")):
        engine.discard(generation)
    engine.forget()
