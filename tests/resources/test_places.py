"""A document about a place is found from all that contains it, even when the place lies across a border."""

import pytest

from network.models import Generation, Territory, TerritoryKind
from resources.search_source import documents, entry
from tests.factories.documents import document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_quarter_over_two_communes_counts_for_both():
    quarter = Territory.objects.create(
        code="QN02599X", kind=TerritoryKind.QPV, name="À cheval", generation=Generation.Y2024, path="27/25/25056/QN02599X"
    )
    quarter.communes.set(Territory.objects.filter(code__in=["25056", "21231"]))
    document("Des deux côtés").territories.set([quarter])
    facets = entry(documents().get()).facets
    assert facets["territory"] == ["21", "21231", "242500361", "25", "25056", "27", "QN02599X"]


def test_intercommunality_over_two_departments_counts_for_both():
    epci = Territory.objects.get(code="242500361")
    epci.departments.set(Territory.objects.filter(code__in=["21", "25"]))
    document("Entre deux départements").territories.set([epci])
    assert entry(documents().get()).facets["territory"] == ["21", "242500361", "25", "27"]
