"""Situations in public: the list, the page of one, what each reader sees of it."""

import datetime

import pytest

from network.models import Theme
from resources.models import Document
from tests.factories import accounts, vrl
from tests.factories.documents import document
from trajectoire.core import search
from trajectoire.core.roles import VRL
from vrl.models import LegalSource, Situation

pytestmark = pytest.mark.usefixtures("world")
LIST = "/vrl/situations/"


@pytest.fixture
def meals() -> Situation:
    made = vrl.situation(
        "Un parent demande un menu sans porc : que répondre ?",
        summary="Rien n’oblige, rien n’interdit.",
        theme=Theme.objects.get(slug="restauration-collective"),
    )
    LegalSource.objects.create(
        situation=made,
        title="Conseil d’État, 11 décembre 2020",
        url="https://www.conseil-etat.fr/",
        dated_on=datetime.date(2020, 12, 11),
    )
    LegalSource.objects.create(situation=made, title="Un texte sans adresse")
    made.announce(made.pk)
    return made


def test_list_is_filtered_by_theme_and_says_so(visitor, meals):
    vrl.situation("Que faire d’un refus de serrer la main ?")
    vrl.situation("En préparation", published=False)
    page = visitor.get(LIST)
    assert [card["title"] for card in page.context["cards"]] == [
        "Que faire d’un refus de serrer la main ?",
        "Un parent demande un menu sans porc : que répondre ?",
    ]
    assert "À valider par le centre" in page.content.decode()
    page = visitor.get(LIST, {"theme": "restauration-collective"})
    assert page.context["total"] == 1
    assert "Restauration collective" in page.context["sentence"]


def test_empty_list_says_what_to_try(visitor, meals):
    page = visitor.get(LIST, {"q": "ornithorynque", "theme": "neutralite-des-agents"})
    assert page.context["empty"]["wider"][0]["label"] == "Retirer le filtre «\u00a0thème\u00a0»"
    assert visitor.get(LIST, {"q": "ornithorynque"}).context["total"] == 0


def test_page_says_everything_with_its_sources(visitor, meals):
    html = visitor.get(meals.get_absolute_url()).content.decode()
    for words in ("Rien n’oblige", "Ce que dit le droit", "11 décembre 2020", "Un texte sans adresse", "1er septembre 2026"):
        assert words in html
    assert "Cette réponse est à valider par le centre" in html
    Situation.objects.filter(pk=meals.pk).update(validated=True)
    meals.announce(meals.pk)
    assert "à valider" not in visitor.get(meals.get_absolute_url()).content.decode()


def test_draft_is_read_by_who_may_change_it(visitor, stranger, browser):
    draft = vrl.situation("En préparation", published=False, summary="Bientôt.")
    assert [client.get(draft.get_absolute_url()).status_code for client in (visitor, stranger)] == [404, 404]
    page = browser(accounts.in_role(VRL)).get(draft.get_absolute_url())
    assert "Revenir à la modification" in page.content.decode()
    assert visitor.get(f"{LIST}inconnue/").status_code == 404


def test_kit_is_shown_to_trainers_alone(visitor, stranger, trainer, meals):
    meals.kit.add(
        document("Un guide"), document("Fiche du kit", access=Document.Access.TRAINERS), document("Brouillon", status="draft")
    )
    for client, kit in ((visitor, []), (stranger, []), (trainer, ["Fiche du kit"])):
        page = client.get(meals.get_absolute_url())
        assert [card["title"] for card in page.context["documents"]] == ["Un guide"]
        assert [card["title"] for card in page.context["kit"]] == kit
        assert ("Fiche du kit" in page.content.decode()) == bool(kit)


def test_search_over_everything_finds_them(visitor, meals):
    page = visitor.get("/recherche/", {"q": "menu sans porc"})
    assert [group["label"] for group in page.context["groups"]] == ["Situations de laïcité"]
    assert page.context["groups"][0]["cards"][0]["url"] == meals.get_absolute_url()
    meals.published = False
    meals.save()
    assert visitor.get("/recherche/", {"q": "menu sans porc"}).context["total"] == 0


def test_degraded_search_finds_them(meals):
    from vrl.situation_search import SOURCE

    assert list(SOURCE.database_search("menu porc", frozenset({"public"}))) == [meals]
    assert not SOURCE.database_search("menu ornithorynque", frozenset({"public"}))


def test_near_questions_lead_to_one_another(visitor, meals):
    other = vrl.situation("Un menu végétarien suffit-il ?", theme=meals.theme)
    for number in range(4):
        vrl.situation(f"Autre question {number}")
    search.rebuild()
    page = visitor.get(meals.get_absolute_url())
    assert other.get_absolute_url() in [card["url"] for card in page.context["near"]]


@pytest.mark.parametrize("count", [2, 4])
def test_queries_do_not_grow(visitor, django_assert_num_queries, count):
    for number in range(count):
        made = vrl.situation(f"Question {number} ?", theme=Theme.objects.get(slug="laicite"))
        made.kit.add(document(f"Guide {number}"))
    visitor.get(LIST)
    with django_assert_num_queries(4):
        visitor.get(LIST)
    with django_assert_num_queries(9):
        visitor.get(made.get_absolute_url())
