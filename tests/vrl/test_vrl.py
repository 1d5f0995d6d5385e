"""The VRL plan: its public page."""

import pytest

from tests.factories.documents import document

pytestmark = pytest.mark.usefixtures("world")


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
