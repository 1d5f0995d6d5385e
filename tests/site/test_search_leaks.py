"""Whoever may not read a document learns nothing of it from the search: a word that only it holds is a word that nobody holds."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import GlossaryEntry
from resources.models import Document
from tests.factories.documents import document, file, pages, tomorrow
from trajectoire.core import search

pytestmark = pytest.mark.usefixtures("world")
SECRET, NOBODY = "zibelines", "kangourou"  # of two families, of the same length
STATES = {
    "reserved": {"access": Document.Access.TRAINERS},
    "scheduled": {"publish_at": None},
    "draft": {"status": Document.Status.DRAFT},
    "withdrawn": {"status": Document.Status.WITHDRAWN},
}


def hide(state: str) -> Document:
    """A document that says the secret everywhere."""
    fields = STATES[state] | ({"publish_at": tomorrow()} if state == "scheduled" else {})
    words = {"summary": f"Les {SECRET} du quartier, avec du tricot.", "themes": ["sante"]}
    made = document(f"{SECRET.capitalize()} et quartier", **words, **fields)
    pages(file(made), f"Des {SECRET}, des {SECRET}", f"Encore des {SECRET}")
    return made


def show_others() -> None:
    for number in range(3):
        document(f"Le tricot {number}", themes=["sante"], summary="Le tricot des habitantes.")


@pytest.fixture(params=STATES)
def hidden(request) -> Document:
    """A hidden document among public ones."""
    show_others()
    made = hide(request.param)
    search.rebuild()
    return made


@pytest.fixture
def all_hidden() -> None:
    """One of each, at once: whichever is told of is seen."""
    show_others()
    for state in STATES:
        hide(state)
    search.rebuild()


def shown(client, address: str, word: str, **query) -> str:
    """The answer, the word typed taken out, with the number of questions that the database was asked."""
    asked = {"q": word, **query}
    with CaptureQueriesContext(connection) as queries:
        text = client.get(address, asked).content.decode()
    text = re.sub(r'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return f"{len(queries)} {text.replace(word, 'MOT').replace(word[:-1], 'MO')}"


ADDRESSES = ["/recherche/", "/ressources/", "/recherche/suggestions/", "/reseau/", "/territoires/"]


@pytest.mark.parametrize("actor", ["visitor", "stranger"])
def test_hidden_word_is_answered_as_a_word_that_nobody_holds(request, all_hidden, actor):
    client = request.getfixturevalue(actor)
    for address in ADDRESSES:
        client.get(address, {"q": "tricot"})  # what every answer keeps: the vocabulary, the version
        for typed in ("{}", '"{}"', "{} annee:2020..2030", "{} tricot", "-{} tricot", "auteur:{} tricot"):
            told = shown(client, address, SECRET, q=typed.format(SECRET))
            assert told == shown(client, address, NOBODY, q=typed.format(NOBODY)), (address, typed)
        for more in ({"exact": "1"}, {"genre": "ressources"}, {"theme": "sante"}, {"page": "2"}):
            assert shown(client, address, SECRET, **more) == shown(client, address, NOBODY, **more), (address, more)


@pytest.mark.parametrize("actor", ["visitor", "stranger"])
def test_misspelt_hidden_word_is_corrected_for_nobody(request, all_hidden, actor):
    client = request.getfixturevalue(actor)
    assert client.get("/recherche/", {"q": SECRET.replace("l", "")}).context["corrected"] is None
    assert shown(client, "/recherche/", SECRET.replace("l", "")) == shown(client, "/recherche/", NOBODY[:-1])


def test_wider_questions_count_what_may_be_read(visitor, trainer, hidden):
    def counts(client) -> list[tuple[str, int]]:
        context = client.get("/recherche/", {"q": "tricot quartier licorne"}).context
        return [(choice["label"].split("\u00a0")[1], choice["count"]) for choice in context["wider"]]

    assert counts(visitor) == [("tricot", 3)]
    reads = hidden.access == Document.Access.TRAINERS
    assert counts(trainer) == ([("tricot quartier", 4), ("tricot", 4), ("quartier", 1)] if reads else counts(visitor))


def test_trainer_finds_counts_suggestions_pages_and_corrections(trainer, hidden):
    """The same questions do find it for whom it is: the other tests look at something."""
    reads = hidden.access == Document.Access.TRAINERS
    context = trainer.get("/recherche/", {"q": SECRET}).context
    assert context["total"] == reads
    suggestions = trainer.get("/recherche/suggestions/", {"q": SECRET[:5]}).json()["suggestions"]
    assert [one["label"] for one in suggestions] == [hidden.title] * reads
    assert bool(trainer.get("/recherche/", {"q": SECRET.replace("l", "")}).context["corrected"]) == reads
    cards = [card for group in context["groups"] for card in group["cards"]]
    assert [len(card["pages"]) for card in cards] == [2] * reads


def test_synonym_of_a_hidden_word_tells_nothing(visitor, all_hidden):
    GlossaryEntry.objects.create(abbreviation="ZIB", expansion=SECRET)
    GlossaryEntry.objects.create(abbreviation="KGR", expansion=NOBODY)
    visitor.get("/recherche/", {"q": "tricot"})
    assert shown(visitor, "/recherche/", "ZIB") == shown(visitor, "/recherche/", "KGR")
