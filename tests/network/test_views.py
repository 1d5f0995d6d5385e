"""The public pages of territories."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from network.models import Territory
from network.views import documents_about
from tests.factories.documents import document, tomorrow

LIST = "/territoires/"


def page(client, code: str):
    response = client.get(f"/territoires/{code}/")
    assert response.status_code == 200
    return response


def labels(links) -> list[str]:
    return [link["label"] for link in links]


def fact(response, label: str) -> str:
    return next((f["value"] for f in response.context["facts"] if f["label"] == label), "")


def test_list_shows_every_quarter_by_department(reference, visitor):
    response = visitor.get(LIST)
    shown = response.context["departments"]
    assert [department["territory"]["code"] for department in shown] == ["21", "25", "39", "58", "70", "71", "89", "90"]
    quarters = [qpv["url"] for d in shown for commune in d["communes"] for qpv in commune["qpvs"]]
    assert len(set(quarters)) == 62
    assert len(quarters) == 64  # two quartiers lie in two communes
    assert sum(len(department["communes"]) for department in shown) == 37
    assert all(f'href="{url}"' in response.content.decode() for url in quarters)


def test_list_tells_counts_generations_and_sources(reference, visitor):
    response = visitor.get(LIST)
    text = response.content.decode()
    assert response.context["counts"] == {"qpv": 62, "communes": 37, "departments": 8}
    assert "décret n°\u00a02023-1314" in response.context["generations"]
    assert "Licence Ouverte 2.0" in text
    assert "fichier du 15 janvier 2026" in text
    assert text.count("<svg") >= 1


def test_list_tells_how_many_quarters_2015_had_once_loaded(reference, visitor, tmp_path):
    path = tmp_path / "2015.csv"
    path.write_text("code_qp,nom,insee,communes,successeurs\nQP1,Ancien,25056,Besançon,QN02503M\n", encoding="utf-8")
    call_command("load_reference", qpv_2015=path, verbosity=0)
    assert "Celle de 2015 comptait 1\u00a0quartier," in visitor.get(LIST).context["generations"]
    found = visitor.get(LIST, {"q": "ancien"}).context["found"]
    assert found[:1] == [
        {"label": "Ancien", "detail": "quartier prioritaire, Besançon, géographie de 2015", "url": "/territoires/QP1/"}
    ]


@pytest.mark.parametrize(
    ("q", "label", "detail"),
    [
        ("planoise", "Planoise", "quartier prioritaire, Besançon"),
        ("Bethoncourt", "Bethoncourt", "commune, Doubs"),
        ("agey", "Agey", "commune, Côte-d’Or"),
        ("jura", "Jura", "département"),
        ("grand dole", "CA du Grand Dole", "communauté d’agglomération, Jura"),
    ],
)
def test_list_search_finds_by_name(reference, visitor, q, label, detail):
    found = visitor.get(LIST, {"q": q}).context["found"]
    assert {"label": label, "detail": detail}.items() <= found[0].items()


def test_list_search_by_postal_code(reference, visitor):
    response = visitor.get(LIST, {"q": " 25200 "})
    assert {"Montbéliard", "Petite Hollande", "CA Pays de Montbéliard Agglomération"} <= set(labels(response.context["found"]))
    assert response.context["q"] == "25200"


@pytest.mark.parametrize("q", ["zzzz", "<script>alert(1)</script>", "'; DROP TABLE--", "x" * 5000, "é" * 200, "%", "{{zzz*7}}"])
def test_list_search_survives_anything(reference, visitor, q):
    response = visitor.get(LIST, {"q": q})
    assert response.status_code == 200
    assert response.context["found"] == []
    assert "<script>alert" not in response.content.decode()


def test_list_costs_the_same_for_one_or_many(reference, visitor, django_assert_num_queries):
    visitor.get(LIST)
    with django_assert_num_queries(2):  # version, counts
        visitor.get(LIST)
    with django_assert_num_queries(4):  # and the search, the contrats
        visitor.get(LIST, {"q": "planoise"})
    with django_assert_num_queries(4):
        visitor.get(LIST, {"q": "25200"})


def test_quarter_tells_where_and_since_when(reference, visitor):
    response = page(visitor, "QN02503M")
    shown = response.context["territory"]
    assert (shown["name"], shown["kind_label"], shown["status"]) == ("Planoise", "Quartier prioritaire", "périmètre modifié")
    assert shown["generation_label"] == "géographie de 2024"
    assert labels(shown["communes"]) == ["Besançon"]
    assert labels(response.context["breadcrumb"]) == [
        *["Accueil", "Territoires", "Doubs", "CU Grand Besançon Métropole", "Besançon", "Planoise"]
    ]
    assert fact(response, "En vigueur") == "depuis le 1er janvier 2024"
    assert fact(response, "Code du quartier") == "QN02503M"
    assert fact(response, "Surface") == "environ 116 hectares"
    assert fact(response, "Code postal") == "25000"
    assert "CU Grand Besançon Métropole</a>" in fact(response, "Intercommunalité")
    assert [contract["period"] for contract in response.context["contracts"]] == ["2024–2030", "2015–2023"]
    assert response.context["contracts"][0]["population_label"] == "25\u202f627 habitants en quartier prioritaire"
    assert response.context["children"] == []


@pytest.mark.parametrize(
    ("code", "kind", "children", "detail"),
    [
        ("27", "Région", 8, "6\u00a0quartiers prioritaires"),
        ("25", "Département", 4, "9\u00a0quartiers prioritaires"),
        ("200065647", "Communauté d’agglomération", 6, "2\u00a0quartiers prioritaires"),
        ("25056", "Commune", 6, ""),
        ("90099", "Commune", 1, ""),
        ("90", "Département", 1, "7\u00a0quartiers prioritaires"),
    ],
)
def test_territory_shows_what_it_contains(reference, visitor, code, kind, children, detail):
    response = page(visitor, code)
    assert response.context["territory"]["kind_label"] == kind
    assert len(response.context["children"]) == children
    assert response.context["children"][0]["detail"] == detail


def test_department_names_an_epci_without_quarter_in_it(reference, visitor):
    details = {child["label"]: child["detail"] for child in page(visitor, "25").context["children"]}
    assert details["CC du Pays d’Héricourt"] == ""  # its quartier is on the other side, in Haute-Saône
    assert "CC du Pays d’Héricourt" in labels(page(visitor, "70").context["children"])


def test_territory_facts_suit_its_kind(reference, visitor):
    epci, commune = page(visitor, "200065647"), page(visitor, "89024")
    assert fact(epci, "Numéro SIREN") == "200065647"
    assert fact(epci, "Population") == "139\u202f232 habitants"
    assert fact(commune, "Codes postaux") == "89000, 89290"
    assert fact(commune, "Code INSEE") == "89024"
    assert fact(page(visitor, "21"), "Code du département") == "21"


def test_contract_is_shown_to_all_it_concerns(reference, visitor):
    def shown(code):
        return {(c["name"], c["period"]) for c in page(visitor, code).context["contracts"]}

    autun, gray = ("Contrat de ville d’Autun", "2024–2030"), "Contrat de ville de la CC Val de Gray"
    assert shown("QN07107I") == shown("71014") == shown("200070530") == {autun}  # carried by the commune
    assert shown("QN07005M") == shown("70279") == shown("200036549") == {(gray, "2024–2030"), (gray, "2015–2023")}
    assert {autun, ("Contrat de ville de la CC du Grand Autunois Morvan", "2015–2023")} <= shown("71")
    assert shown("27") == set()


def test_contract_without_population_says_nothing_of_it(reference, visitor):
    Territory.objects.get(code="QN02503M").contracts.update(population_qpv=None)
    assert page(visitor, "QN02503M").context["contracts"][0]["population_label"] == ""


@pytest.mark.parametrize(
    ("code", "leads_to"),
    [
        ("21001", "/territoires/21/"),
        ("25001", "/territoires/25/"),
        ("25112", "/territoires/242500361/"),
        ("200000925", "/territoires/21/"),
    ],
)
def test_commune_or_epci_without_a_page_leads_to_what_holds_it(reference, visitor, code, leads_to):
    response = visitor.get(f"/territoires/{code}/")
    assert (response.status_code, response.headers["Location"]) == (302, leads_to)


@pytest.mark.parametrize("code", ["nowhere", "QN99999X", "qn02503m"])
def test_unknown_territory_is_not_found(reference, visitor, code):
    assert visitor.get(f"/territoires/{code}/").status_code == 404
    assert visitor.get(f"/territoires/{code}.geojson").status_code == 404


def test_territory_without_a_page_nor_a_place_to_lead_to_is_not_found(reference, visitor):
    Territory.objects.create(code="99999", kind="commune", name="Sans parent")
    Territory.objects.create(code="CITE-1", kind="perimetre", name="Cité", parent=Territory.objects.get(code="25056"))
    assert visitor.get("/territoires/99999/").status_code == 404
    assert visitor.get("/territoires/CITE-1/").status_code == 404
    assert visitor.get("/territoires/21001.geojson").status_code == 404


def test_perimeter_shows_its_communes(reference, visitor):
    made = Territory.objects.create(code="CITE-1", kind="perimetre", name="Cité éducative", has_page=True, population_year=None)
    made.communes.set(Territory.objects.filter(code__in=["25056", "25388"]))
    response = page(visitor, "CITE-1")
    assert labels(response.context["territory"]["communes"]) == ["Besançon", "Montbéliard"]
    assert fact(response, "Code") == "CITE-1"
    assert fact(response, "Population") == fact(response, "En vigueur") == ""


def test_population_tells_its_year_when_known(reference, visitor):
    Territory.objects.filter(code="25056").update(population_year=2023)
    assert fact(page(visitor, "25056"), "Population") == "118\u202f489 habitants en 2023"


def test_territory_shows_documents_about_what_it_contains(library, visitor):
    document("Radio de Planoise", territories=["QN02503M"])
    document("Jardins de Dijon", territories=["21231"])
    for code in ("QN02503M", "25056", "242500361", "25", "27"):
        assert "Radio de Planoise" in [card["title"] for card in page(visitor, code).context["cards"]]
    assert [card["title"] for card in page(visitor, "21").context["cards"]] == ["Jardins de Dijon"]
    assert page(visitor, "QN02102M").context["cards"] == []


def test_territory_lists_a_document_once(library, visitor):
    document("Deux quartiers", territories=["QN02503M", "QN02504M", "25056"])
    response = page(visitor, "25")
    assert (len(response.context["cards"]), response.context["documents_total"]) == (1, 1)
    assert response.context["documents_url"] == "/ressources/?territoire=25"


def test_territory_shows_the_latest_twelve(library, visitor):
    for number in range(14):
        document(f"Note {number}", territories=["25056"])
    response = page(visitor, "25056")
    assert (len(response.context["cards"]), response.context["documents_total"]) == (12, 14)
    assert "14 ressources" in response.content.decode()


def test_territory_hides_what_may_not_be_read(library, visitor, trainer):
    document("Réservé", territories=["25056"], access="formateurs")
    document("Brouillon", territories=["25056"], status="draft")
    document("Demain", territories=["25056"], publish_at=tomorrow())
    assert page(visitor, "25056").context["documents_total"] == 0
    assert [card["title"] for card in page(trainer, "25056").context["cards"]] == ["Réservé"]


def test_quarter_shows_what_was_written_about_those_before(library, visitor, tmp_path):
    path = tmp_path / "2015.csv"
    path.write_text(
        "code_qp,nom,insee,communes,successeurs\nQP1,Bords de Loire,58194,Nevers,QN05803M\nQP2,La Baratte,58194,Nevers,QN05803M\n",
        encoding="utf-8",
    )
    call_command("load_reference", qpv_2015=path, verbosity=0)
    document("Au bord de la Loire", territories=["QP1"])
    current = page(visitor, "QN05803M")
    assert [card["title"] for card in current.context["cards"]] == ["Au bord de la Loire"]
    assert current.context["predecessor_note"] == (
        "Les ressources sur les anciens quartiers de 2015 (Bords de Loire, La Baratte) sont aussi montrées ici."
    )
    former = page(visitor, "QP1")
    assert fact(former, "En vigueur") == "du 1er janvier 2015 au 31 décembre 2023"
    assert "/territoires/QN05803M/" in fact(former, "Devenu")
    assert former.context["predecessor_note"] == ""
    assert [card["title"] for card in page(visitor, "58194").context["cards"]] == ["Au bord de la Loire"]
    details = {child["label"]: child["detail"] for child in page(visitor, "58194").context["children"]}
    assert (details["Le Banlay"], details["La Baratte"]) == ("", "géographie de 2015")
    Territory.objects.get(code="QP2").delete()
    assert "l’ancien quartier de 2015" in page(visitor, "QN05803M").context["predecessor_note"]


def test_validity_tells_an_end_alone(reference, visitor):
    Territory.objects.create(code="CITE-1", kind="perimetre", name="Cité", has_page=True, valid_to="2025-06-15")
    assert fact(page(visitor, "CITE-1"), "En vigueur") == "jusqu’au 15 juin 2025"


@pytest.mark.parametrize("documents", [1, 3])
def test_territory_costs_the_same_for_one_or_three_documents(library, visitor, documents, django_assert_num_queries):
    for number in range(documents):
        document(f"Note {number}", territories=["QN02503M", "25056"], themes=["education", "sante"])
    page(visitor, "QN02503M")
    with django_assert_num_queries(16):
        page(visitor, "QN02503M")
    page(visitor, "25")
    with django_assert_num_queries(18):
        page(visitor, "25")


def test_documents_about_is_one_query(library, django_assert_num_queries):
    place = Territory.objects.get(code="27")
    document(territories=["QN02503M"])
    with django_assert_num_queries(1):
        assert documents_about(place, AnonymousUser()).count() == 1


@pytest.mark.parametrize(
    ("code", "shape"), [("QN02503M", "Polygon"), ("25", "Polygon"), ("25056", "Polygon"), ("21", "MultiPolygon")]
)
def test_geojson_is_a_valid_feature(reference, visitor, code, shape):
    response = visitor.get(f"/territoires/{code}.geojson")
    assert response.headers["Content-Type"] == "application/geo+json"
    feature = json.loads(response.content)
    assert (feature["type"], feature["id"], feature["geometry"]["type"]) == ("Feature", code, shape)
    rings = [ring for polygon in [feature["geometry"]["coordinates"]] for ring in (polygon if shape == "Polygon" else polygon[0])]
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)
    longitudes, latitudes = zip(*(position for ring in rings for position in ring), strict=True)
    assert (min(longitudes) > 2, max(longitudes) < 8, min(latitudes) > 46, max(latitudes) < 49) == (True,) * 4


def test_outline_is_offered_when_there_is_one(reference, visitor):
    assert page(visitor, "QN02503M").context["geojson_url"] == "/territoires/QN02503M.geojson"
    assert page(visitor, "27").context["geojson_url"] == "/territoires/27.geojson"
    assert page(visitor, "242500361").context["geojson_url"] == ""


def test_geojson_without_outline_gives_the_point_or_nothing(reference, visitor):
    Territory.objects.filter(code="25056").update(outline=None)
    feature = visitor.get("/territoires/25056.geojson").json()
    assert feature["geometry"] == {"type": "Point", "coordinates": [6.0187, 47.2602]}
    assert visitor.get("/territoires/242500361.geojson").json()["geometry"] is None
    assert feature["properties"]["territoires"] == ["Bourgogne-Franche-Comté", "Doubs", "CU Grand Besançon Métropole"]


@pytest.mark.parametrize("path", [LIST, "/territoires/25/", "/territoires/25.geojson"])
def test_territories_are_read_only(reference, visitor, path):
    assert visitor.post(path).status_code == 405
    assert visitor.head(path).status_code == 200


def test_map_of_a_page_is_well_formed(reference, visitor):
    text = page(visitor, "QN02503M").content.decode()
    svg = re.search(r'<figure class="map">.*?(<svg.*?</svg>)', text, re.DOTALL).group(1)
    assert ElementTree.fromstring(svg).get("aria-label") == "Carte\u00a0: Planoise"
