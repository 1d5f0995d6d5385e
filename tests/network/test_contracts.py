"""The page of a contrat de ville, and the ways that lead to it."""

import pytest

from network.models import Contract, Organisation, Person, Territory
from tests.factories.documents import document
from trajectoire.core import search

CODE = "CN02502I"  # Grand Besançon Métropole, 2024–2030


@pytest.fixture
def contract(library) -> Contract:
    return Contract.objects.get(code=CODE)


def page(client):
    return client.get(f"/territoires/contrats/{CODE}/")


def values(response) -> dict[str, str]:
    return {fact["label"]: str(fact["value"]) for fact in response.context["facts"]}


def test_page_says_what_the_sources_know(contract, visitor):
    response = page(visitor)
    assert [q["label"] for q in response.context["quarters"]][-1] == "Planoise"
    assert len(response.context["quarters"]) == 6
    assert values(response)["Population"] == "25\u202f627 habitants en quartier prioritaire"
    assert "/territoires/242500361/" in values(response)["Porteur"]
    assert "Les axes de ce contrat ne sont pas encore saisis." in response.content.decode()


def test_contract_of_2015_whose_carrier_is_gone_keeps_its_name(contract, visitor):
    response = visitor.get("/territoires/contrats/CV073/")
    assert response.status_code == 200
    assert "Signé le" not in values(response)
    assert response.context["contract"]["period"] == "2015–2023"
    Contract.objects.filter(code="CV073").update(carrier=None, department=None, population_qpv=None)
    assert values(visitor.get("/territoires/contrats/CV073/")) == {
        "Porteur": "CA du Pays de Montbéliard",
        "Période": "2015–2023",
        "Code du contrat": "CV073",
    }


def test_unknown_contract_is_not_found(contract, visitor):
    assert visitor.get("/territoires/contrats/CN99999X/").status_code == 404


def test_page_shows_what_the_centre_wrote(contract, visitor):
    shown = Organisation.objects.create(name="Préfecture du Doubs", kind="service-etat")
    hidden = Organisation.objects.create(name="Structure cachée", kind="association", published=False)
    contract.signatories.add(shown, hidden)
    basis = {"basis": "consentement", "basis_on": "2026-01-05", "basis_wording": "Oui"}
    contract.referents.add(
        Person.objects.create(name="Ada", kind="operateur", role="cheffe de projet", published=True, **basis),
        Person.objects.create(name="Personne secrète", kind="expert", published=False),
    )
    contract.axes = "<h2>Emploi</h2><p>Former <script>x</script>ensemble.</p>"
    contract.signed_on = "2024-06-03"
    contract.save()
    document(title="Texte du contrat").contracts.add(contract)
    document(title="Note interne", access="formateurs").contracts.add(contract)
    response = page(visitor)
    html = response.content.decode()
    assert "<h2" in response.context["contract"]["axes_html"]
    assert "<script>x" not in html
    assert values(response)["Signé le"] == "3 juin 2024"
    assert f'href="{shown.get_absolute_url()}"' in html
    assert "Structure cachée" in html
    assert hidden.get_absolute_url() not in html
    assert "cheffe de projet" in html
    assert "Personne secrète" not in html
    assert [card["title"] for card in response.context["cards"]] == ["Texte du contrat"]


def test_page_costs_the_same_for_one_or_many(contract, visitor, django_assert_num_queries):
    def attach(count: int) -> None:
        for number in range(count):
            document(title=f"Document {number}").contracts.add(contract)
            contract.signatories.add(Organisation.objects.create(name=f"Structure {number}", kind="association"))

    attach(1)
    for more in (2, 5):
        page(visitor)
        with django_assert_num_queries(9):
            page(visitor)
        attach(more)
    assert len(page(visitor).context["cards"]) == 8


def test_territory_leads_to_its_contracts(contract, visitor):
    html = visitor.get("/territoires/QN02503M/").content.decode()
    assert f'href="/territoires/contrats/{CODE}/"' in html


def test_postal_code_leads_to_the_quarter_the_epci_and_the_contract(contract, visitor):
    found = visitor.get("/territoires/", {"q": "25200"}).context["found"]
    assert {"Montbéliard", "Petite Hollande", "CA Pays de Montbéliard Agglomération"} <= {entry["label"] for entry in found}
    assert {entry["url"] for entry in found if entry["detail"].startswith("contrat de ville")} == {
        "/territoires/contrats/CN02501M/"  # that of 2015 was carried by an EPCI that merged since
    }


def test_search_finds_a_contract_by_its_quarter(contract):
    search.rebuild()
    found = search.query(search.Query(text="contrat de ville planoise", kinds=("contract",)))
    assert CODE in found.hits[0].url or "CV" in found.hits[0].url


def test_degraded_search_finds_a_contract_by_its_name(contract):
    from network.contracts import database_search

    assert list(database_search(contract.name, frozenset())) != []


def test_editor_writes_beside_the_reference_data(contract, administrator):
    url = f"/admin/network/contract/{contract.pk}/change/"
    assert administrator.get(url).status_code == 200
    assert administrator.get("/admin/network/contract/add/").status_code == 403
    sent = {"signed_on": "03/06/2024", "axes": "<p>Emploi</p>", "signatories": [], "referents": [], "name": "Autre"}
    assert administrator.post(url, sent).status_code == 302
    contract.refresh_from_db()
    assert (str(contract.signed_on), contract.axes, contract.name == "Autre") == ("2024-06-03", "<p>Emploi</p>", False)


class TestTerritoryJoinsEverything:
    def join(self, count: int) -> None:
        place = Territory.objects.get(code="QN02503M")
        for number in range(count):
            entry = Organisation.objects.create(name=f"Structure {number}", kind="association")
            entry.territories.add(place)
            document(title=f"Document {number}").territories.add(place)

    def test_structures_that_act_there_are_shown(self, library, visitor):
        self.join(1)
        Organisation.objects.create(name="Ailleurs", kind="association").territories.add(Territory.objects.get(code="21"))
        Organisation.objects.create(name="Cachée", kind="association", published=False).territories.add(
            Territory.objects.get(code="QN02503M")
        )
        for code in ("QN02503M", "25056", "25", "27"):
            [structures, _] = visitor.get(f"/territoires/{code}/").context["actors"]
            assert "Structure 0" in [card["title"] for card in structures["cards"]], code
        [structures, _] = visitor.get("/territoires/25/").context["actors"]
        assert [card["title"] for card in structures["cards"]] == ["Structure 0"]

    def test_beyond_six_a_link_leads_to_the_directory(self, library, visitor):
        self.join(7)
        [structures, _] = visitor.get("/territoires/QN02503M/").context["actors"]
        assert (len(structures["cards"]), structures["total"]) == (6, 7)
        assert structures["more_url"] == "/reseau/?nature=structures&territoire=QN02503M"

    def test_actions_lead_to_help_and_feeds(self, library, visitor):
        html = visitor.get("/territoires/QN02503M/").content.decode()
        assert 'href="/accompagnement/?lieu=Planoise"' in html
        assert 'href="/ressources/flux.atom?territoire=QN02503M"' in html

    def test_page_costs_the_same_at_1_3_and_300(self, library, visitor, django_assert_num_queries):
        made = 0
        for count in (1, 2, 297):
            self.join(count) if count < 5 else self.many(count)
            made += count
            visitor.get("/territoires/QN02503M/")
            with django_assert_num_queries(19):
                response = visitor.get("/territoires/QN02503M/")
            assert response.context["actors"][0]["total"] == made

    def many(self, count: int) -> None:
        place = Territory.objects.get(code="QN02503M")
        made = Organisation.objects.bulk_create(
            Organisation(name=f"Autre {number}", slug=f"autre-{number}", kind="association") for number in range(count)
        )
        through = Organisation.territories.through
        through.objects.bulk_create(through(organisation=entry, territory=place) for entry in made)
