"""Operators, and what looks like one without being one."""

import pytest

from trajectoire.core.search.parsing import LONGEST_TEXT, MOST_WORDS, parse


def test_operators_are_taken_apart():
    asked = parse('laïcité "espace public" -crèche auteur:Insee annee:2020..2023 territoire:Dijon')
    assert asked.words.split() == ["laïcité"]
    assert (asked.phrases, asked.excluded, asked.authors, asked.places) == (["espace public"], ["crèche"], ["Insee"], ["Dijon"])
    assert asked.years == (2020, 2023)
    assert asked.restricted


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("année:2021", (2021, 2021)),
        ("annee:2019..", (2019, 9999)),
        ("ANNEE: ..2015", (1, 2015)),
        ("annee:2023..2020", (2020, 2023)),
    ],
)
def test_years_are_inclusive_and_may_be_open(text, years):
    assert parse(text).years == years


@pytest.mark.parametrize("text", ["«\u00a0pouvoir d’agir\u00a0»", "“pouvoir d’agir”", '"pouvoir d’agir"'])
def test_every_kind_of_quotes_makes_a_phrase(text):
    assert [phrase.strip() for phrase in parse(text).phrases] == ["pouvoir d’agir"]


@pytest.mark.parametrize(
    "text",
    ['santé auteur:"Jean Petit" territoire:«\u00a0Grand Dijon\u00a0»', "auteur: “Jean Petit” territoire:«Grand Dijon» santé"],
)
def test_names_of_several_words_are_quoted(text):
    asked = parse(text)
    assert (asked.words.strip(), asked.authors, asked.places, asked.phrases) == ("santé", ["Jean Petit"], ["Grand Dijon"], [])


def test_a_quoted_phrase_may_be_excluded():
    assert parse('laïcité -"service public"').excluded == ["service public"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('habitat "ouvert', 'habitat "ouvert'),
        ("aller-vers", "aller-vers"),
        ("- habitat", "- habitat"),
        ("habitat -de", "habitat -de"),
        ("annee:bientôt habitat", "annee bientôt habitat"),
        ("auteur:de habitat", " de  habitat"),
        ('"de la" habitat', " de la  habitat"),
        ("note: habitat", "note: habitat"),
    ],
)
def test_anything_malformed_is_plain_words(text, words):
    asked = parse(text)
    assert asked.words.split() == words.split()
    assert not asked.restricted


def test_endless_texts_are_cut():
    assert len(parse("x" * 100_000).words) <= LONGEST_TEXT
    assert len(parse("ville rue " * 40).words.split()) == MOST_WORDS
