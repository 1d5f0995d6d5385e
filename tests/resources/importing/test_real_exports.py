"""Exports as software writes them, with the habits and the faults met in them; each is ours, in the manner of the software named."""

import datetime
import io

import pymarc
import pytest
import xlsxwriter
from lxml import etree

from resources.importing import bibtex, csl_json, document_tables, dublin_core, marc21, ris, unimarc, zotero
from resources.importing.xml_text import XmlText
from tests.resources.importing.conftest import labels

CAIRN = """Provider: Cairn\r\nContent:text/plain; charset="UTF-8"\r\n\r\nTY  - JOUR\r\nID  - AGORA_074_0067\r
TI  - Les conseils citoyens\r\nJO  - Agora débats/jeunesses\r\nAU  - Vauthier, Ana\r\nPY  - 2016/09//\r\nVL  - 74\r\nIS  - 3\r
SP  - 67\r\nEP  - 80\r\nSN  - 1268-5666\r\nDO  - 10.3917/agora.074.0067\r\nLA  - fr\r\nAB  - Un résumé.\r\nSa suite.\r\nER  - \r\n"""
HAL = """TY  - THES\nAU  - Martin, Léo\nTI  - La ville\nPB  - Université de Bourgogne\nDA  - 2012/5/2\nSP  - 345\nM3  - Thèse de doctorat
UR  - https://theses.example.fr/tel-01\nUR  - https://theses.example.fr/tel-01/document\nL1  - internal-pdf://123/a.pdf\nER  - \n"""
ENDNOTE = "1.\nTY  - CHAP\nT1  - Un chapitre\nT2  - Un ouvrage\nA2  - Perrin, B.\nSN  - 978-2-906164-28-4\nSP  - 12-34\nN1  - <p>x</p>\nER  -\n"


def test_ris_of_cairn(read):
    (record,) = read(ris, CAIRN.encode("utf-8-sig"))
    assert (record.key, record.notes) == ("AGORA_074_0067", ())
    assert record.values == {
        "title": "Les conseils citoyens",
        "authors": ["Vauthier, Ana"],
        "date": "2016-09-01",
        "date_precision": "mois",
        "types": ["JOUR"],
        "collection": "Agora débats/jeunesses",
        "number": 3,
        "language": "fr",
        "issn": "1268-5666",
        "url": "https://doi.org/10.3917/agora.074.0067",
        "summary": "Un résumé. Sa suite.",
    }


def test_ris_of_hal_and_of_endnote(read):
    thesis, chapter = read(ris, HAL + ENDNOTE)
    assert (thesis.values["pages"], thesis.values["types"]) == (345, ["Thèse de doctorat", "THES"])
    assert "tel-01/document" in thesis.values["body"]
    assert thesis.notes == ("Adresse «\u00a0internal-pdf://123/a.pdf\u00a0» illisible\u00a0: laissée de côté.",)
    assert (chapter.values["title"], chapter.values["collection"], chapter.values["authors"]) == (
        "Un chapitre",
        "Un ouvrage",
        ["Perrin, B."],
    )
    assert "pages" not in chapter.values


def test_accents_coded_twice_are_put_right_and_told(read):
    (record,) = read(ris, "TY  - BOOK\nTI  - Ã‰coles Ã  BesanÃ§on, aujourdâ€™hui, Å“uvres de l’été\nER  - \n")
    assert record.label == "Écoles à Besançon, aujourd’hui, œuvres de l’été"
    assert record.notes == (
        "Les accents étaient codés deux fois («\u00a0Ã©\u00a0» pour «\u00a0é\u00a0»)\u00a0: ils ont été rétablis.",
    )
    assert [r.notes for r in read(ris, "TY  - BOOK\nTI  - Maçã de São Paulo, SÃO, Âge, â demi\nER  - \n")] == [()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@book{a, title={Un}} @book{b, title={Deux}}", ["Un", "Deux"]),
        ("@misc{title={Un}, year=2012}", ["Un"]),
        ("@book(a, title={Un})", ["Un"]),
        ("@book{a, title={Un}, keywords={x}, keywords={y}}", ["Un"]),
        ("@book{a,\n title={Un}\n year={2012}}\n@book{b, title={Deux},, year=2013}", ["Un", "Deux"]),
        ("@string{x = {a}}\n@string{x = {b}}\n@book{a, title={Un}, publisher=x}", ["Un"]),
        (
            "% note\n@comment{@book{c, title={Caché}}}\n@preamble{x}\n@BOOK{a, TITLE={{Les \\og quartiers \\fg{}}}}",
            ["Les «\u00a0quartiers\u00a0»"],
        ),
        ("@book{a, title={Un {ouvert}, year=2012}\n\n@book{b, title={Deux}}", [bibtex.INCOMPLETE, "Deux"]),
        (
            "@article{a, title={100\\,\\% \\textit{d'\\'ecoles}~: {\\oe}uvres, \\c{c}a}}",
            ["100\u00a0% d’écoles\u00a0: œuvres, ça"],
        ),
    ],
)
def test_bibtex_as_it_comes(read, text, found):
    assert labels(read(bibtex, text)) == found


def test_bibtex_names_and_dates_of_biblatex(read):
    (record,) = read(bibtex, "@online{x, title={Un}, author={Dupont, Ana AND {Ville de Dijon}}, date={2012-05-12/2012-05-14}}")
    assert (record.values["authors"], record.values["date"]) == (["Dupont, Ana", "Ville de Dijon"], "2012-05-12")


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ('{"date-parts": [["2012", null]]}', "2012-01-01"),
        ('{"date-parts": [[2012, 5, 12], [2012, 6, 1]]}', "2012-06-01"),
        ('{"date-parts": [[2012, 21]], "season": "1"}', "2012-01-01"),
        ('{"date-parts": [2012.0, 5.0]}', "2012-05-01"),
        ('{"date-parts": "2012-05"}', "2012-05-01"),
        ('{"date-parts": [[null]], "literal": "mai 2012"}', "2012-05-01"),
        ('{"year": 2012, "month": 5}', "2012-05-01"),
        ('[{"raw": "2012"}]', "2012-01-01"),
        ('"2012-05"', "2012-05-01"),
        ("[]", ""),
        ("null", ""),
    ],
)
def test_csl_json_dates_as_software_writes_them(read, issued, date):
    assert read(csl_json, f'[{{"title": "Un", "issued": {issued}}}]')[0].values.get("date", "") == date


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "Un"}\n{"title": "Deux"}\n',
        '{"config": {"label": "BetterBibTeX JSON", "options": []}, "items": [{"title": "Un"}, {"title": "Deux"}]}',
        '{"status": "ok", "message": {"facets": {}, "items": [{"title": ["Un"]}, {"title": ["Deux"]}]}}',
    ],
)
def test_csl_json_in_other_wrappings(read, text):
    assert labels(read(csl_json, text)) == ["Un", "Deux"]


def test_csl_json_without_a_list_and_cut_is_told(read):
    assert labels(read(csl_json, '{"title": "Un"}\n{"title": "De')) == ["Un", csl_json.BROKEN]


def test_zotero_csv_saved_again_by_excel(read):
    (record,) = read(
        zotero, '"Key";"Item Type";"Title";"Author"\r\n"a";"book";"Un, deux";"Dupont, Ana; Martin, L."\r\n'.encode("cp1252")
    )
    assert (record.label, record.values["authors"]) == ("Un, deux", ["Dupont, Ana", "Martin, L."])


PMB = '<?xml version="1.0" encoding="{}"?>\n<unimarc><notice><f c="200"><s c="a">{}</s></f></notice></unimarc>'


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("bidule", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-8", "utf-8-sig"),
    ],
)
def test_xml_that_lies_about_its_encoding(read, declared, real):
    assert labels(read(unimarc, PMB.format(declared, "L’école, l’œuvre").encode(real))) == ["L’école, l’œuvre"]


def test_xml_with_what_xml_forbids(read):
    text = "Un\x1f &eacute;t&eacute; R&D, Dupont & fils &#31;&#x1; &bidule; &amp; &#233;"
    assert labels(read(unimarc, "\r\n" + PMB.format("utf-8", text))) == ["Un été R&D, Dupont & fils &bidule; & é"]


def test_xml_is_the_same_however_it_is_cut(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text("<a>&eacute;cole &amp; co, &lt;b&gt;</a>&", encoding="utf-8")
    read = XmlText(path)
    pieces = list(iter(lambda: read.read(3), b""))
    read.close()
    assert b"".join(pieces).decode() == "<a>école &amp; co, &lt;b&gt;</a>&amp;"


def notice(*fields: tuple[str, list[tuple[str, bytes]]]) -> bytes:
    """ISO 2709 from bytes."""
    body = [
        (tag.encode(), b"  " + b"".join(b"\x1f" + code.encode() + data for code, data in parts) + b"\x1e")
        for tag, parts in fields
    ]
    places = [sum(len(data) for _, data in body[:n]) for n in range(len(body))]
    directory = (
        b"".join(b"%s%04d%05d" % (tag, len(data), place) for (tag, data), place in zip(body, places, strict=True)) + b"\x1e"
    )
    base, rest = 24 + len(directory), b"".join(data for _, data in body)
    return b"%05dnam  22%05d   450 " % (base + len(rest) + 1, base) + directory + rest + b"\x1d"


def test_unimarc_with_lines_pasted_in_another_encoding(read):
    title, summary = "L’école à Besançon".encode("cp1252"), "Un été à Dôle, déjà".encode()
    (record,) = read(
        unimarc, notice(("200", [("a", title), ("e", "été côté préfecture".encode("cp1252"))]), ("330", [("a", summary)]))
    )
    assert (record.label, record.values["summary"]) == ("L’école à Besançon", "Un été à Dôle, déjà")


def test_unimarc_that_announces_unicode_and_is_iso_5426(read):
    fields = [("100", [("a", b"20130402d2012    u  y0frey50      ba")]), ("200", [("a", b"L'\xc2ecole \xc1a Besan\xd0con")])]
    (record,) = read(unimarc, notice(*fields))
    assert record.label == "L’école à Besançon"
    assert record.notes == ("La zone 100 annonce Unicode, la notice est en ISO 5426\u00a0: lue ainsi.",)


def test_punctuation_of_marc_does_not_stay(read):
    """Of the Library of Congress after what it separates, of Italian catalogues before."""
    italian = notice(("200", [("a", b"Un")]), ("700", [("a", b"Asimov"), ("b", b", Isaac")]))
    assert read(unimarc, italian)[0].values["authors"] == ["Asimov, Isaac"]
    american = notice(
        ("041", [("a", b"freeng")]),
        ("100", [("a", b"Tournier, Paul.")]),
        ("245", [("a", b"Un /"), ("h", b"[sound recording].")]),
        ("260", [("b", b"Presses ;"), ("b", b"Ville de Dijon,")]),
        ("710", [("a", b"France."), ("b", b"Minist\xe8re.")]),
    )
    record = read(marc21, american)[0]
    assert record.values["authors"][0] == "Tournier, Paul"
    assert record.values["publisher"] == "Presses, Ville de Dijon"
    assert record.values["authors"][1].startswith("France. Minist")
    assert record.values["language"] == "fr"


def test_marc21_of_a_library_system_in_unicode(read):
    record = pymarc.Record(force_utf8=True)
    record.add_field(pymarc.Field("245", ["1", "0"], [pymarc.Subfield("a", "Œuvres :"), pymarc.Subfield("b", "l’été /")]))
    record.add_field(pymarc.Field("041", [" ", " "], [pymarc.Subfield("a", "|||")]))
    (found,) = read(marc21, record.as_marc())
    assert (found.values["title"], found.values["subtitle"], found.notes) == ("Œuvres", "l’été", ())


def test_dublin_core_of_hal():
    dc = '<record xmlns:dc="http://purl.org/dc/elements/1.1/">{}</record>'.format(
        '<dc:title xml:lang="en">Citizens</dc:title><dc:title xml:lang="fr">Citoyens</dc:title>'
        "<dc:type>info:eu-repo/semantics/article</dc:type><dc:identifier>hal-01</dc:identifier>"
        "<dc:identifier>https://hal.example.fr/hal-01</dc:identifier><dc:date>2016-05-12</dc:date>"
    )
    record = dublin_core.record(1, "oai:hal:1", etree.fromstring(dc))
    assert (record.label, record.values["url"], record.values["types"]) == (
        "Citoyens",
        "https://hal.example.fr/hal-01",
        ["info:eu-repo/semantics/article"],
    )


def test_workbook_with_a_presentation_groups_of_columns_dates_and_two_sheets(read):
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored, {"default_date_format": "dd/mm/yyyy"}) as book:
        book.add_worksheet("Lisez-moi").write_row(0, 0, ["Catalogue du centre"])
        sheet = book.add_worksheet("2016")
        sheet.merge_range(0, 0, 0, 3, "Catalogue 2016")
        sheet.merge_range(1, 0, 1, 1, "Notice")
        sheet.merge_range(1, 2, 1, 3, "Édition")
        sheet.write_row(2, 0, ["Titre", "Auteurs", "Date de parution", "ISBN"])
        sheet.write_row(3, 0, ["Les conseils citoyens", "Vauthier, Ana", datetime.date(2016, 5, 12), 9782906164284])
        sheet.write_row(4, 0, ["Un autre", "", 2012, ""])
        other = book.add_worksheet("2017")
        for row in range(3):
            other.write_row(row, 0, ["Titre", "Auteur"])
    first, second, left = read(document_tables, stored.getvalue())
    assert (first.number, first.values["date"], first.values["isbn"]) == (4, "2016-05-12", "978-2-906164-28-4")
    assert second.values == {"title": "Un autre", "date": "2012-01-01", "date_precision": "annee"}
    assert (left.label, left.refused) == (
        "Feuille «\u00a02017\u00a0»",
        "Cette feuille n’est pas lue (2\u00a0lignes)\u00a0: enregistrez-la dans un fichier à part.",
    )
