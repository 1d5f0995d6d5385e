"""The VRL plan: its public page and the trainers' reserved area."""

import pytest

from resources.models import Document
from tests.factories.documents import document

pytestmark = pytest.mark.usefixtures("world")
SPACE = "/vrl/espace/"


def test_public_page_shows_what_is_written_on_laicite(visitor):
    document("Sur la laïcité", themes=["laicite"])
    document("Sur la santé", themes=["sante"])
    context = visitor.get("/vrl/").context
    assert [card["title"] for card in context["cards"]] == ["Sur la laïcité"]
    assert context["documents_url"] == "/ressources/?theme=laicite"


def test_public_page_includes_the_sub_themes_once_each(visitor):
    document("Les deux", themes=["laicite", "restauration-collective"])
    document("La cantine", themes=["restauration-collective"])
    assert sorted(card["title"] for card in visitor.get("/vrl/").context["cards"]) == ["La cantine", "Les deux"]


@pytest.mark.parametrize("actor", ["trainer", "administrator"])
def test_space_lists_what_is_reserved(request, actor):
    document("Public", themes=["laicite"])
    document("Kit", access=Document.Access.TRAINERS)
    document("Kit en préparation", access=Document.Access.TRAINERS, status=Document.Status.DRAFT)
    response = request.getfixturevalue(actor).get(SPACE)
    assert [card["title"] for card in response.context["cards"]] == ["Kit"]
    assert "no-store" in response.headers["Cache-Control"]


def test_space_leads_the_team_to_the_administration(trainer, administrator):
    assert "/admin/" not in trainer.get(SPACE).content.decode()
    assert 'href="/admin/"' in administrator.get(SPACE).content.decode()


def test_empty_space_says_so(trainer):
    assert "Aucun document réservé" in trainer.get(SPACE).content.decode()


@pytest.mark.parametrize(
    "actor", ["visitor", "deactivated", "stranger", "former_trainer", "partner", "powerless", "documentalist"]
)
def test_space_does_not_exist_for_others(request, actor):
    assert request.getfixturevalue(actor).get(SPACE).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(trainer, django_assert_num_queries, count):
    for _ in range(count):
        document(access=Document.Access.TRAINERS, themes=["laicite"])
    with django_assert_num_queries(10):
        trainer.get(SPACE)
