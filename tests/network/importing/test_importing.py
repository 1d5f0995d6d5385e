"""Structures from a table: what is recognised, completed, left aside; twice the same file changes nothing."""

import pytest
from django.conf import settings

from network.directory.faces import COLUMNS as COLUMNS_SHOWN
from network.importing.columns import COLUMNS
from network.models import DirectoryAddress, DuplicatePair, Organisation, Person, Territory
from tests.factories import directory, tables
from trajectoire.core import spreadsheets
from trajectoire.core.importing.columns import guess
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.search.models import SearchChange

pytestmark = pytest.mark.usefixtures("reference")
GOOD_SIRET, OTHER_SIRET = "81520791500019", "81520791500027"


def bring(text: str, job: str = "import", source: str = "Fichier de l’État, 2025", **options) -> ImportRun:
    return tables.bring("structures", text, job, source=source, **options)


def known(**fields) -> Organisation:
    return Organisation.objects.create(**{"name": "MJC de Chenôve", "kind": "centre-social", **fields})


def actions(run: ImportRun) -> list[str]:
    return list(run.lines.values_list("action", flat=True))


def test_titles_are_recognised():
    headers = ["Raison sociale", "N° SIRET", "DÉP", "Code postal", "Courriel", "Inconnu", "Nom"]
    assert guess(COLUMNS, headers) == {"name": 0, "siret": 1, "department": 2, "place": 3, "email": 4}
    assert guess(COLUMNS, ["raison_sociale", "siret"]) == {"name": 0, "siret": 1}
    assert guess(COLUMNS, ["Nom", "Code postal", "Commune"]) == {"name": 0, "department": 1, "place": 2}


def test_line_becomes_a_structure_with_all_it_says():
    made = bring(
        "nom;siret;nature;departement;commune;mail;telephone;site;adresse;presentation;themes;anciens noms\n"
        "Maison de l’été;815 207 915 00019;CCAS;25;Besançon;A@B.fr;03 81;exemple.fr;1 rue;On aide;Santé, Jeunesse;Ancienne maison\n"
    )
    assert made.counts == {"nouveau": 1}
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
    assert again.counts == {"inchange": 4}
    assert list(Organisation.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("variant", ["M.J.C. DE CHENOVE", "Ass. MJC Chenôve", "mjc de chenove"])
def test_name_written_otherwise_is_recognised(variant):
    known()
    made = bring(f"nom;dep\n{variant};21\n")
    assert made.counts.get("nouveau") is None
    assert Organisation.objects.get().territories.get().code == "21"


def test_former_name_is_recognised():
    known(former_names="Foyer de Chenôve")
    assert bring("nom\nFoyer de Chenôve\n").counts.get("nouveau") is None


def test_siret_wins_over_the_name_and_the_other_name_is_kept():
    known(siret=GOOD_SIRET)
    bring(f"nom;siret\nTout autre nom;{GOOD_SIRET}\n")
    assert Organisation.objects.get().former_names == "Tout autre nom"


def test_same_name_elsewhere_or_with_another_siret_is_another_structure():
    known(siret=GOOD_SIRET).territories.add(Territory.objects.get(code="21"))
    made = bring(f"nom;dep;siret\nMJC de Chenôve;25;\nMJC de Chenôve;21;{OTHER_SIRET}\n")
    assert made.counts["nouveau"] == 2
    assert "mais un autre SIRET\u00a0: gardées toutes deux." in tables.told(made)
    assert len(set(Organisation.objects.values_list("slug", flat=True))) == 3


def test_what_is_known_is_completed_never_replaced():
    known(website="https://a.fr", email="", sources="Saisie du centre").territories.add(Territory.objects.get(code="21231"))
    made = bring("nom;site;mail;departement\nMJC de Chenôve;b.fr;contact@mjc.fr;21\n")
    stored = Organisation.objects.get()
    assert (stored.website, stored.email) == ("https://a.fr", "contact@mjc.fr")
    assert "Site internet\u00a0: «\u00a0https://a.fr\u00a0» est gardé, le fichier dit «\u00a0https://b.fr\u00a0»." in tables.told(
        made
    )
    assert stored.sources == "Saisie du centre\nFichier de l’État, 2025"
    assert [t.code for t in stored.territories.all()] == ["21231"]  # the department says less
    assert stored.version == 1


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("siret", "81520791500018", "SIRET «\u00a081520791500018\u00a0» faux"),
        ("siret", f"{GOOD_SIRET}|{OTHER_SIRET}", f"Plusieurs SIRET\u00a0: {GOOD_SIRET} est gardé, {OTHER_SIRET} laissé de côté."),
        ("mail", "a@b.fr\\r\\nBcc: x@y.fr", "n’est pas complète. Laissé de côté."),
        ("site", "javascript:alert(1)", "n’est pas l’adresse d’un site. Laissé de côté."),
        ("commune", "Saint-Claude-les-Absents", "inconnu ou ambigu (une commune fusionnée"),
        ("departement", "99", "Département «\u00a099\u00a0» inconnu."),
        ("nature", "Confrérie", "Nature «\u00a0Confrérie\u00a0» inconnue"),
        ("themes", "Astrologie", "Thème «\u00a0Astrologie\u00a0» inconnu"),
        ("telephone", "0" * 40, "Texte coupé à 30 caractères."),
    ],
)
def test_wrong_cell_is_told_and_the_line_is_kept(column, value, sentence):
    made = bring(f"nom;{column}\nMJC;{value}\n")
    assert made.counts["nouveau"] == 1
    assert sentence in tables.told(made)


@pytest.mark.parametrize(("name", "sentence"), [("", "Le nom manque."), ("x" * 201, "plus de 200 caractères")])
def test_line_without_a_fit_name_is_refused(name, sentence):
    made = bring(f"nom;dep\n{name};25\nMJC;25\n")
    assert made.counts["refuse"] == 1
    assert sentence in tables.told(made)
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
        (";25200", "25"),  # several communes have it
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
    assert made.counts["nouveau"] == 1
    assert "Ressemble à «\u00a0Radio Sud Besançon\u00a0» (nom très proche)." in tables.told(made)


def test_lines_of_one_structure_are_joined():
    made = bring("nom;siret;mail\nMJC;;\nASSOC MJC;;a@b.fr\nMJC;;\n")
    assert actions(made) == ["nouveau", "complete", "inchange"]
    assert Organisation.objects.get().email == "a@b.fr"


def test_formula_is_only_a_text():
    bring('nom\n"=HYPERLINK(""http://x"")"\n')
    assert Organisation.objects.get().name == '=HYPERLINK("http://x")'


def test_writing_costs_the_same_for_each_line(django_assert_max_num_queries):
    bring("nom\nPremière\n")
    text = "nom;dep\n" + "".join(f"Structure numéro {n};25\n" for n in range(20))
    with django_assert_max_num_queries(20 * 15 + 60):
        assert bring(text).counts["nouveau"] == 20


def test_try_joins_the_lines_of_one_structure_and_writes_nothing():
    made = bring("nom;siret;mail\nMJC;;\nASSOC MJC;;a@b.fr\nMJC;;\n", "essai")
    assert actions(made) == ["nouveau", "complete", "inchange"]
    assert "Réunie à «\u00a0MJC\u00a0», plus haut dans le fichier." in tables.told(made)
    assert not Organisation.objects.exists()


def test_line_that_cannot_be_written_is_joined_by_none(monkeypatch):
    """Another process took the same SIRET between the reading and the writing."""
    from network.importing import organisations

    create = organisations.create

    def first_time_taken(values, slugs):
        monkeypatch.setattr(organisations, "create", create)
        known(name="Prise", siret=GOOD_SIRET)
        return create(values, slugs)

    monkeypatch.setattr(organisations, "create", first_time_taken)
    known(name="Tout autre chose", siret=OTHER_SIRET)
    made = bring(f"nom;siret\nMJC;{GOOD_SIRET}\nMJC;\n")
    assert actions(made) == ["refuse", "nouveau"]


def test_what_is_known_is_replaced_when_staff_asks_for_it():
    known(website="https://a.fr")
    assert bring("nom;site\nMJC de Chenôve;b.fr\n", replace=True).counts == {"complete": 1}
    assert Organisation.objects.get().website == "https://b.fr"


def test_page_of_the_site_recognises_the_structure():
    stored = known()
    made = bring(f"nom;adresse\nNom tout neuf;{settings.SITE_URL}{stored.get_absolute_url()}\nAutre;https://exemple.fr/contact\n")
    assert actions(made) == ["complete", "nouveau"]
    assert (stored.address, Organisation.objects.get(name="Autre").website) == ("", "https://exemple.fr/contact")


def test_page_of_someone_is_refused_and_a_page_that_is_gone_says_nothing():
    someone = directory.person("Ada")
    made = bring(f"nom;adresse\nAda;{settings.SITE_URL}{someone.get_absolute_url()}\nMJC;{settings.SITE_URL}/reseau/absente/\n")
    assert actions(made) == ["refuse", "nouveau"]
    assert "seules les structures" in tables.told(made)


@pytest.mark.parametrize("extension", ["csv", "ods", "xlsx"])
def test_our_own_exports_read_again_change_nothing(extension):
    made = directory.organisation(
        "MJC ; de « Chenôve »", themes=["emploi-insertion", "jeunesse"], territories=["25056", "QN02503M"]
    )
    made.website = "https://exemple.fr"
    made.save()
    directory.organisation("CCAS", siret=GOOD_SIRET, territories=["25", "21231"])
    directory.person("Ada")
    entries = [*Organisation.objects.order_by("pk").for_cards(), *Person.objects.for_cards()]
    header, rows = (
        [column.label for column in COLUMNS_SHOWN],
        [[column.value(one) for column in COLUMNS_SHOWN] for one in entries],
    )
    content = {
        "csv": lambda: spreadsheets.write_csv(header, rows),
        "ods": lambda: spreadsheets.write_ods(header, rows, "Réseau"),
        "xlsx": lambda: spreadsheets.write_xlsx(header, rows, "Réseau"),
    }
    run = tables.bring("structures", b"".join(content[extension]()), name=f"reseau.{extension}")
    assert (actions(run), run.counts) == (["inchange", "inchange", "refuse"], {"inchange": 2, "refuse": 1})


def test_long_file_leaves_likenesses_to_the_screen(monkeypatch):
    monkeypatch.setattr("network.importing.organisations.LIKENESSES_UP_TO", 0)
    known(name="Radio Sud Besançon")
    assert "Ressemble" not in tables.told(bring("nom\nRadios Sud Besançon\n"))
    assert not DuplicatePair.objects.exists()


def test_line_renamed_since_is_still_the_same():
    bring("nom;dep\nMJC;25\n")
    Organisation.objects.update(name="Maison des jeunes de Planoise")
    assert bring("nom;dep\nMJC;25\n").counts.get("nouveau") is None
    assert Organisation.objects.count() == 1


def test_likenesses_are_shown_once_all_is_written():
    known(name="Radio Sud Besançon")
    bring("nom\nRadios Sud Besançon\n")
    assert DuplicatePair.objects.count() == 1


def test_import_is_undone():
    stored = known()
    run = bring("nom;mail\nMJC de Chenôve;a@b.fr\nCCAS;\n")
    tables.do(run, "annulation")
    assert list(Organisation.objects.values_list("name", "email")) == [(stored.name, "")]
