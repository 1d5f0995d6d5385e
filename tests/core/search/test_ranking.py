"""The order of a heavy answer: several queries one after the other, which share and forget no object."""

import pytest

from trajectoire.core import search
from trajectoire.core.search import ranking

from .conftest import KIND, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def heavy(monkeypatch):
    monkeypatch.setattr(ranking, "HEAVY", 3)
    monkeypatch.setattr(ranking, "FEW", 3)


def titles(text: str, **options) -> list[str]:
    return [hit.title for hit in search.query(search.Query(text, **options)).hits]


def test_words_in_the_title_come_first_then_in_what_the_object_says_of_itself_then_anywhere():
    write("Texte", body="le vélo dans le quartier")
    write("Pages", pages=[(1, 1, "le vélo dans le quartier")])
    write("Autre forme", summary="des cyclistes dans le quartier")
    write("Résumé", summary="le vélo loin de tout, mais du quartier")
    write("Ensemble", summary="un quartier à vélo, vélo, quartier")
    write("Vélo du quartier")
    search.set_synonyms(lambda: [("vélo", "cycliste")])
    found = titles("vélo quartier", strict=True)
    assert found[0] == "Vélo du quartier"
    assert set(found[1:3]) == {"Résumé", "Ensemble"}
    assert set(found[3:]) == {"Texte", "Pages", "Autre forme"}
    assert len(found) == 6


def test_words_standing_together_come_first_in_an_heavy_answer():
    write("Le vélo, puis tout autre chose, enfin le quartier")
    write("Avec le quartier, tout autre chose, enfin du vélo")
    write("Enfin tout autre chose, puis vélo quartier")
    write("Quartier", body="vélo")
    assert titles("vélo quartier")[0] == "Enfin tout autre chose, puis vélo quartier"


def test_pages_of_an_heavy_answer_follow_one_another():
    for number in range(4):
        write(f"Vélo {number}")
        write(f"Résumé {number}", summary="vélo")
        write(f"Texte {number}", body="vélo")
    pages = [titles("vélo", size=5, page=page) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [5, 5, 2, 0]
    shown = [title for page in pages for title in page]
    assert sorted(shown) == sorted(titles("vélo", size=50))
    assert [title.split()[0] for title in shown] == ["Vélo"] * 4 + ["Résumé"] * 4 + ["Texte"] * 4
    walk = search.every(search.Query("vélo"), offset=3, limit=6)
    whole = [hit.pk for hit in search.query(search.Query("vélo", size=50)).hits]
    assert [key.pk for batch in walk.batches for key in batch] == whole[3:9]


def test_an_heavy_answer_with_some_of_the_words_begins_with_the_objects_that_have_them_all():
    write("Texte", body="licorne, vélo et quartier")
    for number in range(4):
        write(f"Quartier du vélo {number}")
        write(f"Autre {number}", body="quartier du vélo")
    found = titles("licorne vélo quartier", size=50)
    assert found[0] == "Texte"
    assert {title.split()[0] for title in found[1:5]} == {"Quartier"}
    assert (len(found), len(set(found))) == (9, 9)


def test_filters_and_reserved_objects_count_in_an_heavy_answer():
    for number in range(5):
        write(f"Vélo {number}", facets={"theme": ["x" if number else "y"]})
    write("Vélo réservé", access="formateurs", facets={"theme": ["x"]})
    found = search.query(search.Query("vélo", filters={"theme": ["x"]}, facets=("theme", "kind")))
    assert sorted(hit.title for hit in found.hits) == ["Vélo 1", "Vélo 2", "Vélo 3", "Vélo 4"]
    assert (found.total, found.facets) == (4, {"theme": [("x", 4), ("y", 1)], "kind": [(KIND, 4)]})


def test_compounds_and_words_that_say_nothing_find_the_same_in_a_heavy_answer(monkeypatch):
    for number in range(4):
        write(f"Comment loger les mal-logés {number}")
        write(f"Mal répondre aux logés {number}", summary="mal-logés")
        write(f"Mal répondre à ceux qui sont logés {number}")
    for text in ("mal-logés", "comment faire pour les mal-logés", "mal-logés licorne"):
        heavy = search.query(search.Query(text, size=50))
        with monkeypatch.context() as patch:
            patch.setattr(ranking, "HEAVY", 10**9)
            light = search.query(search.Query(text, size=50))
        assert {hit.pk for hit in heavy.hits} == {hit.pk for hit in light.hits}, text
        assert len(heavy.hits) == heavy.total == light.total, text
