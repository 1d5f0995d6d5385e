"""Files as they come: cut, lying, damaged, hostile. Each record that goes in comes out, imported or refused with a reason."""

import tracemalloc
from collections.abc import Iterator

import pymarc
import pytest

from resources.importing import bibtex, csl_json, marc, marc21, ris, text, unimarc, zotero
from tests.resources.importing.conftest import labels, sample
from trajectoire.core.importing import Record, Unreadable

BOOK = "TY  - BOOK\nTI  - {}\nER  - \n"
LAUGHS = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a><record><leader/><datafield tag="200"><subfield code="a">{}</subfield></datafield></record></a>'
FILE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a><record><leader/><datafield tag="200"><subfield code="a">&f;</subfield></datafield></record></a>'


@pytest.mark.parametrize(
    "content",
    [
        BOOK.format("L’été").encode("utf-8-sig"),
        BOOK.format("L’été").encode("cp1252"),
        BOOK.format("L’été").encode("utf-16"),
        BOOK.format("L’été").replace("\n", "\r").encode(),
        (BOOK.format("L’été")[:20] + BOOK.format("L’été")[20:].replace("\n", "\r\n")).encode(),
        BOOK.format("L’é\0té").encode(),
    ],
)
def test_text_of_any_encoding_and_line_end_is_read(read, content):
    assert labels(read(ris, content)) == ["L’été"]


def test_text_that_is_none_is_refused(read):
    for content, sentence in [
        (b"", "vide"),
        (b"%PDF-1.7", "pas un texte"),
        (b"PK\x03\x04....", "pas un texte"),
        (bytes(range(128, 256)) * 50, "encodage"),
    ]:
        with pytest.raises(Unreadable, match=sentence):
            read(ris, content)


def test_text_cut_in_the_middle_of_a_letter_is_utf_8(tmp_path):
    (tmp_path / "f").write_bytes("TI  - été".encode()[:-1])
    assert text.encoding(tmp_path / "f") == "utf-8"


@pytest.mark.parametrize(
    ("format_", "content"),
    [
        (ris, "Bonjour"),
        (bibtex, "Bonjour"),
        (zotero, "Titre;Auteur\n"),
        (csl_json, "{}"),
        (csl_json, "[]"),
        (unimarc, "Bonjour"),
        (unimarc, "  \n"),
        (unimarc, "<html></html>"),
        (unimarc, "<html><record></html>"),
    ],
)
def test_file_of_another_format_is_refused_whole(read, format_, content):
    with pytest.raises(Unreadable):
        read(format_, content)


def test_ris_cut_in_the_middle_keeps_what_was_whole(read):
    records = read(ris, BOOK.format("Un") + "TY  - BOOK\nTI  - Deux")
    assert labels(records) == ["Un", "Deux"]
    assert records[1].notes == ("La notice n’a pas de fin (ER) : le fichier a peut-être été coupé.",)


def test_ris_without_marks_of_end_starts_anew_at_each_type(read):
    assert labels(read(ris, "TY  - BOOK\nTI  - Un\nTY  - BOOK\nTI  - Deux\nER  - \n")) == ["Un", "Deux"]


def test_csl_json_with_lists_where_words_are_expected_is_read(read):
    (record,) = read(csl_json, '[{"title": ["Un"], "ISBN": ["2-906164-28-3", {}], "language": null, "number-of-pages": 48.0}]')
    assert (record.values["title"], record.values["isbn"]) == ("Un", "978-2-906164-28-4")


def test_record_without_a_title_is_refused(read):
    assert labels(read(ris, BOOK.format("") + BOOK.format("...") + BOOK.format("Deux"))) == [
        "Le titre manque.",
        "Le titre manque.",
        "Deux",
    ]


def test_bibtex_with_an_entry_that_never_closes_keeps_the_others(read):
    records = read(bibtex, "@book{a, title={Un}}\n@book{b, title={Deux\n@book{c, title={Trois}}\n")
    assert labels(records) == ["Un", "Cette entrée n’est pas complète : une accolade manque, ou le fichier a été coupé.", "Trois"]


def test_json_cut_in_the_middle_keeps_what_was_whole(read):
    assert labels(read(csl_json, '{"items": [{"title": "Un"}, 3, {"title": "Deux"')) == [
        "Un",
        "Cette notice n’est pas un objet JSON.",
        csl_json.BROKEN,
    ]
    assert labels(read(csl_json, '[{"title": "Un", "author": "x", "issued": "y", "keyword": "a, b"},')) == ["Un", csl_json.BROKEN]


def test_json_is_read_a_piece_at_a_time(read, monkeypatch):
    monkeypatch.setattr(csl_json, "CHUNK", 20)
    assert labels(read(csl_json, '[{"title": "Un"}, {"title": "Deux, plus long qu’un morceau"}]')) == [
        "Un",
        "Deux, plus long qu’un morceau",
    ]


def test_zotero_with_a_cell_beyond_measure_goes_on(read, monkeypatch):
    monkeypatch.setattr(zotero, "LONGEST", 100)
    records = read(zotero, f"Key,Item Type,Title\na,book,Un\nb,book,{'x' * 200}\nc,book,Trois\n")
    assert labels(records) == [
        "Un",
        "Cette ligne n’est pas lisible : une case démesurée, ou un guillemet qui n’est pas fermé.",
        "Trois",
    ]


@pytest.mark.parametrize(
    ("format_", "content"),
    [
        (ris, BOOK.format("x" * 300)),
        (bibtex, f"@book{{a,\n title={{{'x' * 300}}}}}\n"),
        (csl_json, '[{"title": "' + "x" * 300),
    ],
)
def test_record_beyond_measure_is_refused(read, monkeypatch, format_, content):
    monkeypatch.setattr(format_, "LONGEST", 200)
    assert labels(read(format_, content)) == [text.TOO_LONG]


def test_record_of_5_megabytes_is_read(read):
    (record,) = read(ris, f"TY  - BOOK\nTI  - Un\nAB  - {'Un long texte. ' * 340_000}\nER  - \n")
    assert len(record.values["summary"]) <= 1200
    assert 100_000 < len(record.values["body"]) < 600_000


class TestMarc:
    def test_file_cut_in_the_middle_keeps_what_was_whole(self, read):
        records = read(unimarc, sample("unimarc-utf8.mrc")[:-30])
        assert labels(records)[:2] == ["La fille Elisa", "Mille plateaux"]
        assert records[2].refused == "La notice est coupée : le fichier n’est pas entier."

    def test_wrong_directory_is_mended_from_the_separators(self, read):
        data = bytearray(sample("unimarc-utf8.mrc"))
        data[24 + 12 + 3 : 24 + 12 + 7] = b"9999"
        first, second, _ = read(unimarc, bytes(data))
        assert first.values["title"] == "La fille Elisa"
        assert first.notes == ("Le répertoire de la notice est faux : les zones ont été retrouvées par leurs séparateurs.",)
        assert second.notes == ()

    def test_record_without_structure_is_refused_and_the_next_is_read(self, read):
        whole = sample("unimarc-utf8.mrc")
        records = read(unimarc, b"00020nam a22\x1e\x1d\r\n" + whole)
        assert labels(records)[:2] == ["Cette notice n’a pas la structure ISO 2709.", "La fille Elisa"]

    def test_record_beyond_measure_is_refused_and_the_next_is_read(self, read, monkeypatch):
        monkeypatch.setattr(marc, "LONGEST", 10_000)
        monkeypatch.setattr(marc, "CHUNK", 4_000)
        whole = sample("unimarc-utf8.mrc")
        assert labels(read(unimarc, whole[:200] + b"\x1e" + b"x" * 20_000 + b"\x1d" + whole))[:2] == [
            text.TOO_LONG,
            "La fille Elisa",
        ]
        assert labels(read(unimarc, whole + b"x" * 20_000))[3:] == [text.TOO_LONG]

    def test_other_family_is_told(self, read):
        with pytest.raises(Unreadable, match="choisissez l’autre format MARC"):
            read(unimarc, sample("marc21.mrc"))
        with pytest.raises(Unreadable, match="choisissez l’autre format MARC"):
            read(marc21, sample("unimarc-utf8.mrc"))

    def test_marc21_that_lies_about_its_encoding_is_told(self, read):
        data = bytearray(sample("marc21.mrc"))
        data[9:10] = b"a"
        assert read(marc21, bytes(data))[0].notes == ("Le guide annonce Unicode, la notice n’en est pas : lue en MARC-8.",)
        whole = marc.Structure(sample("unimarc-utf8.mrc").split(b"\x1d")[2] + b"\x1d", to_unicode=False)
        notes: list[str] = []
        whole.leader = type(whole.leader)("00000nam  2200000   4500")
        assert marc21.decoder(whole, notes)("é".encode()) == "é"
        whole.leader[9] = "a"
        assert marc21.decoder(whole, notes)("é".encode()) == "é"
        assert notes == ["Le guide annonce MARC-8, la notice est en Unicode : lue ainsi."]

    @pytest.mark.parametrize("content", [LAUGHS.format("&b;"), LAUGHS.replace("ENTITY b", "ENTITY lol9").format("&lol9;"), FILE])
    def test_xml_with_entities_is_refused(self, read, content):
        with pytest.raises(Unreadable, match="entités"):
            read(unimarc, content)

    def test_xml_cut_in_the_middle_keeps_what_was_whole(self, read):
        records = read(unimarc, sample("koha-unimarc.xml")[:4_000])
        assert labels(records) == [
            "La fille Elisa",
            "Mille plateaux",
            "Le fichier XML est abîmé ou coupé ici : ce qui suit n’a pas pu être lu.",
        ]

    def test_two_marks_of_end_make_no_record(self, read):
        assert labels(read(unimarc, sample("unimarc-utf8.mrc").replace(b"\x1d", b"\x1d\x1d\r\n")))[0] == "La fille Elisa"
        assert len(read(unimarc, sample("unimarc-utf8.mrc").replace(b"\x1d", b"\x1d\x1d\r\n"))) == 3

    def test_record_without_a_field_100_is_read_as_its_bytes_say(self, read):
        whole = sample("unimarc-latin1.mrc")
        assert labels(read(unimarc, whole.replace(b"100", b"199"))) == labels(read(unimarc, whole))
        assert labels(read(unimarc, whole.replace(b"\x1fa2013", b"\x1fz2013"))) == labels(read(unimarc, whole))

    def test_ascii_record_needs_no_encoding(self, read):
        for format_, title in ((unimarc, "200"), (marc21, "245")):
            one = marc.Structure(to_unicode=True, force_utf8=True)
            one.add_field(pymarc.Field(title, ["1", " "], [pymarc.Subfield("a", "Guide")]))
            assert labels(read(format_, one.as_marc())) == ["Guide"]

    def test_xml_with_a_doctype_and_foreign_elements_is_read(self, read):
        xml = '<!DOCTYPE unimarc SYSTEM "unimarc.dtd"><unimarc><notice><f c="200"><s c="a">Guide</s></f><note>x</note></notice></unimarc>'
        assert labels(read(unimarc, xml)) == ["Guide"]

    def test_empty_record_of_xml_is_refused(self, read):
        assert labels(read(unimarc, "<collection><record/></collection>")) == ["Cette notice est vide."]


def test_long_file_is_read_with_bounded_memory(tmp_path):
    path = tmp_path / "many.ris"
    with path.open("w") as out:
        for number in range(60):
            out.write(f"TY  - BOOK\nTI  - Un {number}\nAB  - {'x' * 200_000}\nER  - \n")
    tracemalloc.start()
    assert _count(ris.read(path, {})) == 60
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size / 3


def _count(records: Iterator[Record]) -> int:
    return sum(not record.refused for record in records)
