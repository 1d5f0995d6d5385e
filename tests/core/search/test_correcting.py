"""Typing errors: an apostrophe left out, two words in one, words written by ear; and what is better left as typed."""

import pytest

from trajectoire.core import search
from trajectoire.core.search.sounding import sound

from .conftest import write

pytestmark = pytest.mark.django_db


def corrected(text: str) -> str | None:
    return search.query(search.Query(text)).corrected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lecole", "l’école"),
        ("lecolle", "l’école"),
        ("clauses dinsertion", "clauses d’insertion"),
        ("qualifiquinsertion", None),
        ("scolère", "scolaire"),
        ("santemantale", None),
        ("santémentale", "santé mentale"),
        ("bienêtre", "bien être"),
        ("desanté", None),
        ("scxlxxre", None),
    ],
)
def test_word_is_taken_apart_or_heard_before_it_is_left_alone(typed, meant):
    write("L’école et la clause d’insertion", summary="Milieu scolaire, santé mentale et bien-être des enfants.")
    assert corrected(typed) == meant


def test_parts_that_never_stand_together_are_not_two_words():
    write("Santé")
    write("Mentale")
    assert corrected("santémentale") is None


def test_words_around_the_subject_are_never_corrected():
    write("La clause et le logement")
    assert corrected("cause logements") is None


def test_two_words_in_one_that_only_reserved_objects_hold_stay_unknown():
    write("Caravelle marine", access="formateurs")
    assert corrected("caravellemarine") is None
    assert corrected("lacaravelle") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("scolère", "scolaire"),
        ("filosofie", "philosophie"),
        ("planoize", "planoise"),
        ("bato", "bateau"),
        ("atension", "attention"),
    ],
)
def test_words_said_alike_sound_alike(one, other):
    assert sound(one.replace("è", "e")) == sound(other)


def test_other_words_do_not():
    assert sound("ecole") != sound("ecume")
