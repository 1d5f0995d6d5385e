"""The command load_reference: what it loads, that it changes nothing twice, that it keeps what staff wrote."""

import csv
import datetime
import io

import pytest
from django.core.management import CommandError, call_command

from network.management.commands.load_reference import load
from network.models import Audience, Contract, GlossaryEntry, Organisation, Territory, Theme
from network.reference.tables import DATA
from trajectoire.core.models import SiteVersion
from trajectoire.core.search.models import SearchChange

QUARTERS = [
    ("QN02102M", "Fontaine d’Ouche", "Dijon", "Dijon Métropole", "Côte-d’Or"),
    ("QN02503M", "Planoise", "Besançon", "CU Grand Besançon Métropole", "Doubs"),
    ("QN02510M", "Petite Hollande", "Montbéliard", "CA Pays de Montbéliard Agglomération", "Doubs"),
    ("QN03904M", "Chabot – Le Miroir – Faubourg", "Saint-Claude", "CC Haut-Jura Saint-Claude", "Jura"),
    ("QN05804M", "Saint-Laurent", "Cosne-Cours-sur-Loire", "CC Cœur de Loire", "Nièvre"),
    ("QN07004I", "Les Chenevières", "Héricourt", "CC du Pays d’Héricourt", "Haute-Saône"),
    ("QN07107I", "Saint-Pantaléon", "Autun", "CC du Grand Autunois Morvan", "Saône-et-Loire"),
    ("QN07109M", "Rives du Plessis", "Montceau-les-Mines", "CU Le Creusot Montceau-les-Mines", "Saône-et-Loire"),
    ("QN08902I", "Les Brichères – Sainte-Geneviève", "Auxerre", "CA de l’Auxerrois", "Yonne"),
    ("QN09002M", "Les Glacis du Château", "Belfort", "CA Grand Belfort", "Territoire de Belfort"),
]


def run(**options) -> str:
    out = io.StringIO()
    call_command("load_reference", stdout=out, **options)
    return out.getvalue()


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_load_reference_counts_what_the_files_hold(reference):
    assert Territory.objects.counts() == {"qpv": 62, "communes": 37, "departments": 8}
    assert Territory.objects.filter(kind="commune").count() == 3685
    assert Territory.objects.filter(kind="epci").count() == 116
    assert Territory.objects.filter(kind="region").get().name == "Bourgogne-Franche-Comté"
    assert Contract.objects.filter(generation="2024–2030").count() == 23
    assert Contract.objects.filter(generation="2015–2023").count() == 23
    assert Theme.objects.filter(parent=None).count() == 17
    assert Theme.objects.filter(parent__slug="laicite").count() == 12
    assert Audience.objects.count() == 19


def test_load_reference_twice_changes_nothing(reference):
    version, changes = SiteVersion.current(), SearchChange.objects.count()
    assert run().endswith(": 0\u00a0changement.\n")
    assert SiteVersion.current() == version
    assert SearchChange.objects.count() == changes


def test_load_reference_says_what_it_holds(reference):
    said = run()
    assert said.startswith(
        "8\u00a0départements, 116\u00a0intercommunalités, 3\u202f685\u00a0communes, 62\u00a0quartiers prioritaires"
    )


@pytest.mark.parametrize(("code", "name", "commune", "epci", "department"), QUARTERS)
def test_load_reference_places_each_quarter(reference, code, name, commune, epci, department):
    quarter = Territory.objects.with_outlines().get(code=code)
    (row,) = [row for row in table("qpv_bfc_2024.csv") if row["code_qp"] == code]
    assert quarter.name == name
    assert quarter.parent.name == commune
    assert quarter.parent.parent.name == epci
    assert Territory.objects.get(code=quarter.path.split("/")[1]).name == department
    assert [c.code for c in quarter.communes.order_by("code")] == row["insee"].split("|")
    assert (quarter.generation, quarter.status_2024) == (2024, row["statut_2024"])
    assert (quarter.valid_from, quarter.valid_to) == (datetime.date(2024, 1, 1), None)
    assert (quarter.latitude, quarter.longitude) == (float(row["lat"]), float(row["lon"]))
    assert quarter.surface_ha == float(row["surface_ha"])
    assert quarter.outline["type"] in ("Polygon", "MultiPolygon")


def test_load_reference_gives_pages_to_what_matters(reference):
    paged = {
        kind: Territory.objects.with_pages().filter(kind=kind) for kind in ("region", "departement", "epci", "commune", "qpv")
    }
    assert {kind: found.count() for kind, found in paged.items()} == {
        "region": 1,
        "departement": 8,
        "epci": len({row["epci_siren"] for row in table("qpv_bfc_2024.csv")}),
        "commune": 37,
        "qpv": 62,
    }


def test_load_reference_attaches_an_epci_to_the_department_of_most_of_its_communes(reference):
    epci = Territory.objects.get(code="247000722")  # CC du Pays d’Héricourt
    assert epci.parent.code == "70"
    assert {d.code for d in epci.departments.all()} == {"25", "70"}


def test_load_reference_gives_contracts_their_carrier(reference):
    autun = Contract.objects.get(code="CN07104M")
    assert (autun.name, autun.carrier.kind, autun.carrier.name) == ("Contrat de ville d’Autun", "commune", "Autun")
    assert Contract.objects.get(code="CN02503M").carrier.name == "Pontarlier"
    dijon = Contract.objects.get(code="CN02101M")
    assert (dijon.name, dijon.department.name, dijon.population_qpv) == (
        "Contrat de ville de Dijon Métropole",
        "Côte-d’Or",
        24692,
    )
    assert {q.code for q in dijon.qpvs.all()} == {f"QN0210{n}{'N' if n == 6 else 'M'}" for n in range(1, 7)}


def test_load_reference_keeps_the_name_of_a_carrier_that_is_gone(reference):
    former = Contract.objects.get(code="CV073")
    assert (former.carrier, former.carrier_name) == (None, "CA du Pays de Montbéliard")
    assert Contract.objects.get(code="CV066").carrier_name == "Grand Dijon"
    assert Contract.objects.get(code="CV066").carrier.name == "Dijon Métropole"


def test_load_reference_corrects_territories(reference):
    version = SiteVersion.current()
    commune = Territory.objects.get(code="25056")
    Territory.objects.filter(code="25056").update(name="Besac", outline=None)
    Territory.objects.get(code="QN09004M").communes.clear()
    Territory.objects.get(code="QN09004M").departments.add(commune)
    assert run().endswith("4\u00a0changements.\n")
    assert SiteVersion.current() == version + 1
    assert SearchChange.objects.filter(kind="territory", object_pk=commune.pk).exists()
    corrected = Territory.objects.with_outlines().get(code="25056")
    assert corrected.name == "Besançon"
    assert corrected.outline
    assert Territory.objects.get(code="QN09004M").communes.count() == 2


def test_load_reference_keeps_what_staff_wrote(reference):
    Theme.objects.filter(slug="sante").update(name="Santé et bien-être", synonyms="soigner")
    GlossaryEntry.objects.filter(abbreviation="QPV").update(expansion="quartier prioritaire", former=True)
    GlossaryEntry.objects.get(abbreviation="ZUS").successors.clear()
    Audience.objects.filter(slug="elus").update(name="Élues et élus")
    perimeter = Territory.objects.create(code="CITE-1", kind="perimetre", name="Cité éducative")
    perimeter.communes.add(Territory.objects.get(code="25056"))
    assert run().endswith(": 0\u00a0changement.\n")
    assert Theme.objects.get(slug="sante").synonyms == "soigner"
    assert perimeter.communes.count() == 1


def test_load_reference_puts_back_what_is_missing(reference):
    Audience.objects.filter(slug="elus").delete()
    GlossaryEntry.objects.filter(abbreviation="DRDJSCS").delete()
    Theme.objects.filter(slug="espace-public").delete()
    assert load().total() == 5  # a theme, an audience, an entry and its two successors
    entry = GlossaryEntry.objects.get(abbreviation="DRDJSCS")
    assert {after.abbreviation for after in entry.successors.all()} == {"DREETS", "DRAJES"}
    assert entry.former


def test_vocabularies_have_the_agreed_codes(reference):
    agreed = (
        "politique-de-la-ville participation habitat-cadre-de-vie emploi-insertion education jeunesse sante acces-aux-droits "
        "lien-social-culture-sport egalite-femmes-hommes discriminations laicite tranquillite-publique transition-ecologique "
        "mobilites memoire mediation-sociale"
    )
    assert [theme.slug for theme in Theme.objects.filter(parent=None)] == agreed.split()
    assert all(theme.synonym_list for theme in Theme.objects.all())
    abbreviations = (
        "QPV ANRU NPNRU GUSP PRE CLSPD CISPD VRL CRPV ANCT CGET DREETS DRAJES SDJES DRDJSCS CNFPT EPCI CCAS MJC PJJ "
        "ESS CAF FLE TFPB CLS ASV ZSP ZUS CUCS ZFU"
    )
    assert set(abbreviations.split()) <= set(GlossaryEntry.objects.values_list("abbreviation", flat=True))
    after = {e.abbreviation: {s.abbreviation for s in e.successors.all()} for e in GlossaryEntry.objects.filter(former=True)}
    assert (after["CGET"], after["ZUS"], after["CUCS"]) == ({"ANCT"}, {"QPV"}, {"CDV"})


FORMER = """code_qp,nom,insee,communes,successeurs
QP058001,LES BORDS DE LOIRE,58194,Nevers,QN05803M
QP058002,La Baratte - Les Courlis,58194,Nevers,QN05803M
QP025099,Cité Brulard,25056,Besançon,
QP090001,Bellevue,90008|90010,Bavilliers|Belfort,QN09004M
"""


@pytest.fixture
def former(reference, tmp_path):
    path = tmp_path / "qpv_2015.csv"
    path.write_text(FORMER, encoding="utf-8")
    return path


def test_load_reference_adds_the_generation_of_2015(former):
    assert run(qpv_2015=former).endswith("12\u00a0changements.\n")  # 4 quartiers, 5 communes, 3 successors
    merged = Territory.objects.get(code="QN05803M")
    assert {q.name for q in merged.predecessors.all()} == {"Les Bords de Loire", "La Baratte – Les Courlis"}
    before = Territory.objects.get(code="QP058001")
    assert (before.generation, before.is_former, before.has_page) == (2015, True, True)
    assert (before.valid_from, before.valid_to) == (datetime.date(2015, 1, 1), datetime.date(2023, 12, 31))
    assert before.path == "27/58/245804406/58194/QP058001"
    assert Territory.objects.get(code="QP090001").communes.count() == 2
    assert Territory.objects.counts()["qpv"] == 62


def test_load_reference_adds_2015_once(former):
    run(qpv_2015=former)
    assert run(qpv_2015=former).endswith(": 0\u00a0changement.\n")
    assert run().endswith(": 0\u00a0changement.\n")
    assert Territory.objects.get(code="QN05803M").predecessors.count() == 2


def test_load_reference_reads_semicolons_and_a_byte_order_mark(reference, tmp_path):
    path = tmp_path / "excel.csv"
    path.write_text(FORMER.replace(",", ";"), encoding="utf-8-sig")
    assert run(qpv_2015=path).endswith("12\u00a0changements.\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",Sans code,25056,Besançon,", "Ligne 2"),
        ("QN02503M,Planoise,25056,Besançon,", "sert déjà"),
        ("QP1,A,25056,Besançon,\nQP1,B,25056,Besançon,", "Ligne 3"),
        ("QP1,A,75056,Paris,", "n’est pas une commune de la région"),
        ("QP1,A,,,", "n’est pas une commune de la région"),
        ("QP1,A,25056,Besançon,QN99999X", "QN99999X"),
        ("QP1,A", "n’est pas une commune de la région"),
    ],
)
def test_load_reference_refuses_a_bad_line_and_loads_nothing(reference, tmp_path, line, said):
    path = tmp_path / "bad.csv"
    path.write_text(f"code_qp,nom,insee,communes,successeurs\n{line}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        run(qpv_2015=path)
    assert not Territory.objects.filter(generation=2015).exists()


def test_load_reference_refuses_a_file_it_cannot_read(reference, tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être ouvert"):
        run(qpv_2015=tmp_path / "absent.csv")
    latin = tmp_path / "latin.csv"
    latin.write_bytes("code_qp,nom\nQP1,Cité\n".encode("latin-1"))
    with pytest.raises(CommandError, match="UTF-8"):
        run(qpv_2015=latin)
    short = tmp_path / "short.csv"
    short.write_text("code_qp,nom\n", encoding="utf-8")
    with pytest.raises(CommandError, match="insee"):
        run(qpv_2015=short)


def test_load_reference_creates_no_organisation(reference):
    assert not Organisation.objects.exists()


def test_vocabularies_read_as_words(reference):
    assert str(GlossaryEntry.objects.get(abbreviation="ESS")) == "ESS (économie sociale et solidaire)"
    assert str(Audience.objects.get(slug="sante")) == "Santé"
