"""The search over everything."""

import pytest

from tests.factories.documents import document, file, many, pages
from trajectoire.core import search
from trajectoire.core.models import Page

pytestmark = pytest.mark.usefixtures("world")
URL = "/recherche/"


def groups(client, **query) -> dict[str, list[str]]:
    return {group["kind"]: [card["title"] for card in group["cards"]] for group in client.get(URL, query).context["groups"]}


def test_empty_search_asks_for_words(visitor):
    response = visitor.get(URL)
    assert response.context["groups"] == []
    assert "Écrivez un ou plusieurs mots." in response.content.decode()


def test_documents_territories_and_pages_are_found_together(visitor):
    document("Planoise apprend", territories=["QN02503M"])
    page = Page.objects.get(slug="aide")
    page.body = "<p>Chercher à Planoise</p>"
    page.save()
    found = groups(visitor, q="Planoise")
    assert found["document"] == ["Planoise apprend"]
    assert "Planoise" in found["territory"]
    assert found["page"] == ["Page aide"]


def test_one_kind_page_after_page(visitor):
    many(25)
    search.rebuild()
    context = visitor.get(URL, {"q": "lot"}).context
    assert len(context["groups"][0]["cards"]) == 5
    assert context["groups"][0]["count"] == 25
    assert context["pagination"] is None
    first = visitor.get(context["groups"][0]["url"]).context
    assert len(first["groups"][0]["cards"]) == 20
    assert first["pagination"]["previous_url"] == ""
    second = visitor.get(first["pagination"]["next_url"]).context
    assert len(second["groups"][0]["cards"]) == 5
    assert second["pagination"]["next_url"] == ""
    assert second["pagination"]["previous_url"].endswith("page=1")


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99", "999999", "٣"])
def test_page_is_bounded(visitor, page):
    many(25)
    search.rebuild()
    response = visitor.get(URL, {"q": "lot", "genre": "ressources", "page": page})
    assert response.status_code == 200
    assert response.context["groups"][0]["cards"], page


def test_results_that_only_come_near_are_told_from_those_that_have_the_words(visitor):
    document("Le tricot du mardi", summary="Laines.")
    document("Le tricot", summary="Laines.")
    response = visitor.get(URL, {"q": "tricot mardi"})
    assert (response.context["total"], response.context["sure"], response.context["loose"]) == (2, 1, False)
    assert "\u00a0: 1 contient tous vos mots, les autres s’en approchent</p>" in response.content.decode()
    assert visitor.get(URL, {"q": "tricot"}).context["sure"] == 0
    assert visitor.get(URL, {"q": "tricot licorne"}).context["sure"] == 0


def test_kind_leads_to_the_list_that_filters_it(visitor):
    document("Planoise apprend")
    [group] = visitor.get(URL, {"q": "planoise", "genre": "ressources"}).context["groups"]
    assert group["refine"] == {"label": "Ressources", "url": "/ressources/?q=planoise"}
    assert visitor.get(group["refine"]["url"]).context["total"] == 1
    [group] = visitor.get(URL, {"q": "planoise", "genre": "territoires"}).context["groups"]
    assert group["refine"] is None


def test_tabs_count_each_kind_and_say_where_one_is(visitor):
    document("Planoise apprend", territories=["QN02503M"])
    everything = visitor.get(URL, {"q": "planoise"}).context
    assert [(tab["label"], tab["count"], tab["current"]) for tab in everything["tabs"]] == [
        ("Tout", 2, True),
        ("Territoires", 1, False),
        ("Ressources", 1, False),
    ]
    assert everything["total"] == 2
    for tab in everything["tabs"][1:]:
        context = visitor.get(tab["url"]).context
        assert [len(group["cards"]) for group in context["groups"]] == [context["groups"][0]["count"]] == [tab["count"]]
        assert [one["label"] for one in context["tabs"] if one["current"]] == [tab["label"]]
    assert 'aria-current="page">Tout' in visitor.get(URL, {"q": "planoise"}).content.decode()


def test_one_kind_alone_has_no_tab(visitor):
    document("Le tricot")
    assert visitor.get(URL, {"q": "tricot"}).context["tabs"] == []


def test_place_of_this_very_name_comes_before_what_is_said_of_it(visitor):
    for number in range(3):
        document(f"Planoise à Planoise, encore Planoise {number}", territories=["QN02503M"], summary="Planoise, Planoise.")
    for q in ("planoise", "Planoise", "quartier Planoise"):
        assert next(iter(groups(visitor, q=q))) == "territory", q


def test_theme_of_this_very_name_comes_first_and_leads_to_its_documents(visitor):
    document("La santé des jeunes", themes=["sante"], summary="Santé, santé.")
    context = visitor.get(URL, {"q": "santé"}).context
    assert [group["kind"] for group in context["groups"]] == ["theme", "document"]
    assert context["groups"][0]["cards"][0]["url"] == "/ressources/?theme=sante"


def test_best_match_decides_between_kinds_otherwise(visitor):
    document("Le tricot à l’école", summary="Le tricot du collège.")
    page = Page.objects.get(slug="aide")
    page.body = "<p>Un texte long où l’on cite une fois le tricot parmi bien d’autres choses de la vie.</p>"
    page.save()
    assert list(groups(visitor, q="tricot")) == ["document", "page"]


def test_exact_words_stay_exact_from_page_to_page(visitor):
    many(25)
    search.rebuild()
    context = visitor.get(URL, {"q": "lot", "exact": "1"}).context
    assert context["groups"][0]["url"].endswith("q=lot&exact=1&genre=ressources")
    assert "exact=1" in visitor.get(context["groups"][0]["url"]).context["pagination"]["next_url"]


def test_unknown_kind_is_ignored(visitor):
    document("Planoise apprend")
    assert "document" in groups(visitor, q="Planoise", genre="inconnu")


def test_nothing_found_proposes_more(visitor):
    response = visitor.get(URL, {"q": "xylophone"})
    assert response.context["total"] == 0
    assert response.context["empty"]["contact_url"] == "/contact/"
    assert "Aucun résultat" in response.content.decode()


def test_correction_is_said(visitor):
    document("La médiation sociale", summary="La médiation sociale.")
    context = visitor.get(URL, {"q": "mediaton"}).context
    assert "mediaton" in context["corrected"]["exact_url"]
    assert "exact=1" in context["corrected"]["exact_url"]
    assert groups(visitor, q="mediaton", exact="1") == {}


def test_words_inside_a_file_open_its_page(visitor):
    attached = file(document("Actes"))
    pages(attached, "Rien", "La ressourcerie")
    [card] = visitor.get(URL, {"q": "ressourcerie"}).context["groups"][0]["cards"]
    assert card["page_url"].endswith("#page=2")


def test_several_pages_of_a_file_are_one_result_with_a_link_to_each(visitor):
    attached = file(document("Actes"))
    pages(attached, "La ressourcerie", "Rien", *["Une ressourcerie, deux ressourceries"] * 7)
    [card] = visitor.get(URL, {"q": "ressourcerie"}).context["groups"][0]["cards"]
    assert card["page_label"].startswith("page ")
    assert card["pages_label"] == "7\u00a0autres pages, dont"
    assert [page["url"].rpartition("#")[2].replace("page=", "page ") for page in card["pages"]] == [
        p["label"] for p in card["pages"]
    ]
    assert len(card["pages"]) == 5
    for page in card["pages"]:
        assert visitor.get(page["url"].partition("#")[0]).status_code == 200


def test_pages_of_a_file_are_given_beside_the_abstract_that_says_as_much(visitor):
    attached = file(document("Actes", summary="La ressourcerie du quartier."))
    pages(attached, "Rien", "La ressourcerie")
    response = visitor.get(URL, {"q": "ressourcerie"})
    [card] = response.context["groups"][0]["cards"]
    assert (card["page_url"], card["pages_label"]) == ("", "1\u00a0page du PDF")
    assert [page["label"] for page in card["pages"]] == ["page 2"]
    assert "1\u00a0page du PDF\u00a0: <a" in response.content.decode()


def test_pages_of_several_files_name_theirs(visitor):
    made = document("Actes")
    pages(file(made, title="Annexe"), "La ressourcerie, une ressourcerie")
    pages(file(made, content=b"autre", name="actes.pdf"), "La ressourcerie et bien d’autres choses encore")
    [card] = visitor.get(URL, {"q": "ressourcerie"}).context["groups"][0]["cards"]
    assert card["page_label"] == "page 1 de «\u00a0Annexe\u00a0»"
    assert [page["label"] for page in card["pages"]] == ["page 1 de «\u00a0actes.pdf\u00a0»"]


def test_pages_of_a_file_that_has_just_gone_are_left_out(visitor, django_capture_on_commit_callbacks):
    made = document("Actes", summary="La ressourcerie.")
    attached = file(made)
    pages(attached, "La ressourcerie")
    search.rebuild()
    attached.delete()
    file(made, content=b"autre")
    [card] = visitor.get(URL, {"q": "ressourcerie"}).context["groups"][0]["cards"]
    assert (card["page_url"], card["pages"]) == ("", [])


@pytest.mark.parametrize("degraded", [False, True])
@pytest.mark.parametrize("place", ["Besançon", "besancon", "25056", "Doubs", "QN02503M", '"Grand Besançon Métropole"'])
def test_place_holds_what_it_contains(visitor, settings, place, degraded):
    document("Lire à l’école", territories=["QN02503M"])
    document("Lire ailleurs", territories=["21231"])
    settings.SEARCH_INLINE_REBUILD = -1 if degraded else 2_000
    assert groups(visitor, q=f"lire territoire:{place}") == {"document": ["Lire à l’école"]}


def test_suggestions(visitor):
    document("Médiation sociale")
    found = visitor.get(f"{URL}suggestions/", {"q": "synth"}).json()["suggestions"]
    assert all(set(one) == {"label", "kind", "url"} for one in found)
    assert visitor.get(f"{URL}suggestions/", {"q": "p"}).json() == {"suggestions": []}
    assert visitor.get(f"{URL}suggestions/", {"q": "planoi"}).json()["suggestions"][0]["url"] == "/territoires/QN02503M/"


def test_without_an_index_the_database_answers_and_says_so(visitor, settings):
    made = document("Planoise apprend", summary="À Planoise, on apprend.", territories=["QN02503M"])
    document("Réservé Planoise", access="formateurs")
    page = Page.objects.get(slug="aide")
    page.title = "Planoise aide"
    page.save()
    settings.SEARCH_INLINE_REBUILD = -1
    response = visitor.get(URL, {"q": "planoise"})
    assert response.context["degraded"] is True
    assert "mode simplifié" in response.content.decode()
    assert groups(visitor, q="planoise") == {"document": [made.title], "territory": ["Planoise"], "page": ["Planoise aide"]}
    listed = visitor.get("/ressources/", {"theme": "education", "territoire": "25"}).context
    assert [card["title"] for card in listed["cards"]] == [made.title]
    assert visitor.get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(visitor, django_assert_num_queries, count):
    many(count)
    search.rebuild()
    visitor.get(URL, {"q": "lot"})
    with django_assert_num_queries(7):
        visitor.get(URL, {"q": "lot"})
