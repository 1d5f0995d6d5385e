"""Structures from a table: what is recognised, completed, left aside; twice the same file changes nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from network.importing.columns import guess
from network.importing.planning import Plan, plan
from network.importing.writing import carry_out
from network.models import DirectoryAddress, Organisation, Territory
from trajectoire.core import tables
from trajectoire.core.search.models import SearchChange

pytestmark = pytest.mark.usefixtures("reference")
GOOD_SIRET, OTHER_SIRET = "81520791500019", "81520791500027"


def bring(text: str, source: str = "Fichier de l’État, 2025"):
    """Plan and carry out; the plan."""
    table = tables.read("x.csv", text.encode())
    made = plan(table, guess(table.headers), [source])
    carry_out(made)
    return made


def known(**fields) -> Organisation:
    return Organisation.objects.create(**{"name": "MJC de Chenôve", "kind": "centre-social", **fields})


def notes(made) -> str:
    return " ".join(note for line in made.lines for note in line.notes)


def test_titles_are_recognised():
    headers = ["Raison sociale", "N° SIRET", "DÉP", "Code postal", "Courriel", "Inconnu", "Nom"]
    assert guess(headers) == {"name": 0, "siret": 1, "department": 2, "place": 3, "email": 4}
    assert guess(["raison_sociale", "siret"]) == {"name": 0, "siret": 1}


def test_line_becomes_a_structure_with_all_it_says():
    made = bring(
        "nom;siret;nature;departement;commune;mail;telephone;site;adresse;presentation;themes;anciens noms\n"
        "Maison de l’été;815 207 915 00019;CCAS;25;Besançon;A@B.fr;03 81;exemple.fr;1 rue;On aide;Santé, Jeunesse;Ancienne maison\n"
    )
    assert made.counts == {"créée": 1, "complétée": 0, "inchangée": 0, "refusée": 0}
    stored = Organisation.objects.get()
    assert (stored.siret, stored.kind, stored.email, stored.website) == (GOOD_SIRET, "ccas", "a@b.fr", "https://exemple.fr")
    assert (stored.address, stored.summary, stored.former_names) == ("1 rue", "On aide", "Ancienne maison")
    assert [t.code for t in stored.territories.all()] == ["25056"]
    assert {t.slug for t in stored.themes.all()} >= {"jeunesse"}
    assert stored.sources == "Fichier de l’État, 2025"
    assert stored.published_at is not None
    assert DirectoryAddress.objects.get().organisation == stored
    assert SearchChange.objects.filter(kind="organisation", object_pk=stored.pk).exists()


def test_same_file_twice_changes_nothing():
    text = "nom;siret;dep;sources\nMJC A;;25;x\nASS. MJC A;;25;y\nCCAS B;81520791500019;21;\nCentre C;81520791500019;21;\n"
    bring(text)
    before = list(Organisation.objects.order_by("pk").values())
    again = bring(text)
    assert again.counts == {"créée": 0, "complétée": 0, "inchangée": 4, "refusée": 0}
    assert list(Organisation.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("variant", ["M.J.C. DE CHENOVE", "Ass. MJC Chenôve", "mjc de chenove"])
def test_name_written_otherwise_is_recognised(variant):
    known()
    made = bring(f"nom;dep\n{variant};21\n")
    assert made.counts["créée"] == 0
    assert Organisation.objects.get().territories.get().code == "21"


def test_former_name_is_recognised():
    known(former_names="Foyer de Chenôve")
    assert bring("nom\nFoyer de Chenôve\n").counts["créée"] == 0


def test_siret_wins_over_the_name_and_the_other_name_is_kept():
    known(siret=GOOD_SIRET)
    bring(f"nom;siret\nTout autre nom;{GOOD_SIRET}\n")
    assert Organisation.objects.get().former_names == "Tout autre nom"


def test_same_name_elsewhere_or_with_another_siret_is_another_structure():
    known(siret=GOOD_SIRET).territories.add(Territory.objects.get(code="21"))
    made = bring(f"nom;dep;siret\nMJC de Chenôve;25;\nMJC de Chenôve;21;{OTHER_SIRET}\n")
    assert made.counts["créée"] == 2
    assert "mais un autre SIRET\u00a0: gardées toutes deux." in notes(made)
    assert len(set(Organisation.objects.values_list("slug", flat=True))) == 3


def test_what_is_known_is_completed_never_replaced():
    known(website="https://a.fr", email="", sources="Saisie du centre").territories.add(Territory.objects.get(code="21231"))
    made = bring("nom;site;mail;departement\nMJC de Chenôve;b.fr;contact@mjc.fr;21\n")
    stored = Organisation.objects.get()
    assert (stored.website, stored.email) == ("https://a.fr", "contact@mjc.fr")
    assert "Site\u00a0: «\u00a0https://a.fr\u00a0» est gardé, le fichier dit «\u00a0https://b.fr\u00a0»." in notes(made)
    assert stored.sources == "Saisie du centre\nFichier de l’État, 2025"
    assert [t.code for t in stored.territories.all()] == ["21231"]  # the department says less
    assert stored.version == 1


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("siret", "81520791500018", "SIRET «\u00a081520791500018\u00a0» faux"),
        ("siret", f"{GOOD_SIRET}|{OTHER_SIRET}", f"Plusieurs SIRET\u00a0: {GOOD_SIRET} est gardé, {OTHER_SIRET} laissé de côté."),
        ("mail", "a@b.fr\\r\\nBcc: x@y.fr", "incomplète"),
        ("site", "javascript:alert(1)", "ce n’est pas une adresse"),
        ("commune", "Saint-Claude-les-Absents", "inconnu ou ambigu (une commune fusionnée"),
        ("departement", "99", "Département «\u00a099\u00a0» inconnu."),
        ("nature", "Confrérie", "Nature «\u00a0Confrérie\u00a0» inconnue"),
        ("themes", "Astrologie", "Thème «\u00a0Astrologie\u00a0» inconnu"),
        ("telephone", "0" * 40, "Texte coupé à 30 caractères."),
    ],
)
def test_wrong_cell_is_told_and_the_line_is_kept(column, value, sentence):
    made = bring(f"nom;{column}\nMJC;{value}\n")
    assert made.counts["créée"] == 1
    assert sentence in notes(made)


@pytest.mark.parametrize(("name", "sentence"), [("", "Le nom manque."), ("x" * 201, "plus de 200 caractères")])
def test_line_without_a_fit_name_is_refused(name, sentence):
    made = bring(f"nom;dep\n{name};25\nMJC;25\n")
    assert made.counts["refusée"] == 1
    assert sentence in notes(made)
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("Doubs;", "25"),
        ("2;", ""),
        ("25;25056", "25056"),
        ("25;BESANCON CEDEX", "25056"),
        ("25;25000 Besançon", "25056"),
        (";Planoise", "QN02503M"),
        ("21;Planoise", "21"),
        (";01000", ""),
        (";25200", ""),
    ],
)
def test_place_is_the_most_precise_known(cells, code):
    bring(f"nom;departement;commune\nMJC;{cells}\n")
    assert [t.code for t in Organisation.objects.get().territories.all()] == ([code] if code else [])


def test_quarter_of_2015_does_not_hide_that_of_today():
    parent = Territory.objects.get(code="25")
    Territory.objects.create(code="QP025002", name="Planoise", kind="qpv", generation=2015, parent=parent)
    bring("nom;departement;commune\nMJC;25;Planoise\n")
    assert [t.code for t in Organisation.objects.get().territories.all()] == ["QN02503M"]


def test_contrats_lead_to_who_carries_them():
    bring("nom;contrats_de_ville\nMJC;CN02101M|CV066|XX\n")
    assert {t.code for t in Organisation.objects.get().territories.all()} == {"242100410"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("COMMUNE DE TALANT", "collectivite"),
        ("CTRE COM ACTION SOCIALE", "ccas"),
        ("M.J.C. Grésilles", "centre-social"),
        ("FC GRESILLES", "association"),
    ],
)
def test_nature_is_guessed_from_the_name(name, kind):
    bring(f"nom\n{name}\n")
    assert Organisation.objects.get().kind == kind


def test_likeness_is_told_without_joining():
    known(name="Radio Sud Besançon")
    made = bring("nom\nRadios Sud Besançon\n")
    assert made.counts["créée"] == 1
    assert "Ressemble à «\u00a0Radio Sud Besançon\u00a0» (nom très proche)." in notes(made)


def test_lines_of_one_structure_are_joined():
    made = bring("nom;siret;mail\nMJC;;\nASSOC MJC;;a@b.fr\nMJC;;\n")
    assert [line.action for line in made.lines] == ["créée", "complétée", "inchangée"]
    assert Organisation.objects.get().email == "a@b.fr"


def test_formula_is_only_a_text():
    bring('nom\n"=HYPERLINK(""http://x"")"\n')
    assert Organisation.objects.get().name == '=HYPERLINK("http://x")'


def test_many_lines_cost_few_queries(django_assert_max_num_queries):
    text = "nom;dep\n" + "".join(f"Structure numéro {n};25\n" for n in range(3_000))
    with django_assert_max_num_queries(150):
        assert bring(text).counts["créée"] == 3_000


def test_empty_plan_writes_nothing():
    before = SearchChange.objects.count()
    carry_out(Plan())
    assert SearchChange.objects.count() == before
    assert not Organisation.objects.exists()


class TestCommand:
    def run(self, path, *words: str) -> str:
        out = StringIO()
        call_command("import_organisations", str(path), *words, stdout=out)
        return out.getvalue()

    def test_dry_run_tells_and_writes_nothing(self, tmp_path):
        path = tmp_path / "structures.csv"
        path.write_text("raison_sociale;siret\nMJC;1\nCCAS;\n", encoding="cp1252")
        told = self.run(path, "--dry-run")
        assert "raison_sociale → Nom" in told
        assert "ligne 2, MJC\u00a0: créée. SIRET «\u00a01\u00a0» faux" in told
        assert told.endswith("2 créées, 0 complétée, 0 inchangée, 0 refusée.\n")
        assert not Organisation.objects.exists()
        self.run(path, "--source", "Essai")
        assert Organisation.objects.count() == 2

    def test_what_cannot_be_read_is_told(self, tmp_path):
        with pytest.raises(CommandError, match="absent"):
            self.run(tmp_path / "absent.csv")
        path = tmp_path / "x.csv"
        path.write_text("colonne;autre\na;b\n")
        with pytest.raises(CommandError, match="Aucune colonne ne ressemble à un nom"):
            self.run(path)
