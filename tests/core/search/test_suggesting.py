"""Suggestions of several kinds: the place that everybody looks for is never hidden behind a thousand documents."""

from dataclasses import replace

import pytest

from trajectoire.core import search
from trajectoire.core.models import Page
from trajectoire.core.search import declarations

from .conftest import KIND, source, write

pytestmark = pytest.mark.django_db
PUBLIC = frozenset({"public"})


@pytest.fixture
def two_kinds(monkeypatch):
    """Pages whose lead is « lieu » are places, which come before notes."""
    kinds = {
        KIND: replace(source(), queryset=lambda: Page.objects.exclude(lead="lieu").order_by("pk"), order=20),
        "place": replace(source("place"), queryset=lambda: Page.objects.filter(lead="lieu").order_by("pk"), order=10),
    }
    monkeypatch.setattr(declarations, "_sources", kinds)


def labels(text: str, **options) -> list[str]:
    return [suggestion.label for suggestion in search.suggest(text, PUBLIC, **options)]


def test_place_comes_before_documents_that_begin_alike(two_kinds):
    for number in range(60):
        write(f"Plan {number:02}", jump="Note")
    write("Planoise", "lieu", jump="Quartier")
    assert labels("plan")[0] == "Planoise"
    assert len(labels("plan")) == 8


def test_each_kind_keeps_its_share(two_kinds):
    for number in range(9):
        write(f"Saint {number}", "lieu", jump="Commune")
    write("Saint des saints", jump="Note")
    assert labels("saint") == [*(f"Saint {number}" for number in range(7)), "Saint des saints"]


def test_what_begins_with_the_words_comes_before_what_holds_them(two_kinds):
    write("Le grand plan", "lieu", jump="Quartier")
    write("Plan du site", jump="Note")
    assert labels("plan") == ["Plan du site", "Le grand plan"]


def test_other_words_suggest_too():
    write("Restauration collective", jump="Thème", also="cantine · menus")
    write("Cantine muette", also="cantine")
    assert labels("canti") == ["Restauration collective"]
    assert labels("menus cantine") == ["Restauration collective"]


def test_without_an_index_nothing_is_suggested(settings):
    write("Planoise", jump="Quartier")
    settings.SEARCH_INLINE_REBUILD = -1
    assert labels("plan") == []
