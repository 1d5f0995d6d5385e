"""Entries in the administration: their links are stored with them, two people do not overwrite each other."""

import pytest

from network.models import Offer, Organisation, Person, Territory
from tests.factories import admin
from tests.factories.directory import SIRET, ago, initiative, organisation, person
from trajectoire.core import search

pytestmark = pytest.mark.usefixtures("network")
ADMIN = "/admin/network"


@pytest.mark.parametrize("model", ["organisation", "person", "initiative", "offer", "proposal"])
def test_lists_open_search_and_filter(administrator, model):
    organisation(), person(), initiative()
    for query in ({}, {"q": "une"}, {"fraicheur": "vieille"} if model not in ("offer", "proposal") else {}):
        assert administrator.get(f"{ADMIN}/{model}/", query).status_code == 200


def test_filter_shows_what_was_not_confirmed(administrator):
    organisation("Vieille", confirmed_on=ago(600))
    organisation("Neuve", confirmed_on=None)
    rows = administrator.get(f"{ADMIN}/organisation/", {"fraicheur": "vieille"}).context["cl"].result_list
    assert [row.name for row in rows] == ["Vieille"]
    assert administrator.get(f"{ADMIN}/organisation/", {"fraicheur": "x"}).context["cl"].result_count == 2


def test_organisation_is_found_by_siret(administrator):
    organisation("Les Lilas", siret=SIRET)
    rows = administrator.get(f"{ADMIN}/organisation/", {"q": SIRET}).context["cl"].result_list
    assert [row.name for row in rows] == ["Les Lilas"]


def test_saved_entry_is_found_by_its_territory_at_once(administrator, visitor):
    made = organisation("Les Lilas")
    place = Territory.objects.get(code="25056")
    page = f"{ADMIN}/organisation/{made.pk}/change/"
    response = admin.save(administrator, page, territories=[place.pk], summary='Il dit "oui" !')
    assert response.status_code == 302, admin.errors(response)
    made.refresh_from_db()
    assert made.summary == "Il dit «\u00a0oui\u00a0»\u202f!"
    assert made.version == 1
    found = search.query(search.Query(kinds=("organisation",), filters={"territory": ["25056"]}))
    assert [hit.title for hit in found.hits] == ["Les Lilas"]
    assert made.get_absolute_url() in administrator.get(page).content.decode()


def test_two_people_do_not_overwrite_each_other_in_silence(administrator):
    made = organisation("Les Lilas")
    page = f"{ADMIN}/organisation/{made.pk}/change/"
    opened = admin.shown(administrator.get(page))
    admin.save(administrator, page, summary="La première.")
    late = administrator.post(page, opened | {"summary": "La seconde."})
    assert "Quelqu’un a enregistré ce contenu à" in admin.errors(late)
    assert "La seconde." in late.content.decode()
    made.refresh_from_db()
    assert made.summary == "La première."


def test_person_without_basis_is_not_published(administrator):
    opened = admin.shown(administrator.get(f"{ADMIN}/person/add/"))
    refused = administrator.post(f"{ADMIN}/person/add/", opened | {"name": "Ada", "kind": "expert", "published": "on"})
    assert "indiquez le consentement de la personne" in admin.errors(refused)
    accord = {"basis": "consentement", "basis_on": "2026-01-02", "basis_wording": "J’accepte."}
    fields = opened | {"name": "Ada", "kind": "expert", "published": "on"} | accord
    assert administrator.post(f"{ADMIN}/person/add/", fields).status_code == 302
    assert Person.objects.get().published


def test_wrong_siret_is_refused_with_words(administrator):
    made = organisation()
    response = admin.save(administrator, f"{ADMIN}/organisation/{made.pk}/change/", siret="732 829 320 00075")
    assert "Ce numéro SIRET n’existe pas" in admin.errors(response)
    assert admin.save(administrator, f"{ADMIN}/organisation/{made.pk}/change/", siret="732 829 320 00074").status_code == 302
    assert Organisation.objects.get().siret == SIRET


def test_address_of_another_entry_is_refused(administrator):
    initiative("Les Lilas")
    made = organisation("Autre")
    response = admin.save(administrator, f"{ADMIN}/organisation/{made.pk}/change/", slug="les-lilas")
    assert "déjà celle d’une autre fiche" in admin.errors(response)


def test_deleting_several_takes_them_out_of_the_list(administrator, visitor):
    keys = [organisation(name).pk for name in ("A", "B")]
    post = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    administrator.post(f"{ADMIN}/organisation/", post)
    assert visitor.get("/reseau/").context["total"] == 0


def test_offer_keeps_its_short_form(administrator):
    offer = Offer.objects.get(slug="former")
    administrator.post(f"{ADMIN}/offer/{offer.pk}/change/", {"name": "Former", "slug": "autre", "order": 1})
    offer.refresh_from_db()
    assert (offer.name, offer.slug, str(offer)) == ("Former", "former", "Former")
