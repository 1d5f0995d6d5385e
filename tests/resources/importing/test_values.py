"""What each value means, whatever the format: dates, numbers, addresses, languages as catalogues write them."""

import datetime

import pytest

from resources.importing import dates, languages, values

NEXT = datetime.date.today().year + 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[2012?]", ("2012-01-01", "annee")),
        ("impr. 1980, cop. 1979", ("1980-01-01", "annee")),
        ("2010-2012", ("2012-01-01", "annee")),
        ("2010-9999", ("2010-01-01", "annee")),
        ("[198-?]", ("1980-01-01", "annee")),
        ("20120512", ("2012-05-12", "jour")),
        ("2012-05-12T10:00:00Z", ("2012-05-12", "jour")),
        ("12/05/2012", ("2012-05-12", "jour")),
        ("31/02/2012", ("2012-02-01", "mois")),
        ("05/2012", ("2012-05-01", "mois")),
        ("1er mai 2012", ("2012-05-01", "jour")),
        ("May 12, 2012", ("2012-05-12", "jour")),
        ("31 février 2012", ("2012-02-01", "mois")),
        ("hiver 2012", ("2012-01-01", "mois")),
        ("Été 2012", ("2012-07-01", "mois")),
        ("Rouen, 2012", ("2012-01-01", "annee")),
        (f"à paraître en {NEXT}", (f"{NEXT}-01-01", "annee")),
    ],
)
def test_date_is_understood(text, told):
    assert dates.read(text) == (told, "")


@pytest.mark.parametrize("text", ["", "s.d.", "[s. d.]", "S.D.?", "n.d.", "sans date", "0000"])
def test_date_said_to_be_unknown_is_no_fault(text):
    assert dates.read(text) == (dates.NONE, "")


@pytest.mark.parametrize("text", ["bientôt", "Journal officiel", "mai 9999", "12/13"])
def test_date_not_understood_is_told(text):
    assert dates.read(text) == (dates.NONE, f"Date «\u00a0{text}\u00a0» non comprise\u00a0: laissée vide.")


def test_language_is_told_in_every_way_of_writing_it():
    assert [languages.read(text)[0] for text in ("fre", "fra", "fr-FR", "fr_FR", "Français", "zxx", "mul")] == ["fr"] * 5 + [
        "",
        "",
    ]
    assert languages.read("kli") == ("", "Langue «\u00a0kli\u00a0» inconnue\u00a0: laissée de côté.")


def of(**raw: str | list[str]) -> values.Record:
    """A record that says this, by our names."""
    return values.record(1, {"title": ["Les conseils"]} | {name: [v] if isinstance(v, str) else v for name, v in raw.items()})


def test_wrong_key_of_a_number_is_told_and_the_number_left():
    record = of(isbn=["2-906164-28-4", "2-7073-0307-1"], issn="2109-5581")
    assert "isbn" not in record.values
    assert "issn" not in record.values
    assert record.notes == (
        "ISBN «\u00a02-906164-28-4\u00a0»\u00a0: sa clé est fausse, il est laissé de côté.",
        "ISSN «\u00a02109-5581\u00a0»\u00a0: sa clé est fausse, il est laissé de côté.",
    )


def test_first_good_number_of_several_is_kept():
    record = of(
        isbn=["br.", "2-906164-28-4", "978-2-7073-0307-3 (rel.) : 15 EUR"],
        issn=["n. c.", "2109 5582"],
        number=["", "T. 3, n° 12"],
    )
    assert (record.values["isbn"], record.values["issn"], record.values["number"]) == ("978-2-7073-0307-3", "2109-5582", 12)
    assert record.notes == ()
    assert "number" not in of(number="hors-série").values


def test_doi_lasts_and_other_addresses_stay_in_the_text():
    record = of(doi="doi:10.1234/abc.def.", url=["www.exemple.fr/a.pdf http://[abc", "javascript:alert(1)"])
    assert record.values["url"] == "https://doi.org/10.1234/abc.def"
    assert '<a href="https://www.exemple.fr/a.pdf">' in record.values["body"]
    assert record.notes == tuple(
        f"Adresse «\u00a0{wrong}\u00a0» illisible\u00a0: laissée de côté." for wrong in ("http://[abc", "javascript:alert(1)")
    )


def test_what_is_too_long_is_cut_at_a_word_and_told():
    record = values.record(1, {"title": ["quartier " * 40]})
    assert record.values["title"].endswith("quartier…")
    assert len(record.values["title"]) <= 250
    assert record.notes == ("Titre de 359 caractères\u00a0: coupé à 250.",)


def test_html_of_an_abstract_is_cleaned():
    record = of(summary='<jats:p style="color:red">Un <b>bilan</b>.<script>alert(1)</script></jats:p>')
    assert record.values["summary"] == "Un bilan."
    assert of(title="L’<i>empowerment</i> &amp; les &eacute;lus<!-- x -->").label == "L’empowerment & les élus"
    long = of(summary="<p style='x' onclick='y'>Un bilan.</p>" * 200)
    assert long.values["body"].startswith("<p>Un bilan.</p>")
