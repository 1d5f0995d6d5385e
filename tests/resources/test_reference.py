"""Types and collections: loaded once, then staff's."""

from django.core.management import call_command

from resources import reference
from resources.models import Collection, DocumentType
from trajectoire.core.models import SiteVersion


def test_types_are_created_in_order(db):
    assert reference.load_types() == 26
    assert DocumentType.objects.count() == 22
    assert Collection.objects.get(slug="lettre-information").issn == "2109-5582"
    orders = list(DocumentType.objects.order_by("order").values_list("order", flat=True))
    assert orders == sorted(set(orders))
    assert SiteVersion.current() == 1


def test_second_load_creates_nothing_and_says_so(db, capsys):
    reference.load_types()
    version = SiteVersion.current()
    call_command("load_types")
    assert "0\u00a0ajout." in capsys.readouterr().out
    assert SiteVersion.current() == version


def test_staff_edits_are_kept(db):
    reference.load_types()
    DocumentType.objects.filter(slug="note").update(name="note technique")
    DocumentType.objects.filter(slug="podcast").delete()
    assert reference.load_types() == 1
    assert DocumentType.objects.get(slug="note").name == "note technique"


def test_each_type_has_a_plural_in_lower_case():
    for row in reference.rows("types.toml"):
        assert row["name"]
        assert row["plural"][0].islower()
