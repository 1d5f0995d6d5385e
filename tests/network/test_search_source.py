"""What the engine knows of territories and of equivalent words."""

import pytest

from network import search_source
from network.models import Territory
from trajectoire.core import search

PUBLIC = frozenset({"public"})


@pytest.fixture
def indexed(reference):
    search.rebuild()


def titles(text: str) -> list[str]:
    return [hit.title for hit in search.query(search.Query(text=text, kinds=("territory",))).hits]


def test_entry_says_where_a_quarter_is(reference):
    entry = search_source.entry(Territory.objects.get(code="QN09004M"))
    assert (entry.title, entry.url) == ("Les Résidences", "/territoires/QN09004M/")
    assert entry.jump == "Quartier prioritaire · Bavilliers, Belfort"
    assert entry.body == "QN09004M 90000 90800"
    assert entry.facets["territory"] == ["27", "90", "200069052", "90008", "QN09004M"]


@pytest.mark.parametrize(
    ("code", "jump"), [("21002", ""), ("25056", "Commune · 25056"), ("25", "Département"), ("242500361", "Communauté urbaine")]
)
def test_entry_is_suggested_when_it_has_a_page(reference, code, jump):
    assert search_source.entry(Territory.objects.get(code=code)).jump == jump


@pytest.mark.parametrize("text", ["planoise", "QN02503M"])
def test_engine_finds_a_territory_with_a_page_first(indexed, text):
    assert titles(text)[0] == "Planoise"  # before the commune Le Planois, of the same stem


def test_engine_finds_territories_by_postal_code(indexed):
    assert {"Montbéliard", "Petite Hollande"} <= set(titles("25200"))


def test_engine_suggests_pages_only(indexed):
    assert "Planoise" in [suggestion.label for suggestion in search.suggest("planoi", PUBLIC)]
    assert search.suggest("agey", PUBLIC) == []


def test_database_search_answers_for_the_engine(reference):
    assert search_source.database_search("planoise", PUBLIC).first().name == "Planoise"


def test_synonyms_pair_themes_and_follow_successors(reference):
    groups = [list(group) for group in search_source.synonyms()]
    assert ["QPV", "quartier prioritaire de la politique de la ville"] in groups
    assert ["CGET", "ANCT"] in groups
    assert ["zone urbaine sensible", "quartier prioritaire de la politique de la ville"] in groups
    assert ["Restauration collective", "cantine"] in groups
    assert all(len(group) == 2 for group in groups)
