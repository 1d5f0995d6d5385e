"""Whatever is typed, an answer, never an error, and work that has a limit."""

import pytest

from trajectoire.core import search
from trajectoire.core.search import analysis, engine, parsing
from trajectoire.core.search.reading import Reading

from .conftest import write

pytestmark = pytest.mark.django_db
HOSTILE = [
    "\x00", "a\x00b", "vélo\x00", "\ud800", "\ufeff", "\u202e\u202d", "👩‍👩‍👧‍👦", "Ω≈ç√∫˜µ≤≥÷", "田中さん", "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    '"', '""', '"""', '"vélo', 'vélo"', "«vélo", "-", "--", "-\"", '-"vélo"', "+vélo -", "()", "(((", "[a TO b]", "title:vélo", "*", "vélo*", "?",
    "/.*/", "(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 100_000, "vélo " * 20_000, "é" * 5_000, "-a " * 5_000, '"a b" ' * 2_000,
    "annee:", "annee:99999", "annee:0000..9999", "annee:..", "auteur:", "auteur:\"", "territoire:'", "auteur:" * 1_000, ":" * 3_000,
    "vélo AND", "NOT", "OR OR", "NEAR/3", "' OR 1=1 --", "'; DROP TABLE core_page; --", "<script>alert(1)</script>", "{{7*7}}", "${7*7}",
    "../../etc/passwd", "%00", "%s%s%n", "\\", "\\\\x", "\r\nBcc: a@b", "=HYPERLINK(1)", "NaN", "-1", "1e309", "0", "٣", "¹²³", "ﬁ", "I\u0307",
    " ".join(f"inconnu{number}zz" for number in range(30)), " ".join("xwqzkvjpnt" * 2 + chr(97 + n) for n in range(24)),
    "<" * 3_000, "<a" * 3_000, "&#" * 3_000, "&" * 3_000,
]  # fmt: skip


@pytest.fixture
def notes():
    write("Vélo", summary="Un vélo dans le quartier", pages=[(1, 1, "vélo")], jump="Note", facets={"theme": ["x"]})
    search.rebuild()


@pytest.mark.parametrize("degraded", [False, True], ids=["index", "database"])
def test_hostile_texts_get_an_answer(notes, settings, tmp_path, degraded):
    if degraded:
        settings.SEARCH_INDEX_DIR = tmp_path / "file"
        settings.SEARCH_INDEX_DIR.write_text("")
    for text in HOSTILE:
        found = search.query(search.Query(text, facets=("theme",)))
        search.suggest(text, frozenset({"public"}))
        assert found.degraded is degraded


class Watched:
    """A searcher, and the questions it was asked."""

    def __init__(self, searcher, asked: list) -> None:
        self._searcher, self._asked = searcher, asked

    def __getattr__(self, name):
        self._asked.append(name)
        return getattr(self._searcher, name)


def test_the_work_of_a_hostile_text_is_bounded(notes, monkeypatch):
    """Time depends on the machine: what is counted is how many questions the engine is asked, whatever is typed."""
    asked: list = []
    monkeypatch.setattr(Reading, "searcher", property(lambda reading: Watched(reading.opened.searcher, asked)))
    monkeypatch.setattr(engine, "snippets", lambda reading, stems: reading.opened.searcher)
    most = {}
    for text in HOSTILE:
        asked.clear()
        search.query(search.Query(text, facets=("theme",)))
        search.suggest(text, frozenset({"public"}))
        most[text[:30]] = len(asked)
        parsed = parsing.parse(text)
        assert len(analysis.tokens(parsed.words)) <= parsing.MOST_WORDS
        assert sum(map(len, (*parsed.phrases, *parsed.excluded, *parsed.authors, *parsed.places))) <= parsing.LONGEST_TEXT
    assert max(most.values()) < 500, most


def test_hostile_filters_pages_and_sorts_get_an_answer(notes):
    for value in ("", "\x00", "a" * 70_000, "../x", "'"):
        found = search.query(
            search.Query(filters={"theme": [value], "a.b": [value], "": [value]}, facets=("theme", "", "x.y"), sort=value)
        )
        assert found.total == 0 or value == ""
    for number in (-5, 0, 10**12):
        assert search.query(search.Query(page=number, size=number)).total == 1


def test_an_unknown_kind_finds_nothing(notes):
    assert search.query(search.Query("vélo", kinds=("secret",))).total == 0
    assert search.query(search.Query("vélo", access=frozenset())).total == 0
