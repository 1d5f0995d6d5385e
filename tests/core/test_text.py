"""French typography, folding, slugs, numbers."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.models import Document
from tests.consistency.typography import faults
from tests.factories.documents import document
from trajectoire.core.templatetags import site
from trajectoire.core.text import NBSP, NNBSP, file_size, fold, french_typography, plural, spaced_number, unique_slug


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("L'école d'été", "L’école d’été"),
        ('Il dit "oui"', f"Il dit «{NBSP}oui{NBSP}»"),
        ("Vraiment ?", f"Vraiment{NNBSP}?"),
        ("Non ! Oui ; si", f"Non{NNBSP}! Oui{NNBSP}; si"),
        ("Attention : ici", f"Attention{NBSP}: ici"),
        ("« mot »", f"«{NBSP}mot{NBSP}»"),
        ("«mot»", f"«{NBSP}mot{NBSP}»"),
        ("12 % et 5 €", f"12{NBSP}% et 5{NBSP}€"),
        ("https://example.org/?a=b", "https://example.org/?a=b"),
        ("9:30", "9:30"),
        ("'cité'", "'cité'"),
        ("", ""),
    ],
)
def test_french_typography(typed, written):
    assert french_typography(typed) == written


@given(st.text(alphabet="aé '\"«»;:!?%€1 \u00a0\u202f\n", max_size=40))
def test_typography_done_twice_changes_nothing(text):
    once = french_typography(text)
    assert french_typography(once) == once


@given(st.lists(st.sampled_from(["L'eau", "oui", "«mot»", "12 %", "bien ?", "voici : un", "non ;"]), max_size=6).map(" ".join))
def test_typography_satisfies_the_checker(text):
    assert faults(french_typography(text)) == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [("L’Œuvre", "l'oeuvre"), ("ÉTÉ", "ete"), ("Ægir æ", "aegir ae"), ("co\u00adopérer", "cooperer"), ("ﬁn ②", "fin 2")],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=50))
def test_fold_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


class TestSlugs:
    pytestmark = pytest.mark.usefixtures("world")

    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("L’école ouverte", "l-ecole-ouverte"),
            ("🎉", "document"),
            ("   ", "document"),
            ("Œuvre n° 5 : été", "oeuvre-n-5-ete"),
            ("a" * 300, "a" * 90),
            ("a" * 89 + " b", "a" * 89),
            ("../../etc/passwd", "etcpasswd"),
            ("<script>", "script"),
        ],
    )
    def test_slug_is_made_from_the_title(self, title, slug):
        assert unique_slug(title, Document.objects.all()) == slug

    def test_same_title_is_numbered(self):
        slugs = [document("Même titre").slug for _ in range(3)]
        assert slugs == ["meme-titre", "meme-titre-2", "meme-titre-3"]

    def test_longest_title_fits(self):
        made = [document("é" * 250) for _ in range(2)]
        assert [len(one.slug) for one in made] == [90, 92]

    def test_slug_is_kept_when_the_title_changes(self):
        made = document("Premier")
        made.title = "Second"
        made.save()
        assert made.slug == "premier"


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 octet"),
        (1, "1 octet"),
        (999, "999 octets"),
        (1_000, "1 ko"),
        (84_400, "84 ko"),
        (1_234_567, "1,2 Mo"),
        (50_000_000, "50,0 Mo"),
    ],
)
def test_file_size(size, shown):
    assert file_size(size) == site.filesize_fr(size) == shown.replace(" ", NBSP)


def test_numbers():
    assert spaced_number(1234567) == site.number(1234567) == f"1{NNBSP}234{NNBSP}567"
    assert plural(0, "document", "documents") == f"0{NBSP}document"
    assert plural(1, "document", "documents") == f"1{NBSP}document"
    assert plural(2000, "document", "documents") == f"2{NNBSP}000{NBSP}documents"


def test_dates():
    assert site.date_fr(datetime.date(2025, 5, 22)) == "jeudi 22 mai 2025"
    assert site.date_fr(datetime.datetime(2025, 12, 31, 23, 30, tzinfo=datetime.UTC)) == "jeudi 1er janvier 2026"
    assert site.date_fr(None) == site.month_fr(None) == ""
    assert site.month_fr(datetime.date(2024, 2, 29)) == "février 2024"
