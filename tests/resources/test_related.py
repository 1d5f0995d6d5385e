"""« À lire aussi » says what two documents have in common, and never names one that may not be read."""

import pytest

from tests.factories.documents import document, many
from trajectoire.core import search

pytestmark = pytest.mark.usefixtures("world")


def related(client, made) -> dict[str, str]:
    return {entry["card"]["title"]: entry["reason"] for entry in client.get(made.get_absolute_url()).context["related"]}


@pytest.fixture
def crowd():
    """Documents that have nothing in common with those of the tests: what everybody has says nothing."""
    for number in range(6):
        document(f"Foule {number}", themes=["mobilites"], summary=f"Chose{number}.")


def test_reasons_name_what_is_shared(visitor, crowd):
    like = document(
        "Le jardin",
        themes=["restauration-collective"],
        territories=["QN02503M"],
        collection="cetavou",
        number=1,
        summary="Fleurs.",
    )
    document("Le potager", themes=["restauration-collective"], summary="Compost.")
    document("La tour", themes=["sante"], territories=["QN02503M"], summary="Ascenseur.")
    document("Le numéro deux", themes=["sante"], collection="cetavou", number=2, summary="Un journal.")
    document("Jardin de jardiniers", themes=["sante"], summary="Le jardin.")
    assert related(visitor, like) == {
        "Le potager": "même thème\u00a0: Restauration collective",
        "La tour": "même territoire\u00a0: Planoise",
        "Le numéro deux": "même collection\u00a0: CETAVOU",
        "Jardin de jardiniers": "sujet proche",
    }
    assert (
        '<p class="reason">même thème\u00a0: Restauration collective</p>' in visitor.get(like.get_absolute_url()).content.decode()
    )


def test_several_reasons_are_given_together(visitor, crowd):
    like = document("Le jardin", themes=["sante"], territories=["25056"], summary="Fleurs.")
    document("Le potager", themes=["sante"], territories=["QN02503M"], summary="Compost.")
    assert related(visitor, like) == {"Le potager": "même thème\u00a0: Santé, même territoire\u00a0: Besançon"}


def test_vocabulary_that_has_just_changed_breaks_nothing(visitor, crowd):
    from resources.related import reason

    gone = {"theme": ["parti"], "territory": ["99"], "collection": ["partie"]}
    assert reason(search.Hit("document", 1, "Titre", "/", reason="même thème", shared=gone)) == "sujet proche"


def test_reserved_documents_are_related_for_those_who_may_read_them(visitor, stranger, trainer, crowd):
    like = document("Le jardin", themes=["sante"], summary="Fleurs.")
    document("Le potager secret", themes=["sante"], access="formateurs", summary="Compost.")
    assert related(visitor, like) == related(stranger, like) == {}
    assert list(related(trainer, like)) == ["Le potager secret"]


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(visitor, django_assert_num_queries, count):
    like = document("Le jardin")
    many(count)
    search.rebuild()
    visitor.get(like.get_absolute_url())
    with django_assert_num_queries(13):
        visitor.get(like.get_absolute_url())
