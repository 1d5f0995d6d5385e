"""The list of documents: filters, counts, sentence, order, pages."""

import pytest

from tests.factories.documents import document

pytestmark = pytest.mark.usefixtures("world")
URL = "/ressources/"


def titles(client, **query) -> list[str]:
    return [card["title"] for card in client.get(URL, query).context["cards"]]


def test_list_shows_published_documents(visitor):
    document("Une synthèse")
    assert titles(visitor) == ["Une synthèse"]
