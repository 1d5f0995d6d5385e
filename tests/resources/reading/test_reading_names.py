import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.reading import safe_name
from resources.reading.names import extension_of
from tests.hostile.others import NAMES

REFUSED_CHARACTERS = set("/\\\"'<>:|?*;%&#\r\n\t\0 ")


def check(name: str, extension: str) -> None:
    assert len(name) <= 100
    assert len(name.encode()) <= 200
    assert name.endswith(f".{extension}")
    assert not name.startswith((".", "-"))
    assert name.count(".") == 1
    assert not REFUSED_CHARACTERS & set(name)
    assert not any(unicodedata.category(c)[0] == "C" for c in name)


@pytest.mark.parametrize("name", NAMES)
def test_awkward_name_becomes_safe(name):
    check(safe_name(name, "pdf"), "pdf")


@given(st.text(max_size=300), st.sampled_from(["pdf", "docx", "mp4"]))
def test_any_name_becomes_safe_and_stays(name, extension):
    safe = safe_name(name, extension)
    check(safe, extension)
    assert safe_name(safe, extension) == safe


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Rapport d’activité 2024.pdf", "Rapport-d-activité-2024.pdf"),
        ("L'ŒUVRE_à_Besançon (v2).PDF", "L-ŒUVRE_à_Besançon-v2.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("rapport\u202efdp.exe", "rapportfdp.pdf"),
        ('a"; filename="b.html', "a-filename-b.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\win.ini", "win.pdf"),
        ("page.php.pdf", "page-php.pdf"),
        ("CON.txt", "fichier-CON.pdf"),
        ("", "fichier.pdf"),
        ("...", "fichier.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie-x-1.pdf"),
    ],
)
def test_name_is_shown_with_the_extension_of_its_kind(name, shown):
    assert safe_name(name, "pdf") == shown


def test_long_name_is_shortened_before_its_extension():
    assert safe_name("é" * 240 + ".pdf", "pdf") == "é" * 96 + ".pdf"
    assert len(safe_name("𝕏" * 200, "pdf").encode()) <= 200


@pytest.mark.parametrize(("name", "shown"), [("Note.DOCX", "Note.docx"), ("Note", "Note"), ("", "fichier")])
def test_without_a_kind_the_name_keeps_its_extension(name, shown):
    assert safe_name(name) == shown


@pytest.mark.parametrize(("name", "extension"), [("A.CSV", "csv"), (".htaccess", ""), ("a", ""), ("a.t\u202ext", "txt")])
def test_extension_claimed(name, extension):
    assert extension_of(name) == extension
