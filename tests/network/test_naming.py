import csv
import gzip
import io

import pytest

from network import naming
from network.reference.tables import DATA, rows

PLACES = [
    ("Fontaine D'Ouche", "Fontaine d’Ouche"),
    ("Le Bief Du Moulin", "Le Bief du Moulin"),
    ("Rives Du Plessis", "Rives du Plessis"),
    ("Bois Du Verne", "Bois du Verne"),
    ("Résidence Du Lac", "Résidence du Lac"),
    ("Les Glacis Du Château", "Les Glacis du Château"),
    ("Prés Saint Jean", "Prés Saint-Jean"),
    ("Saint Pantaléon", "Saint-Pantaléon"),
    ("Les Brichères - Sainte Geneviève", "Les Brichères – Sainte-Geneviève"),
    ("Bords de Loire - Courlis - La Baratte", "Bords de Loire – Courlis – La Baratte"),
    ("Chabot - Le Miroir - Faubourg", "Chabot – Le Miroir – Faubourg"),
    ("Le Grand-Longs-Traits/Berlioz", "Le Grand-Longs-Traits/Berlioz"),
    ("Batteries du Parc", "Batteries du Parc"),
    ("GRAND DIJON", "Grand Dijon"),
    ("COMMUNAUTE DE COMMUNES DU GRAND PONTARLIER", "CC du Grand Pontarlier"),
    ("CA ECLA  (Espace Communautaire Lons Agglomération)", "CA ECLA (Espace Communautaire Lons Agglomération)"),
    ("CU Le Creusot Montceau-les-Mines", "CU Le Creusot Montceau-les-Mines"),
    ("CA de l'Auxerrois", "CA de l’Auxerrois"),
    ("CC Coeur de Loire", "CC Cœur de Loire"),
    ("CC la Grandvallière", "CC la Grandvallière"),
    ("CC de Pouilly-en-Auxois / Bligny-sur-Ouche", "CC de Pouilly-en-Auxois / Bligny-sur-Ouche"),
    ("CC Bresse Louhannaise Intercom'", "CC Bresse Louhannaise Intercom’"),
    ("Dijon Métropole", "Dijon Métropole"),
]


@pytest.mark.parametrize(("written", "shown"), PLACES)
def test_place_name_has_french_casing(written, shown):
    assert naming.place_name(written) == shown


@pytest.mark.parametrize(("written", "shown"), PLACES)
def test_place_name_leaves_a_right_name_alone(written, shown):
    assert naming.place_name(shown) == shown


@pytest.mark.parametrize("file", ["qpv_bfc_2024.csv", "epci_bfc.csv"])
def test_place_name_changes_only_casing_spaces_dashes_and_ligatures(file):
    def bare(text):
        return "".join(naming.search_words(text)).replace("oe", "e")

    for row in rows(file):
        shown = naming.place_name(row["nom"])
        assert bare(shown) == bare(row["nom"])
        assert "'" not in shown
        assert "  " not in shown


def test_commune_name_keeps_the_names_of_insee():
    raw = gzip.decompress((DATA / "communes_bfc.csv.gz").read_bytes()).decode()
    for row in csv.DictReader(io.StringIO(raw)):
        assert naming.commune_name(row["nom"]) == row["nom"].replace("'", "’")


@pytest.mark.parametrize(
    ("name", "genitive"),
    [
        ("Dijon Métropole", "de Dijon Métropole"),
        ("Grand Dijon", "du Grand Dijon"),
        ("CC du Pays de Lure", "de la CC du Pays de Lure"),
        ("Autun", "d’Autun"),
        ("Le Creusot", "du Creusot"),
        ("Les Rousses", "des Rousses"),
        ("Épinac", "d’Épinac"),
    ],
)
def test_of_contracts_and_elides(name, genitive):
    assert naming.of(name) == genitive


@pytest.mark.parametrize(
    ("kind", "name", "located"),
    [
        ("region", "Bourgogne-Franche-Comté", "en Bourgogne-Franche-Comté"),
        ("departement", "Doubs", "dans le Doubs"),
        ("departement", "Côte-d’Or", "en Côte-d’Or"),
        ("departement", "Ain", "dans le département d’Ain"),
        ("epci", "CA du Grand Dole", "sur le territoire de la CA du Grand Dole"),
        ("commune", "Besançon", "à Besançon"),
        ("commune", "Le Creusot", "au Creusot"),
        ("commune", "Les Rousses", "aux Rousses"),
        ("qpv", "Planoise", "dans le quartier Planoise"),
        ("perimetre", "Cité éducative de Planoise", "sur le territoire de Cité éducative de Planoise"),
    ],
)
def test_located_reads_well_in_a_sentence(kind, name, located):
    assert naming.located(kind, name) == located


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CA du Grand Dole", "communauté d’agglomération"),
        ("CC Val de Gray", "communauté de communes"),
        ("CU Grand Besançon Métropole", "communauté urbaine"),
        ("Dijon Métropole", "métropole"),
        ("Pays des étangs", "intercommunalité"),
    ],
)
def test_epci_kind_comes_from_its_sigle(name, kind):
    assert naming.epci_kind(name) == kind


def test_search_words_fold_and_read_st_as_saint():
    assert naming.search_words("St-Claude, Ste Geneviève") == ["saint", "claude", "sainte", "genevieve"]
    assert naming.search_words("L’Œuvre — 25200") == ["l", "oeuvre", "25200"]
    assert naming.search_words(" -’ ") == []
