"""PDFs from data: tagged, titled, in French, whatever the data hold."""

import io

import pypdfium2
import pytest
import typst

from trajectoire.core.pdf import MISSING, SHOWN, shown, typst_pdf

TITLE = "#title()\n"


def opened(pdf: bytes):
    return pypdfium2.PdfDocument(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    with opened(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_file_is_tagged_titled_and_french():
    pdf = typst_pdf(TITLE, {"title": "L’été à Besançon", "authors": ["Trajectoire Ressources"]})
    with opened(pdf) as document:
        assert document.is_tagged()
        assert document.get_metadata_value("Title") == "L’été à Besançon"
        assert document.get_metadata_value("Author") == "Trajectoire Ressources"
    assert b"/Lang(fr-FR)" in pdf
    assert b"pdfuaid:part" in pdf


def test_same_data_make_the_same_file():
    assert typst_pdf(TITLE, {"title": "Un"}) == typst_pdf(TITLE, {"title": "Un"})


def test_what_pdf_ua_forbids_is_refused():
    with pytest.raises(typst.TypstError, match="heading"):
        typst_pdf(TITLE + "#heading(level: 3)[trop profond]", {"title": "Un"})


def test_data_are_never_read_as_code():
    text = '#import "x" #panic() $a$ \\ *gras* "fin"'
    assert text in text_of(typst_pdf(TITLE + "#data.words", {"title": "Un", "words": text}))


def test_every_character_of_the_list_has_a_glyph():
    characters = "".join(chr(code) for code in range(0x10000) if SHOWN.match(chr(code)))
    draw = TITLE + "#data.words\n#strong(data.words)\n#emph(data.words)\n#text(font: display, data.words)"
    assert typst_pdf(draw, {"title": "Un", "words": characters})


@pytest.mark.parametrize("character", ["\u202f", "\u00a0", "\u2212", "²", "→", "€", "œ", "É", "…", "°", "×", "≥"])
def test_characters_of_our_texts_are_shown(character):
    assert shown(character) == character


def test_characters_without_a_glyph_are_replaced():
    assert shown({"a": ["x\u0001y", "中", ("😀\ufe0f",)], "n": 3, "b": True, "none": None}) == {
        "a": ["xy", MISSING, [MISSING]],
        "n": 3,
        "b": True,
        "none": None,
    }
    assert shown("e\u0301") == "é"
