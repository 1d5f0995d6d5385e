"""Every page of a quartier opens and says what the source says: each row of the file against what is shown."""

import csv
import gzip
from pathlib import Path

from django.conf import settings

DATA = Path(settings.BASE_DIR) / "network" / "data"


def rows() -> list[dict[str, str]]:
    with (DATA / "qpv_bfc_2024.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_each_of_the_62_quarters_says_what_its_source_says(reference, visitor):
    quarters = rows()
    assert len(quarters) == 62
    for row in quarters:
        response = visitor.get(f"/territoires/{row['code_qp']}/")
        assert response.status_code == 200
        shown, facts = response.context["territory"], {f["label"]: str(f["value"]) for f in response.context["facts"]}
        assert {link["url"] for link in shown["communes"]} == {f"/territoires/{code}/" for code in row["insee"].split("|")}
        assert shown["status"] == row["statut_2024"]
        assert f"/territoires/{row['departement']}/" in facts["Département"]
        assert f"/territoires/{row['epci_siren']}/" in facts["Intercommunalité"]
        assert facts["Surface"].split()[1] == str(round(float(row["surface_ha"])))
        assert f"/territoires/contrats/{row['contrat_de_ville']}/" in {c["url"] for c in response.context["contracts"]}
        assert response.context["map_svg"].count("<a ") >= 1


def test_each_quarter_is_given_as_geojson(reference, visitor):
    for row in rows():
        feature = visitor.get(f"/territoires/{row['code_qp']}.geojson").json()
        assert (feature["id"], feature["geometry"]["type"]) == (row["code_qp"], feature["geometry"]["type"])
        assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")


def test_the_source_is_not_read_from_the_same_file():
    """The outlines come from another file, with the same 62 codes."""
    with gzip.open(DATA / "qpv_bfc_2024.geojson.gz", "rt", encoding="utf-8") as stored:
        text = stored.read()
    assert all(row["code_qp"] in text for row in rows())
