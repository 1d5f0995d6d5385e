"""When nothing has all the words: what to try instead, and the same work whoever asks."""

import pytest

from tests.factories.documents import document, many
from trajectoire.core import search

pytestmark = pytest.mark.usefixtures("world")
URL = "/recherche/"


def choices(client, q: str, **query) -> list[tuple[str, str, int]]:
    """(words, address, count) of each wider question."""
    context = client.get(URL, {"q": q, **query}).context
    shown = context["empty"]["wider"] if context["empty"] else context["wider"]
    return [(choice["label"], choice["url"], choice.get("count", 0)) for choice in shown]


@pytest.fixture
def shelf():
    document("Le vélo")
    document("Le vélo des habitantes")
    document("Le tricot des habitantes")
    document("Le tricot des habitantes encore")


def test_words_are_proposed_without_the_rarest_then_alone(visitor, shelf):
    context = visitor.get(URL, {"q": "vélo tricot habitantes"}).context
    assert context["loose"]
    assert [choice[:2] for choice in choices(visitor, "vélo tricot habitantes")] == [
        ("Chercher «\u00a0tricot habitantes\u00a0»", "/recherche/?q=tricot+habitantes"),
        ("Chercher «\u00a0vélo\u00a0»", "/recherche/?q=v%C3%A9lo"),
        ("Chercher «\u00a0tricot\u00a0»", "/recherche/?q=tricot"),
        ("Chercher «\u00a0habitantes\u00a0»", "/recherche/?q=habitantes"),
    ]


def test_each_count_is_what_its_page_shows(visitor, shelf):
    for q in ("vélo tricot habitantes", "vélo licorne", '"habitantes vélo" tricot', "vélo annee:1999"):
        for label, url, count in choices(visitor, q):
            if count:
                assert visitor.get(url).context["total"] == count, (q, label)


def test_unknown_words_are_left_out(visitor, shelf):
    assert [label for label, _, _ in choices(visitor, "vélo licorne habitantes")] == [
        "Chercher «\u00a0vélo habitantes\u00a0»",
        "Chercher «\u00a0vélo\u00a0»",
        "Chercher «\u00a0habitantes\u00a0»",
    ]


def test_what_restricts_is_taken_off(visitor, shelf):
    found = choices(visitor, '"habitantes vélo" annee:1999')
    assert found[0] == ("Chercher «\u00a0habitantes vélo\u00a0»", "/recherche/?q=habitantes+v%C3%A9lo", 4)
    assert found[-1][1] == "/ressources/"


def test_theme_that_the_words_name_is_proposed_with_the_wider_one(visitor):
    found = choices(visitor, '"restauration collective" annee:1999')
    assert ("Parcourir le thème «\u00a0Restauration collective\u00a0»", "/ressources/?theme=restauration-collective", 0) in found
    assert (
        "Parcourir le thème «\u00a0Citoyenneté, valeurs de la République, laïcité\u00a0»",
        "/ressources/?theme=laicite",
        0,
    ) in found


def test_other_kinds_are_proposed_when_the_chosen_one_has_nothing(visitor, shelf):
    found = choices(visitor, "tricot", genre="territoires")
    assert found[0][:2] == ("Voir les autres genres de résultats", "/recherche/?q=tricot")
    assert visitor.get("/recherche/", {"q": "tricot"}).context["total"] == found[0][2]


@pytest.mark.parametrize("q", ["???", "annee:1999", "xylophone", "auteur:personne"])
def test_nothing_at_all_still_shows_a_way(visitor, q):
    response = visitor.get(URL, {"q": q})
    assert response.context["total"] == 0
    assert [url for _, url, _ in choices(visitor, q)][-1] == "/ressources/"
    text = response.content.decode()
    assert "Aucun résultat pour «\u00a0" in text
    assert "/alertes/nouvelle/?liste=documents&amp;q=" in text
    assert '<a href="/contact/">Écrivez-nous</a>' in text


def test_without_an_index_nothing_wider_is_counted(visitor, settings):
    settings.SEARCH_INLINE_REBUILD = -1
    assert [label for label, _, _ in choices(visitor, "vélo licorne")] == ["Voir toutes les ressources"]


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_an_empty_answer(visitor, django_assert_num_queries, count):
    many(count)
    search.rebuild()
    visitor.get(URL, {"q": "xylophone licorne"})
    with django_assert_num_queries(5):
        visitor.get(URL, {"q": "xylophone licorne"})


def test_correction_that_finds_nothing_is_not_said(visitor, shelf):
    response = visitor.get(URL, {"q": "habitanttes annee:1999"})
    assert (response.context["total"], response.context["corrected"]) == (0, None)
    assert visitor.get("/ressources/", {"q": "habitanttes annee:1999"}).context["corrected"] is None
    assert visitor.get(URL, {"q": "habitanttes"}).context["corrected"]["text"] == "habitantes"
