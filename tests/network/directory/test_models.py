"""Entries: one space of addresses, a genuine SIRET, nobody shown without a basis."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from network.directory import addresses
from network.models import DirectoryAddress, Initiative, Organisation, Person
from network.siret import compact
from tests.factories.directory import OTHER_SIRET, SIRET, ago, initiative, organisation, person
from tests.factories.documents import document
from trajectoire.core.models import SiteVersion
from trajectoire.core.search.models import SearchChange

pytestmark = pytest.mark.usefixtures("network")


def errors(entry) -> str:
    with pytest.raises(ValidationError) as caught:
        entry.full_clean()
    return " ".join(caught.value.messages)


def test_one_space_of_addresses_for_three_kinds():
    slugs = [made.slug for made in (organisation("Les Lilas"), initiative("Les Lilas"), person("Les Lilas"))]
    assert slugs == ["les-lilas", "les-lilas-2", "les-lilas-3"]
    assert [DirectoryAddress.objects.get(slug=slug).leads_to[0] for slug in slugs] == ["organisation", "initiative", "person"]
    assert str(DirectoryAddress.objects.get(slug="les-lilas")) == "les-lilas"


def test_address_of_another_entry_is_refused():
    organisation("Les Lilas")
    assert errors(Initiative(name="Autre", slug="les-lilas")) == addresses.TAKEN
    with pytest.raises(ValidationError), transaction.atomic():
        Initiative(name="Autre", slug="les-lilas").save()
    assert not Initiative.objects.exists()


def test_own_address_is_no_obstacle():
    made = organisation("Les Lilas")
    made.full_clean()
    made.save()
    assert DirectoryAddress.objects.count() == 1


def test_address_leads_to_one_entry_only():
    both = {"organisation": organisation(), "person": person()}
    with pytest.raises(IntegrityError), transaction.atomic():
        DirectoryAddress.objects.create(slug="deux", **both)
    with pytest.raises(IntegrityError), transaction.atomic():
        DirectoryAddress.objects.create(slug="aucune")


def test_deleted_entry_frees_its_address():
    organisation("Les Lilas").delete()
    assert organisation("Les Lilas").slug == "les-lilas"


@pytest.mark.parametrize("name", ["", "   ", "🎉", "x" * 200])
def test_any_name_gives_an_address(name):
    made = Organisation(name=name, kind="association")
    made.save()
    assert 0 < len(made.slug) <= 100


@pytest.mark.parametrize("written", [SIRET, "732 829 320 00074", "732\u00a0829\u202f320.000-74"])
def test_siret_is_kept_as_digits(written):
    made = Organisation(name="Une", kind="association", siret=written)
    made.full_clean()
    assert made.siret == compact(written) == SIRET


@pytest.mark.parametrize("written", ["73282932000075", "7328293200007", "732829320000744", "abc"])
def test_siret_with_a_wrong_key_is_refused(written):
    assert "SIRET n’existe pas" in errors(Organisation(name="Une", kind="association", siret=written))


def test_siret_of_la_poste_follows_its_own_rule():
    Organisation(name="Bureau de poste", kind="entreprise", siret="35600000049837").full_clean()


def test_siret_is_had_once():
    organisation(siret=SIRET)
    assert "Une autre organisation a déjà ce numéro SIRET" in errors(Organisation(name="B", kind="association", siret=SIRET))
    with pytest.raises(IntegrityError), transaction.atomic():
        organisation(siret=SIRET)
    organisation(siret="")
    organisation(siret="")
    organisation(siret=OTHER_SIRET)


def test_person_is_published_with_a_basis_only():
    bare = Person(name="Ada", kind="expert", published=True)
    assert "consentement de la personne" in errors(bare)
    for missing in ({"basis": ""}, {"basis_on": None}, {"basis_wording": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            person(**missing)
    assert Person(name="Ada", kind="expert").published is False
    Person(name="Ada", kind="expert").full_clean()


def test_initiative_does_not_end_before_it_starts():
    dates = {"started_on": datetime.date(2024, 5, 2), "ended_on": datetime.date(2024, 5, 1)}
    assert errors(Initiative(name="Une", **dates)) == "L’initiative ne peut pas finir avant d’avoir commencé."


def test_organisation_is_not_its_own_relative():
    made = organisation()
    made.successor = made
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_mailbox_is_closed_by_refusal():
    assert organisation(email="a@example.org").mailbox == "a@example.org"
    assert organisation(email="a@example.org", contactable=False).mailbox == ""


def test_mailbox_of_an_initiative_is_its_first_open_carrier():
    closed, hidden = organisation("A", contactable=False), organisation("B", published=False)
    silent, reachable = organisation("C", email=""), organisation("D", email="d@example.org")
    assert initiative(carriers=[closed, hidden, silent, reachable]).mailbox == "d@example.org"
    assert initiative(carriers=[closed]).mailbox == ""


def test_freshness_counts_from_the_last_confirmation_or_else_from_the_entry():
    assert organisation(confirmed_on=ago(549)).is_stale
    assert not organisation(confirmed_on=ago(548)).is_stale
    fresh = organisation(confirmed_on=None)
    assert (fresh.known_on, fresh.is_stale) == (ago(0), False)


def test_moment_of_publication_is_kept_once():
    made = organisation(published=False)
    assert made.published_at is None
    made.published = True
    made.save()
    first = made.published_at
    made.save()
    assert (made.published_at, first is not None) == (first, True)


def test_saving_tells_caches_and_engine():
    version = SiteVersion.current()
    made = person()
    assert SiteVersion.current() > version
    assert SearchChange.objects.filter(kind="person", object_pk=made.pk).exists()


def test_new_name_is_told_for_the_documents_that_carry_it():
    made, written = organisation("Avant"), document()
    written.organisations.add(made)
    SearchChange.objects.all().delete()
    made.save()
    assert not SearchChange.objects.filter(kind="document").exists()
    made.name = "Après"
    made.save()
    assert SearchChange.objects.filter(kind="document", object_pk=written.pk).exists()


def test_lists_written_by_line_skip_empty_lines():
    made = organisation(former_names="Un\n\n Deux \n", sources="FONJEP, 2025\n")
    assert (made.former_name_list, made.source_list) == (["Un", "Deux"], ["FONJEP, 2025"])
    assert str(made) == made.name
