import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from network.models import Territory
from trajectoire.core.models import SiteVersion
from trajectoire.core.search.models import SearchChange


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "qpv"}, "Indiquez la géographie"),
        ({"kind": "commune", "generation": 2024}, "Indiquez la géographie"),
        ({"valid_from": datetime.date(2024, 1, 1), "valid_to": datetime.date(2023, 1, 1)}, "doit suivre son début"),
        ({"population_year": 2023}, "Indiquez la population"),
    ],
)
def test_territory_refuses_what_cannot_be(db, fields, said):
    territory = Territory(**{"code": "X1", "kind": "perimetre", "name": "Périmètre"} | fields)
    with pytest.raises(ValidationError, match=said):
        territory.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        territory.save()


@pytest.mark.parametrize("fields", [{"valid_to": datetime.date(2023, 1, 1)}, {"population": 12}, {}])
def test_territory_accepts_what_is_partly_known(db, fields):
    territory = Territory(code="X1", kind="perimetre", name="Périmètre", **fields)
    territory.full_clean()
    territory.save()
    assert Territory.objects.get().path == "X1"


def test_territory_code_is_unique(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.create(code="25056", kind="commune", name="Autre")


def test_territory_write_moves_the_version_and_tells_the_engine(db):
    territory = Territory.objects.create(code="X1", kind="perimetre", name="L’Œuvre d’un quartier")
    assert (territory.slug, territory.search_name) == ("l-oeuvre-d-un-quartier", "l oeuvre d un quartier")
    assert SiteVersion.current() == 1
    territory.name = "Autre nom"
    territory.save()
    assert territory.search_name == "autre nom"
    pk = territory.pk
    territory.delete()
    assert SiteVersion.current() == 3
    assert list(SearchChange.objects.order_by("pk").values_list("kind", "object_pk")) == [("territory", pk)] * 3


def test_in_territory_does_not_take_a_neighbour_with_a_longer_code(db):
    region = Territory.objects.create(code="27", kind="region", name="Région")
    department = Territory.objects.create(code="2", kind="departement", name="Deux", parent=region)
    Territory.objects.create(code="21", kind="departement", name="Vingt et un", parent=region)
    assert [t.name for t in Territory.objects.in_territory(department)] == ["Deux"]
