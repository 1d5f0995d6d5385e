"""The faces of the list of documents when much is asked, when the index is away, when the address is strange."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import feedparser
import pytest

from tests.factories.documents import document
from trajectoire.core import search, spreadsheets
from trajectoire.core.faces import serving, slots

from .test_faces import URL, lines

pytestmark = pytest.mark.usefixtures("world")


class TestLarge:
    """Exports too large to be sent whole."""

    @pytest.fixture(autouse=True)
    def _pieces(self, shelves, monkeypatch):
        monkeypatch.setattr(serving, "SMALL", 1_000)
        monkeypatch.setattr(spreadsheets, "BATCH", 10)

    def test_it_is_streamed_whole(self, visitor):
        response = visitor.get(f"{URL}export.csv")
        assert response.streaming
        assert "Content-Length" not in response.headers
        assert len(list(csv.reader(io.StringIO(response.getvalue().decode()), delimiter=";"))) == 62

    def test_small_one_has_its_length(self, visitor, monkeypatch):
        monkeypatch.setattr(serving, "SMALL", 1_000_000)
        response = visitor.get(f"{URL}export.csv")
        assert not response.streaming
        assert int(response.headers["Content-Length"]) == len(response.content)

    def test_reader_who_takes_too_many_waits(self, visitor, browser):
        windows = [browser() for _ in range(slots.AT_ONCE_FOR_ONE)]
        assert [window.get(f"{URL}export.csv").streaming for window in windows] == [True, True]
        refused = visitor.get(f"{URL}export.ods")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "20")
        assert "Trop d’exports en même temps" in refused.content.decode()
        assert visitor.get(URL).status_code == visitor.get(f"{URL}flux.atom").status_code == 200
        assert visitor.head(f"{URL}export.ods").status_code == 200
        windows[0].end()  # goes away before the end of the file
        assert visitor.get(f"{URL}export.ods").status_code == 200

    def test_site_that_makes_too_many_says_so(self, visitor, browser):
        held = [browser().get(f"{URL}export.csv", REMOTE_ADDR=f"192.0.2.{n}") for n in range(slots.AT_ONCE)]
        refused = visitor.get(f"{URL}export.csv")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "20")
        assert len(held[0].getvalue()) > 1_000  # read to its end, it gives its slot back
        assert visitor.get(f"{URL}export.csv").status_code == 200

    def test_what_fails_early_is_a_page_and_gives_the_slot_back(self, visitor, monkeypatch):
        def full(*args):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(spreadsheets.tempfile, "TemporaryFile", full)
        for _ in range(slots.AT_ONCE + 1):
            refused = visitor.get(f"{URL}export.xlsx")
            assert refused.status_code == 503
            assert "Le site revient dans un instant" in refused.content.decode()


def test_without_index_faces_are_given_without_marks(visitor, settings):
    document("Une note")
    settings.SEARCH_INLINE_REBUILD = -1
    settings.SEARCH_INDEX_DIR = settings.SEARCH_INDEX_DIR.parent / "absent"
    search.engine.forget()
    response = visitor.get(f"{URL}export.json")
    assert response.json()["total"] == 1
    assert "Last-Modified" not in response.headers
    assert lines(visitor)[0]["Titre"] == "Une note"


def test_without_index_a_large_library_says_so(visitor, settings, monkeypatch):
    from trajectoire.core.search import database

    document("Une note")
    settings.SEARCH_INLINE_REBUILD = -1
    settings.SEARCH_INDEX_DIR = settings.SEARCH_INDEX_DIR.parent / "absent"
    search.engine.forget()
    monkeypatch.setattr(database, "ROW_LIMIT", 0)
    for name in ("flux.atom", "export.json", "export.csv", "export.xlsx"):
        assert visitor.get(URL + name).status_code == 503
    assert visitor.get(URL).status_code == 200


def test_strange_queries_break_nothing(visitor):
    document("Une note")
    for name in ("flux.atom", "export.json", "export.csv"):
        for query in ({"q": "\x01\ud7ff<&>"}, {"q": "a" * 5_000}, {"theme": "'; DROP"}, {"page": "1e9"}, {"q": '"' * 50}):
            response = visitor.get(URL + name, query)
            assert response.status_code == 200, (name, query)
            if name == "flux.atom":
                ElementTree.fromstring(response.content)
            if name == "export.json":
                json.loads(response.content)


def test_collection_and_document_lead_to_feeds(visitor):
    document("Lettre 1", "lettre-information", collection="lettre-information", number=1)
    document("Ailleurs")
    page = visitor.get("/ressources/collections/lettre-information/").content.decode()
    [address] = re.findall(
        r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)" title="Lettre d’information"', page
    )
    assert [entry.title for entry in feedparser.parse(visitor.get(address.replace("&amp;", "&")).content).entries] == ["Lettre 1"]
    assert "/ressources/export.ris?collection=lettre-information" in page
    assert 'class="faces"' not in visitor.get("/ressources/collections/cetavou/").content.decode()
    page = visitor.get("/ressources/lettre-1/").content.decode()
    [address] = re.findall(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', page)
    assert len(feedparser.parse(visitor.get(address).content).entries) == 2
