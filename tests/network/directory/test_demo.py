"""The demonstration of the directory: complete, plainly fictional, loaded once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from network.demo import loader
from network.models import Initiative, Organisation, OrganisationKind, Person
from resources.demo import texts


def run() -> str:
    out = StringIO()
    call_command("load_directory_demo", stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def vocabulary(db):
    call_command("load_reference", stdout=StringIO())


def test_everything_is_loaded_once_and_kept_as_people_left_it(vocabulary, visitor):
    assert run() == "Annuaire de démonstration\u00a0: 43\u00a0fiches."
    assert [model.objects.filter(is_demo=True).count() for model in (Organisation, Person, Initiative)] == [25, 6, 12]
    assert not Person.objects.exclude(basis="consentement").exists()
    for row in loader.rows("organisations"):
        made = Organisation.objects.get(slug=row["slug"])
        links = {"territories": "code", "themes": "slug", "audiences": "slug", "offers": "slug"}
        for name, code in links.items():
            assert sorted(getattr(made, name).values_list(code, flat=True)) == sorted(row[name]), (row["slug"], name)
    assert Organisation.objects.get(slug="drdjscs-demo").successor.slug == "dreets-bfc-demo"
    assert Person.objects.get(slug="ines-valloton").organisation.slug == "laboratoire-villes-et-marges"
    assert not Initiative.objects.filter(carriers=None).exists()
    Organisation.objects.filter(slug="atelier-des-lisieres").update(name="Autre nom")
    assert run() == "Annuaire de démonstration\u00a0: 0\u00a0fiche."
    assert Organisation.objects.get(slug="atelier-des-lisieres").name == "Autre nom"
    assert visitor.get("/reseau/").context["total"] == 43


def test_each_initiative_is_told_by_a_fiche_of_the_demonstration():
    fiches = {text.slug for text in texts.read() if text.values["type"] == "fiche-experience"}
    assert set(loader.initiative_of_fiche()) <= fiches
    assert len(loader.initiative_of_fiche()) == 12


def test_mailboxes_of_the_demonstration_reach_nobody():
    rows = [*loader.rows("organisations"), *loader.rows("people")]
    assert all(row.get("email", "@example.org").endswith("@example.org") for row in rows)
    assert {row["kind"] for row in loader.rows("organisations")} <= set(OrganisationKind.values)


def test_vocabulary_must_come_first(db):
    with pytest.raises(CommandError, match="load_reference"):
        run()


def test_production_refuses_it(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        run()
