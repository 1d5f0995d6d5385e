"""The French chain: what is written differently and means the same gives the same words."""

import pytest

from trajectoire.core.search import analysis


def stems(text: str) -> list[str]:
    return [token.stem for token in analysis.tokens(analysis.clean(text))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L’école", "ecole"),
        ("d'insertion", "INSERTION"),
        ("réussite e\u0301ducative", "REUSSITE EDUCATIVE"),
        ("cités éducatives", "cité éducative"),
        ("centre-ville", "centre ville"),
        ("rému\u00adné\u00adration", "rémunération"),
        ("N°\u00a021", "n°21"),
        ("Nº21", "n° 21"),
        ("cœur de ville", "coeur de ville"),
        ("<p>r&eacute;seau <b>de</b> villes</p>", "réseau de villes"),
        ("3ᵉ génération", "3e génération"),
        ("jusqu’aux\u202fhabitants !", "habitant"),
    ],
)
def test_words_are_the_same_however_they_are_written(one, other):
    assert stems(one) == stems(other) != []


def test_words_keep_their_place_so_that_phrases_hold():
    found = analysis.tokens("L'École de la République")
    assert [(token.stem, token.word, token.position) for token in found] == [("ecol", "ecole", 1), ("republ", "republique", 4)]
    assert "L'École de la République"[found[0].start : found[0].end] == "École"


def test_a_sign_that_only_looks_like_a_tag_stays_text():
    assert analysis.clean("moins de 5 < 10 & plus > 2") == "moins de 5 < 10 & plus > 2"


@pytest.mark.parametrize("length", [61, 5_000])
def test_endless_words_are_left_out(length):
    assert stems("a" * length + " quartier") == ["quarti"]


@pytest.mark.parametrize(("one", "other"), [("démolition", "démolir"), ("décrochage", "décrocheurs")])
def test_words_of_a_family_share_a_root(one, other):
    assert analysis.root(stems(one)[0]) == analysis.root(stems(other)[0])


def test_short_words_have_no_family():
    assert analysis.root("form") == "form"
