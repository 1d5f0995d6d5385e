"""The list of documents: filters, counts, the sentence, order, pages, what a query costs."""

import datetime
import re

import pytest
from django.utils.html import strip_tags

from tests.factories.documents import document, many
from trajectoire.core import search
from trajectoire.core.listing import PAGE_SIZE
from trajectoire.core.text import NBSP, NNBSP

pytestmark = pytest.mark.usefixtures("world")
URL = "/ressources/"


def titles(client, **query) -> list[str]:
    return [card["title"] for card in client.get(URL, query).context["cards"]]


def facet(client, name: str, **query) -> dict[str, int]:
    """What a group shows: the count of each value, children included."""
    groups = {group["name"]: group["values"] for group in client.get(URL, query).context["facets"]}
    return {v["value"]: v["count"] for value in groups.get(name, []) for v in [value, *value["children"]]}


def sentence(client, **query) -> str:
    return strip_tags(client.get(URL, query).context["sentence"])


@pytest.fixture
def shelf():
    """Six documents that differ by every group."""
    document("Dijon lit", "synthese", ["education"], ["21231"], ["elus"], date=datetime.date(2024, 5, 1))
    document("Planoise lit", "synthese", ["education", "sante"], ["QN02503M"], ["associations"], date=datetime.date(2023, 5, 1))
    document("Planoise mange", "fiche-experience", ["restauration-collective"], ["QN02503M"], date=datetime.date(2022, 5, 1))
    document("Besançon roule", "note", ["mobilites"], ["25056"], ["elus", "associations"], date=datetime.date(2024, 2, 1))
    document("Partout la laïcité", "guide", ["laicite"], ["27"], ["grand-public"], date=None)
    document("Lettre 1", "lettre-information", ["sante"], [], collection="lettre-information", number=1)


def test_list_shows_published_documents(visitor):
    document("Une synthèse")
    assert titles(visitor) == ["Une synthèse"]


def test_values_of_one_group_are_alternatives(visitor, shelf):
    assert set(titles(visitor, theme=["education", "mobilites"])) == {"Dijon lit", "Planoise lit", "Besançon roule"}


def test_groups_add_up(visitor, shelf):
    assert titles(visitor, theme=["education", "mobilites"], public="elus", annee="2024", type="note") == ["Besançon roule"]


def test_theme_includes_its_children(visitor, shelf):
    assert set(titles(visitor, theme="laicite")) == {"Partout la laïcité", "Planoise mange"}
    assert titles(visitor, theme="restauration-collective") == ["Planoise mange"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("QN02503M", {"Planoise lit", "Planoise mange"}),
        ("25056", {"Planoise lit", "Planoise mange", "Besançon roule"}),
        ("242500361", {"Planoise lit", "Planoise mange", "Besançon roule"}),
        ("25", {"Planoise lit", "Planoise mange", "Besançon roule"}),
        ("21", {"Dijon lit"}),
        ("27", {"Dijon lit", "Planoise lit", "Planoise mange", "Besançon roule", "Partout la laïcité"}),
    ],
)
def test_territory_includes_what_it_contains(visitor, shelf, code, expected):
    assert set(titles(visitor, territoire=code)) == expected


def test_collection_and_year_filter(visitor, shelf):
    assert titles(visitor, collection="lettre-information") == ["Lettre 1"]
    assert set(titles(visitor, annee="2024")) == {"Dijon lit", "Besançon roule", "Lettre 1"}


@pytest.mark.parametrize("chosen", [{}, {"theme": "education"}, {"territoire": "25", "type": "synthese"}, {"q": "lit"}])
def test_each_count_is_what_ticking_gives(visitor, shelf, chosen):
    compared = 0
    for name in ("type", "theme", "territoire", "public", "annee", "collection"):
        for value, count in facet(visitor, name, **chosen).items():
            if value != chosen.get(name):
                assert visitor.get(URL, chosen | {name: value}).context["total"] == count, (name, value)
                compared += 1
    assert compared >= 5


def test_children_of_a_value_show_once_it_is_chosen(visitor, shelf):
    assert "restauration-collective" not in facet(visitor, "theme")
    assert facet(visitor, "theme", theme="laicite")["restauration-collective"] == 1
    assert facet(visitor, "theme", theme="restauration-collective")["restauration-collective"] == 1


def test_values_without_document_are_left_out(visitor, shelf):
    assert "ouvrage" not in facet(visitor, "type")


def test_unknown_values_find_nothing_and_break_nothing(visitor, shelf):
    for query in ({"theme": "inconnu"}, {"territoire": "99"}, {"annee": "'; DROP TABLE"}, {"type": "{{7*7}}"}):
        response = visitor.get(URL, query)
        assert response.status_code == 200
        assert response.context["total"] == 0
        assert "<mark>Aucun document</mark>" in response.context["sentence"]


def test_unknown_parameters_are_ignored(visitor, shelf):
    assert len(titles(visitor, inconnu="x", access="formateurs", status="draft")) == 6


def test_too_many_values_of_one_group_are_cut(visitor, shelf):
    response = visitor.get(URL, {"theme": [f"t{number}" for number in range(500)] + ["education"]})
    assert response.context["total"] == 0
    assert len(response.context["state"].chosen["theme"]) == 20


def test_active_filters_lead_to_the_list_without_them(visitor, shelf):
    context = visitor.get(URL, {"theme": "education", "territoire": "25", "tri": "titre"}).context
    assert context["active"] == [
        {"label": "Éducation", "remove_url": "/ressources/?territoire=25&tri=titre"},
        {"label": "Doubs", "remove_url": "/ressources/?theme=education&tri=titre"},
    ]
    assert context["hidden_inputs"] == [("tri", "titre")]


def test_sorts(visitor, shelf):
    assert titles(visitor)[:3] == ["Lettre 1", "Dijon lit", "Besançon roule"]
    assert titles(visitor, tri="date")[-1] == "Partout la laïcité"
    assert titles(visitor, tri="titre") == sorted(titles(visitor))
    assert titles(visitor, tri="inconnu") == titles(visitor)


def test_sort_by_relevance_is_offered_with_words_only(visitor, shelf):
    assert [sort["label"] for sort in visitor.get(URL).context["sorts"]] == ["date", "ajout récent", "titre"]
    sorts = visitor.get(URL, {"q": "lit"}).context["sorts"]
    assert [(sort["label"], sort["current"]) for sort in sorts] == [
        ("pertinence", True),
        ("date", False),
        ("ajout récent", False),
        ("titre", False),
    ]
    assert sorts[1]["url"] == "/ressources/?q=lit&tri=date"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, f"6{NBSP}documents, les plus récents d’abord"),
        ({"tri": "titre"}, f"6{NBSP}documents, par ordre alphabétique"),
        ({"type": "synthese"}, f"2{NBSP}synthèses, les plus récentes d’abord"),
        ({"type": ["synthese", "guide"]}, f"3{NBSP}synthèses et guides, les plus récents d’abord"),
        ({"type": "guide"}, f"1{NBSP}guide"),
        ({"type": "inconnu"}, "Aucun document"),
        ({"type": "note", "theme": "sante"}, f"Aucun document sur «{NBSP}Santé{NBSP}»"),
        (
            {"type": "synthese", "theme": "education", "territoire": "25"},
            f"1{NBSP}synthèse sur «{NBSP}Éducation et réussite éducative{NBSP}» dans le Doubs",
        ),
        (
            {"theme": ["sante", "mobilites"], "tri": "titre"},
            f"3{NBSP}documents sur «{NBSP}Santé{NBSP}» ou «{NBSP}Mobilités{NBSP}», par ordre alphabétique",
        ),
        ({"public": "elus", "annee": "2024"}, f"2{NBSP}documents pour élus et élues de 2024, les plus récents d’abord"),
        ({"territoire": ["21", "25056"]}, f"4{NBSP}documents en Côte-d’Or ou à Besançon, les plus récents d’abord"),
        ({"collection": "lettre-information"}, f"1{NBSP}document dans «{NBSP}Lettre d’information{NBSP}»"),
        ({"q": "roule"}, f"1{NBSP}document pour «{NBSP}roule{NBSP}»"),
        (
            {"q": "lit"},
            f"2{NBSP}documents pour «{NBSP}lit{NBSP}», les plus proches d’abord{NNBSP}; 4{NBSP}autres s’en approchent",
        ),
        ({"territoire": "XX"}, "Aucun document sur le territoire XX"),
    ],
)
def test_sentence(visitor, shelf, query, expected):
    assert sentence(visitor, **query) == expected


def test_sentence_writes_thousands_with_a_narrow_space(visitor):
    many(1001)
    search.rebuild()
    assert sentence(visitor).startswith(f"1{NNBSP}001{NBSP}documents")


def test_sentence_escapes_what_the_address_says(visitor, shelf):
    html = visitor.get(URL, {"q": "<script>alert(1)</script>", "territoire": "<b>", "annee": "<i>"}).content.decode()
    assert "<script>alert" not in html
    assert "<b>" not in re.search(r'<p class="sentence".*?</p>', html)[0]


def test_empty_list_proposes_wider_ones(visitor, shelf):
    empty = visitor.get(URL, {"q": "lit", "theme": "sante", "territoire": "21"}).context["empty"]
    assert empty["contact_url"] == "/contact/"
    assert [(choice["label"], choice["url"]) for choice in empty["wider"]] == [
        (f"Retirer le filtre «{NBSP}thème{NBSP}»", "/ressources/?q=lit&territoire=21"),
        (f"Retirer le filtre «{NBSP}territoire{NBSP}»", "/ressources/?q=lit&theme=sante"),
        (f"Chercher «{NBSP}lit{NBSP}» dans toutes les ressources", "/ressources/?q=lit"),
        ("Voir toutes les ressources", "/ressources/"),
    ]


def test_list_that_found_something_has_no_empty_state(visitor, shelf):
    response = visitor.get(URL)
    assert response.context["empty"] is None
    assert response.context["status_message"] == f"6{NBSP}documents"


def test_words_of_files_are_found_with_their_page(visitor):
    from tests.factories.documents import file, pages

    made = document("Actes")
    attached = file(made)
    pages(attached, "Rien ici.", "La ressourcerie de la cité")
    card = visitor.get(URL, {"q": "ressourcerie"}).context["cards"][0]
    assert card["page_label"] == "page 2 du PDF"
    assert card["page_url"] == f"{attached.get_absolute_url()}#page=2"
    assert "<mark>ressourcerie</mark>" in card["excerpt"]


def test_typing_error_is_corrected_and_the_exact_words_offered(visitor):
    document("La médiation sociale", summary="La médiation sociale dans les quartiers.")
    context = visitor.get(URL, {"q": "mediaton", "theme": "education"}).context
    assert context["corrected"]["exact_url"] == "/ressources/?q=mediaton&theme=education&exact=1"
    assert context["corrected"]["asked"] == "mediaton"
    assert [card["title"] for card in context["cards"]] == ["La médiation sociale"]
    assert titles(visitor, q="mediaton", exact="1") == []


class TestPages:
    @pytest.fixture
    def shelves(self, db):
        many(2 * PAGE_SIZE + 1)
        search.rebuild()

    @pytest.mark.parametrize(
        ("page", "number"),
        [("0", 1), ("-1", 1), ("abc", 1), ("", 1), ("٣", 1), ("2", 2), ("3", 3), ("4", 3), ("9999", 3), ("999999", 1)],
    )
    def test_page_is_bounded(self, visitor, shelves, page, number):
        context = visitor.get(URL, {"page": page}).context
        assert context["pagination"]["number"] == number
        assert len(context["cards"]) == (1 if number == 3 else PAGE_SIZE)

    def test_pages_follow_each_other_without_loss(self, visitor, shelves):
        seen = [title for page in "123" for title in titles(visitor, page=page)]
        assert len(seen) == len(set(seen)) == 2 * PAGE_SIZE + 1

    def test_links_keep_the_filters(self, visitor, shelves):
        pages = visitor.get(URL, {"theme": "education", "page": "2"}).context["pagination"]
        assert pages["previous_url"] == "/ressources/?theme=education"
        assert pages["next_url"] == "/ressources/?theme=education&page=3"
        assert [page["label"] for page in pages["pages"]] == ["1", "2", "3"]

    def test_long_list_has_gaps(self, visitor, db):
        many(8 * PAGE_SIZE)
        search.rebuild()
        pages = visitor.get(URL, {"page": "4"}).context["pagination"]["pages"]
        assert [page["label"] for page in pages] == ["1", "…", "3", "4", "5", "…", "8"]
        assert [page["gap"] for page in pages] == [False, True, False, False, False, True, False]

    def test_single_page_has_no_pagination(self, visitor, shelf):
        assert visitor.get(URL).context["pagination"]["pages"] == []


@pytest.mark.parametrize("count", [1, 3, 500])
def test_query_count_of_the_list(visitor, django_assert_num_queries, count):
    many(count)
    search.rebuild()
    visitor.get(URL)
    with django_assert_num_queries(6):
        visitor.get(URL, {"theme": "education"})
