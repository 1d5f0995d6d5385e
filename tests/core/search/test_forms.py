"""Forms of one word, compounds, words put around the subject, the thesaurus, and what resembles the first found."""

import pytest

from trajectoire.core import search
from trajectoire.core.search import analysis, synonyms

from .conftest import write

pytestmark = pytest.mark.django_db


def ask(text: str, **options) -> search.Results:
    return search.query(search.Query(text, **options))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("isolés", "isolées"),
        ("isolées", "isolé"),
        ("dealers", "dealer"),
        ("sportif", "sportives"),
        ("formatrice", "formateurs"),
        ("publique", "public"),
        ("étranger", "étrangères"),
        ("nouveaux", "nouvelle"),
        ("mal logé", "mal-logés"),
        ("socioculturel", "socio-culturel"),
    ],
)
def test_plural_and_feminine_are_the_same_word(titles, typed, written):
    write(f"Titre : {written}")
    assert titles(typed) == [f"Titre : {written}"]


def test_forms_of_a_word_share_one_key():
    assert analysis.canonical("isolees") == analysis.canonical("isoles") == analysis.canonical("isole")


def test_short_words_have_no_other_form():
    assert analysis.inflections("rue")[0] == analysis.canonical("rue")
    assert analysis.numbers("rue") == ("rue",)
    assert analysis.numbers("bus") == ("bus",)
    assert analysis.numbers("quartiers") == ("quartiers", "quartier")


def test_the_word_that_was_typed_comes_before_one_of_the_same_stem(titles):
    write("Le Planois", jump="Commune")
    write("Planoise", jump="Quartier")
    write("Le Planois et ses alentours")
    assert titles("planoise")[0] == "Planoise"


def test_a_compound_stands_together(titles):
    write("Mal-logement et précarité")
    write("Le mal et le logement")
    assert titles("mal-logement", strict=True) == ["Mal-logement et précarité"]
    assert set(titles("mal logement", strict=True)) == {"Mal-logement et précarité", "Le mal et le logement"}


def test_a_compound_is_found_in_one_word_and_as_a_whole_when_words_may_miss(titles):
    write("Un centre socioculturel")
    write("Le socio et le culturel")
    assert titles("socio-culturel", strict=True) == ["Un centre socioculturel"]
    assert titles("socio-culturel licorne") == ["Un centre socioculturel"]


@pytest.mark.parametrize("text", ["comment faire pour trouver un jardin ?", "articles sur le jardin", "je cherche des jardins"])
def test_words_around_the_subject_are_not_compulsory(text):
    write("Un jardin")
    found = ask(text)
    assert ([hit.title for hit in found.hits], found.loose, found.corrected) == (["Un jardin"], False, None)


def test_words_around_the_subject_are_looked_for_when_there_is_nothing_else(titles):
    write("Savoir faire")
    write("Un jardin")
    assert titles("faire") == ["Savoir faire"]


def test_few_objects_bring_those_that_say_the_same_things():
    alike = {"summary": "compost, lombrics et paillage du potager"}
    for title in ("Bokashi", "Le bokashi au balcon"):
        write(title, **alike)
    write("Vers de terre", **alike)
    write("Compost seul", summary="compost")
    write("Caravelle", **alike, access="formateurs")
    found = ask("bokashi", facets=("kind",))
    assert [hit.title for hit in found.hits][2:] == ["Vers de terre"]
    assert (found.total, found.facets["kind"][0][1], found.loose) == (3, 3, False)
    assert ask("bokashi", strict=True).total == 2
    assert search.every(search.Query("bokashi")).total == 3


def test_one_object_alone_brings_nothing():
    write("Bokashi", summary="compost, lombrics et paillage du potager")
    write("Vers de terre", summary="compost, lombrics et paillage du potager")
    assert ask("bokashi").total == 1


def test_general_words_lead_to_particular_ones_and_not_back(titles):
    group = synonyms.OneWay(("fruit", "pomme", "poire"))
    known = synonyms.Synonyms([group])
    assert [phrase[0][1] for phrase in known.at(analysis.tokens("fruits"), 0)[1]] == ["pomm", "poir"]
    assert known.at(analysis.tokens("pommes"), 0) == (0, [])


def test_every_line_of_the_files_is_a_group():
    for file in synonyms.FILES:
        lines = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        assert all(" = " in line or " > " in line for line in lines), file
        terms = [term.strip() for line in lines for term in line.replace(" > ", " = ").split(" = ")]
        assert all(terms)
        assert all(analysis.tokens(term) for term in terms)


def test_terms_that_say_nothing_lead_nowhere():
    known = synonyms.Synonyms([("de la", "jardin", "potager")])
    assert known.at(analysis.tokens("jardin"), 0) == (1, [((0, "potag"),)])


def test_staff_comes_before_the_language():
    base = synonyms.Synonyms([("jardin", "parc")])
    known = synonyms.Synonyms([("jardin", "potager")], base)
    assert [phrase[0][1] for phrase in known.at(analysis.tokens("jardins"), 0)[1]] == ["potag", "parc"]
    assert set(known.words) == {"jardin", "parc", "potager"}
