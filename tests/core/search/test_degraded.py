"""Without an index, the database answers with the same filters and the same doors."""

from datetime import timedelta

import pytest
from django.utils import timezone

from trajectoire.core import search
from trajectoire.core.models import Page
from trajectoire.core.search import database, declarations

from .conftest import KIND, source, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_index(settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "file"
    settings.SEARCH_INDEX_DIR.write_text("not a folder")


def ask(text="", **options) -> search.Results:
    found = search.query(search.Query(text, **options))
    assert found.degraded
    return found


def titles(text="", **options) -> list[str]:
    return [hit.title for hit in ask(text, **options).hits]


def test_words_and_operators():
    write("Réussite éducative", names="Insee", date="2021-02-03", places_text="Dijon")
    write("Réussite sportive", names="Dares", date="2019-02-03", places_text="Nevers")
    assert titles("reussite EDUCATIVE") == ["Réussite éducative"]
    for text in (
        "réussite auteur:insee",
        "annee:2020..",
        "territoire:dijon réussite",
        "réussite -sportive",
        '"réussite éducative"',
    ):
        assert titles(text) == ["Réussite éducative"], text
    assert titles("de la") == []


def test_filters_counts_and_orders():
    write("B", facets={"theme": ["x", "y"]}, date="2020-01-01")
    write("É", facets={"theme": ["y"]}, date="2021-01-01")
    write("Z", facets={"theme": ["z"]})
    found = ask(filters={"theme": ["x", "z"]}, facets=("theme", "kind"), sort="titre")
    assert ([hit.title for hit in found.hits], found.total) == (["B", "Z"], 2)
    assert found.facets == {"theme": [("y", 2), ("x", 1), ("z", 1)], "kind": [(KIND, 2)]}
    assert titles(sort="date") == ["É", "B", "Z"]
    assert titles(size=1, page=2) == ["B"]


def test_reserved_scheduled_and_draft_objects_stay_hidden():
    write("Vélo", access="formateurs")
    write("Vélo", visible_from=timezone.now() + timedelta(days=1))
    write("Vélo", lead="brouillon")
    write("Vélo public", visible_from=timezone.now() - timedelta(days=1))
    assert titles("vélo") == ["Vélo public"]


def test_only_what_became_visible_after_a_moment():
    moment = timezone.now() - timedelta(days=1)
    write("Vélo d’avant", visible_from=moment)
    write("Vélo d’après", visible_from=moment + timedelta(microseconds=1))
    write("Vélo sans date")
    assert titles("vélo", published_after=moment) == ["Vélo d’après"]


def test_the_search_of_the_source_is_used_when_it_has_one(monkeypatch):
    asked = []

    def plainly(text, access):
        asked.append((text, access))
        return Page.objects.filter(title__contains="Vélo")

    monkeypatch.setitem(declarations._sources, KIND, source(database_search=plainly))
    write("Vélo de l’école")
    write("Tricot")
    assert titles("l’École") == ["Vélo de l’école"]
    assert asked == [("École", frozenset({"public"}))]
    assert len(titles()) == 2


def test_rows_read_are_bounded(monkeypatch):
    monkeypatch.setattr(database, "ROW_LIMIT", 2)
    for number in range(4):
        write(f"Vélo {number}")
    assert ask().total == 2


def test_excerpt_is_the_beginning_of_the_abstract():
    write("A", summary="<b>Court</b> & vrai")
    write("B", summary="long " * 100)
    long, short = ask().hits
    assert short.excerpt.strip() == "Court & vrai".replace("&", "&amp;")
    assert long.excerpt.endswith("long…")
