"""What each format says, read from real files and from those that other software made (tests/data/import/catalogues)."""

import pytest

from resources.importing import bibtex, csl_json, document_tables, iso5426, marc21, ris, unimarc, zotero
from tests.resources.importing.conftest import SAMPLES
from trajectoire.core.importing import Record

FIRST = {
    "title": "La fille Elisa",
    "subtitle": "roman",
    "authors": ["Goncourt, Edmond de", "Goncourt, Jules de", "Delaisement, Gérard"],
    "publisher": "La Boîte à Documents",
    "date": "1990-01-01",
    "date_precision": "annee",
    "types": ["livre"],
    "language": "fr",
    "isbn": "978-2-906164-28-4",
    "pages": 185,
}


def records(read, name: str) -> list[Record]:
    return list(read(SAMPLES / name, {"name": name}))


@pytest.mark.parametrize("name", ["koha-unimarc.xml", "unimarc-utf8.mrc", "unimarc-iso5426.mrc", "unimarc-latin1.mrc"])
def test_unimarc_reads_the_same_in_every_encoding(name):
    first, second, third = records(unimarc.read, name)
    assert first.values == FIRST
    assert (second.key, second.values["number"], second.values["pages"]) == ("97756", 2, 645)
    assert second.values["collection"] == "Capitalisme et schizophrénie"
    assert third.values["authors"] == ["Müller-Çelik, Zoë", "Centre social des Îles"]
    assert third.values["title"].replace("oe", "œ") == "L’école, la cité, le cœur des quartiers\u00a0: façons d’œuvrer à Noël"
    assert (third.values["types"][0], third.values["issn"], third.values["date"]) == ("Enquête", "2109-5582", "2012-01-01")
    assert third.values["territories"] == ["Besançon (Doubs)", "France"]


def test_unimarc_that_lies_about_its_encoding_is_told():
    for name, told in [
        ("unimarc-iso5426.mrc", ()),
        ("unimarc-latin1.mrc", ("La zone 100 annonce ISO 5426, la notice est en ISO 8859-1 : lue ainsi.",)),
    ]:
        assert records(unimarc.read, name)[2].notes == told


def test_unimarc_of_pmb_and_of_the_bnf_is_read():
    (pmb,) = records(unimarc.read, "pmb-unimarc.xml")
    assert (pmb.key, pmb.values["title"], pmb.values["types"]) == ("314", "Les conseils citoyens", ["périodique"])
    (bnf,) = records(unimarc.read, "bnf-sru.xml")
    assert (bnf.values["title"], bnf.values["collection"], bnf.values["number"]) == ("L’équipe des mascrottes", "La mini C", 24)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xc2e\xc1a\xc8o\xd0c\xc3i\xfa\xea", "éàöçîœŒ"),
        (b"\xab qui \xbb \x88L'\x89ami \xa4", "« qui » L'ami $"),
        (b"\xcfs \xd3a \xe8\xf1\xfb \xff", "š ą Łæß \ufffd"),
        (b"\xc3\xc2a", "ấ"),
    ],
)
def test_iso_5426_is_decoded(data, text):
    assert iso5426.decode(data) == text


def test_marc21_is_read():
    first, second = records(marc21.read, "marc21.mrc")
    assert first.values == {
        "title": "Le tapis vert Part. 2 Saône",
        "subtitle": "récit",
        "authors": ["Müller, Zoë"],
        "publisher": "Presses du Doubs",
        "date": "2010-01-01",
        "date_precision": "annee",
        "types": ["livre"],
        "language": "fr",
        "isbn": "978-2-7073-0307-3",
        "pages": 120,
    }
    assert second.values["title"] == "Œuvres de l’été"
    assert records(marc21.read, "marc21.xml")[0].values == first.values


def test_ris_made_by_bibutils_is_read():
    first, second = records(ris.read, "bibutils.ris")
    assert (first.values["title"], first.values["publisher"], first.values["date"]) == (
        "Les quartiers",
        "Éditions de l’Île",
        "2012-05-01",
    )
    assert (second.values["collection"], second.values["number"]) == ("Esprit", 3)
    assert second.values["url"] == "https://doi.org/10.1234/abc.def"


def test_bibtex_is_read_with_the_accents_of_latex():
    first, second = records(bibtex.read, "latex.bib")
    assert first.values == {
        "title": "Les Quartiers",
        "subtitle": "L’état",
        "authors": ["Dupont, Ana", "Müller, Karl"],
        "publisher": "Éditions de l'Île",
        "date": "2012-05-01",
        "date_precision": "mois",
        "types": ["book"],
        "isbn": "978-2-906164-28-4",
        "subjects": ["école", "sport"],
    }
    assert (second.values["title"], second.values["collection"]) == ("Un article", "Esprit")


def test_zotero_csv_is_read():
    first, second = records(zotero.read, "zotero.csv")
    assert first.key == "MK49RMWU"
    assert (first.values["title"], first.values["types"], first.values["number"]) == (
        "Les conseils, «\u00a0un bilan\u00a0»",
        ["report"],
        12,
    )
    assert (first.values["authors"], first.values["subjects"]) == (
        ["Vauthier, Ana", "Martin, Léo"],
        ["habitants", "participation"],
    )
    assert (second.values["url"], second.values["date"]) == ("https://doi.org/10.1234/abc.def", "2016-05-12")
    assert (
        second.values["body"]
        == '<p>Aussi en ligne\u00a0:</p><ul><li><a href="https://exemple.fr/a.pdf">https://exemple.fr/a.pdf</a></li></ul>'
    )


def test_csl_json_is_read():
    first, second = records(csl_json.read, "zotero-csl.json")
    assert (first.key, first.values["title"], first.values["date"]) == (
        "http://zotero.org/users/1/items/AB",
        "Les conseils citoyens",
        "2016-05-12",
    )
    assert first.values["authors"] == ["de Vauthier, Ana", "Observatoire des quartiers"]
    assert (second.values["date"], second.values["date_precision"], second.values["pages"]) == ("2012-01-01", "annee", 48)


def test_table_is_read_by_its_titles():
    (record,) = records(document_tables.read, "documents.csv")
    assert record.values == {
        "title": "Les conseils citoyens",
        "types": ["Étude"],
        "authors": ["Vauthier, Ana", "Léo Martin"],
        "publisher": "FRMJC",
        "date": "2016-05-01",
        "date_precision": "mois",
        "pages": 48,
        "subjects": ["école", "sport"],
        "territories": ["Besançon", "Dijon"],
    }
