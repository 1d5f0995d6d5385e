"""Walking through whole answers: the same objects in the same order as page after page, without a last page."""

import shutil

import pytest

from tests.core.search.conftest import KIND, source, write
from trajectoire.core import search
from trajectoire.core.search import database, declarations, walking

pytestmark = pytest.mark.django_db


def walked(text: str = "", *, offset: int = 0, limit: int | None = None, **options) -> list[int]:
    walk = search.every(search.Query(text=text, **options), offset=offset, limit=limit)
    return [key.pk for batch in walk.batches for key in batch]


def paged(text: str = "", **options) -> list[int]:
    """The same answer, two objects a page."""
    results = [search.query(search.Query(text=text, page=page, size=2, **options)) for page in range(1, 8)]
    return [hit.pk for found in results for hit in found.hits]


@pytest.fixture
def notes():
    """Seven notes: dates and titles in different orders, one that the words do not find, one reserved."""
    days = ["2024-03-01", "2021-05-01", None, "2025-01-01", "2022-02-02", "2020-01-01"]
    for number, day in enumerate(days):
        facets = {"theme": ["pair" if number % 2 else "impair"]}
        write(f"Vélo {9 - number}", date=day, facets=facets, visible_from=f"2026-01-0{number + 1}T08:00:00+00:00")
    write("Train", date="2024-01-01")
    write("Vélo réservé", access="formateurs")


@pytest.mark.parametrize("text", ["", "vélo", "velos", "vélo train"])
@pytest.mark.parametrize("sort", ["pertinence", "date", "titre", "ajout"])
@pytest.mark.parametrize("filters", [{}, {"theme": ["pair"]}])
def test_walk_is_what_pages_show(notes, text, sort, filters):
    asked = {"sort": sort, "filters": filters}
    assert walked(text, **asked) == paged(text, **asked)
    assert len(walked(text, **asked)) >= 3


@pytest.mark.parametrize("limits", [(1, 1), (2, 3), (3, 2), (100, 100)])
def test_slices_and_batches_lose_nothing(notes, monkeypatch, limits):
    monkeypatch.setattr(walking, "SLICE", limits[0])
    monkeypatch.setattr(walking, "BATCH", limits[1])
    everything = paged(sort="titre")
    assert walked(sort="titre") == everything
    assert walked(sort="titre", offset=2, limit=3) == everything[2:5]
    assert walked(sort="titre", offset=5, limit=100) == everything[5:]
    assert walked(sort="titre", offset=100, limit=10) == []


def test_total_is_that_of_the_whole_answer(notes):
    assert search.every(search.Query(text="vélo"), offset=2, limit=1).total == 6
    assert search.every(search.Query(text="introuvable")).total == 0
    assert search.every(search.Query(text="vélo", access=frozenset({"public", "formateurs"}))).total == 7


def test_keys_of_several_kinds(notes, monkeypatch):
    monkeypatch.setitem(declarations._sources, "other", source("other"))
    search.rebuild()
    keys = [key for batch in search.every(search.Query(text="train", kinds=(KIND, "other"))).batches for key in batch]
    assert sorted(key.kind for key in keys) == [KIND, "other"]
    assert len({key.pk for key in keys}) == 1


def test_walk_keeps_the_state_it_began_on(notes, monkeypatch):
    monkeypatch.setattr(walking, "SLICE", 2)
    expected = walked(sort="date")
    batches = search.every(search.Query(sort="date")).batches
    seen = next(batches)
    write("Vélo nouveau", date="2026-01-01")
    assert search.query(search.Query(sort="date")).hits[0].title == "Vélo nouveau"
    assert [key.pk for batch in (seen, *batches) for key in batch] == expected


class TestWithoutIndex:
    @pytest.fixture(autouse=True)
    def _no_index(self, notes, settings, index):
        settings.SEARCH_INLINE_REBUILD = 0
        shutil.rmtree(index, ignore_errors=True)

    @pytest.mark.parametrize("sort", ["date", "titre", "ajout"])
    def test_the_database_gives_everything(self, sort):
        assert search.query(search.Query()).degraded
        assert walked("vélo", sort=sort) == paged("vélo", sort=sort)
        assert len(walked("vélo", sort=sort)) == 6
        assert walked("vélo", sort=sort, offset=1, limit=2) == paged("vélo", sort=sort)[1:3]

    def test_an_answer_that_would_be_cut_short_is_refused(self, monkeypatch):
        monkeypatch.setattr(database, "ROW_LIMIT", 7)
        with pytest.raises(search.Unavailable, match="trop grande"):
            walked("vélo")

    def test_no_mark(self):
        assert search.mark() is None


def test_mark_changes_with_what_may_be_found(notes):
    first = search.mark()
    assert first
    assert search.mark() == first
    write("Vélo nouveau")
    assert search.mark() != first


def test_mark_tells_that_changes_are_waiting(notes, monkeypatch):
    """While another process applies changes, an answer misses them: it must not pass for the next one."""
    from trajectoire.core.search import changes, storage

    first = search.mark()
    write("Vélo nouveau")
    with monkeypatch.context() as patch:

        def busy():
            raise storage.Busy("apply")

        patch.setattr(changes, "apply_changes", busy)
        waiting = search.mark()
    assert len({first, waiting, search.mark()}) == 3
