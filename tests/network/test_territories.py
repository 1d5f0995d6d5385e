import pytest

from network.models import Contract, Territory


def names(queryset) -> list[str]:
    return [territory.name for territory in queryset]


def test_territory_save_keeps_the_words_it_is_found_by(reference):
    Territory.objects.get(code="QN02503M").save()
    assert Territory.objects.get(code="QN02503M").search_name == "planoise besancon"


def test_territory_tells_what_it_is(reference):
    quarter, epci = Territory.objects.get(code="QN02503M"), Territory.objects.get(code="242500361")
    assert str(quarter) == "Planoise (QN02503M)"
    assert quarter.get_absolute_url() == "/territoires/QN02503M/"
    assert quarter.ancestor_codes == ["27", "25", "242500361", "25056", "QN02503M"]
    assert (quarter.kind_label, epci.kind_label) == ("quartier prioritaire", "communauté urbaine")
    assert (quarter.located, quarter.is_former) == ("dans le quartier Planoise", False)


def test_territory_outline_is_read_only_when_asked(reference, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Territory.objects.with_outlines().get(code="25").outline["type"] == "Polygon"
    assert "outline" in Territory.objects.get(code="25").get_deferred_fields()


def test_in_territory_holds_all_below(reference):
    inside = Territory.objects.in_territory(Territory.objects.get(code="27"))
    assert inside.count() == Territory.objects.count()
    commune = Territory.objects.get(code="25056")
    assert set(names(Territory.objects.in_territory(commune))) == {
        *["Besançon", "Planoise", "Montrapon", "Clairs Soleil", "Orchamps-Palente", "Battant", "Hauts de Saint-Claude"]
    }


def test_in_territory_follows_an_epci_across_departments(reference):
    epci = Territory.objects.get(code="247000722")  # in Haute-Saône, with communes of Doubs
    inside = Territory.objects.in_territory(epci).filter(kind="commune")
    assert {commune.path.split("/")[1] for commune in inside} == {"25", "70"}
    doubs = Territory.objects.in_territory(Territory.objects.get(code="25"))
    assert epci in doubs
    assert not doubs.filter(kind="commune").exclude(code__startswith="25").exists()
    assert doubs.filter(kind="commune").count() == Territory.objects.filter(kind="commune", code__startswith="25").count()


def test_in_territory_holds_a_quarter_of_two_communes_in_each(reference):
    for code in ("90075", "90099"):
        commune = Territory.objects.get(code=code)
        assert "Arsot – Rives du Martinet" in names(Territory.objects.in_territory(commune))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("planoise", ["Planoise"]),
        ("Besançon", ["Besançon"]),
        ("BESANCON planoise", ["Planoise"]),
        ("st claude", ["Saint-Claude"]),
        ("  fontaine d'ouche ", ["Fontaine d’Ouche"]),
        ("25056", ["Besançon"]),
        ("qn02503m", ["Planoise"]),
        ("21", ["Côte-d’Or"]),
        ("doubs", ["Doubs"]),
        ("21002", ["Agey"]),
    ],
)
def test_search_finds_by_name_or_code(reference, text, first):
    assert names(Territory.objects.search(text)[:1]) == first


def test_search_by_postal_code_finds_communes_epci_and_quarters(reference):
    found = Territory.objects.search("25200")
    paged = {territory.name for territory in found if territory.has_page}
    assert {"Montbéliard", "Bethoncourt", "Grand-Charmont", "CA Pays de Montbéliard Agglomération"} <= paged
    assert {"Petite Hollande", "Chiffogne", "Batteries du Parc", "Champvallon", "Les Fougères"} <= paged
    assert not {"Besançon", "Planoise", "Sochaux"} & paged
    assert found[0].has_page
    assert "Devecey" not in names(found)  # its INSEE code is 25200: nobody means it


@pytest.mark.parametrize("text", ["", "  ", "’", "zzzz", "99999", "anoise", "%", "_"])
def test_search_finds_nothing_for_nothing(reference, text):
    assert not Territory.objects.search(text).exists()


def test_contract_says_its_period(reference):
    contract = Contract.objects.get(code="CN02101M")
    assert str(contract) == "Contrat de ville de Dijon Métropole (2024–2030)"
