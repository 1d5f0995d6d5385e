"""RIS, BibTeX and CSL-JSON: what other programs read back is what we hold."""

import datetime
import json

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.models import Theme
from resources.citing import bibtex, csl, ris
from resources.models import Document, DocumentType
from tests.factories import documents
from trajectoire.core.text import NBSP

HARD = [
    "L’été à Besançon : cœurs, œuvres & Nœuds",
    "Des accolades {ouvertes } et { fermées}, 100 % de _soulignés_, #dièse, 5 $",
    'Une barre \\ inverse, un ~ tilde, un ^ chapeau, des "guillemets" et l\'apostrophe',
    "ER  - faux fin\r\nTY  - BOOK",
    "@book{faux, title={rien}}",
    "😀 emoji et 中文",
    "x" * 250,
    "mot " * 62,
]


def read_ris(*made: Document) -> list[dict]:
    return rispy.loads(b"".join(ris.write(made)).decode())


def read_bibtex(*made: Document) -> list[dict[str, str]]:
    """{field: value} of each entry, with its type, its key and the names apart."""
    text = b"".join(bibtex.write(made)).decode()
    decoding = LatexDecodingMiddleware(keep_braced_groups=False)
    library = bibtexparser.parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts(), decoding])
    assert not library.failed_blocks
    raw = {entry.key: entry["url"] for entry in bibtexparser.parse_string(text).entries}  # addresses are read as they are
    return [
        {f.key: circumflex(f.value) for f in entry.fields} | {"kind": entry.entry_type, "key": entry.key, "url": raw[entry.key]}
        for entry in library.entries
    ]


def circumflex(value):
    """pylatexenc reads \\textasciicircum as U+02C6 instead of the character of the keyboard."""
    return value.replace("\u02c6", "^") if isinstance(value, str) else value


def one_line(text: str) -> str:
    return " ".join(text.split())


class TestRis:
    def test_report(self, cited):
        [found] = read_ris(cited)
        assert found == {
            "type_of_reference": "RPRT",
            "id": "menus",
            "title": f"Menus & laïcité{NBSP}: une synthèse",
            "authors": ["Trajectoire Ressources", "Vauthier, Ana"],
            "year": "2024",
            "date": "2024/05/22",
            "publisher": "Trajectoire Ressources",
            "tertiary_title": "Lettre d’information",
            "note": "7",
            "type_of_work": "Synthèse",
            "start_page": "12",
            "issn": "978-2-0000-0001-9",
            "language": "fr",
            "abstract": "Ce qu’il faut retenir.",
            "keywords": ["Santé", "Éducation et réussite éducative"],
            "urls": ["https://www.example.org/ressources/menus/"],
        }

    def test_magazine(self, world):
        made = documents.document("Un numéro", "lettre-information", collection="lettre-information", number=3, slug="n3")
        [found] = read_ris(made)
        assert (found["type_of_reference"], found["secondary_title"], found["number"]) == ("MGZN", "Lettre d’information", "3")
        assert found["issn"] == "2109-5582"

    @pytest.mark.parametrize(("precision", "date"), [("jour", "2024/05/22"), ("mois", "2024/05/"), ("annee", "2024//")])
    def test_date_is_as_precise_as_known(self, world, precision, date):
        assert read_ris(documents.document(date_precision=precision))[0]["date"] == date

    def test_nothing_but_a_title(self, world):
        kind = DocumentType.objects.create(slug="nouveau", name="nouveau", plural="nouveaux")
        bare = documents.document("Seul", "nouveau", themes=[], date=None, publisher="", summary="")
        [found] = read_ris(bare)
        assert kind.slug == "nouveau"
        assert found["type_of_reference"] == "GEN"
        assert not found.keys() & {"year", "date", "publisher", "authors", "abstract", "keywords"}

    @pytest.mark.parametrize("title", HARD)
    def test_any_title(self, world, title):
        made = [
            documents.document(title, slug="un", authors=f"{title[:80]}\nVauthier, Ana"),
            documents.document("Autre", slug="b"),
        ]
        found = read_ris(*made)
        assert [one_line(f["title"]) for f in found] == [one_line(title), "Autre"]
        assert found[0]["authors"][-1] == "Vauthier, Ana"


class TestBibtex:
    def test_report(self, cited):
        [found] = read_bibtex(cited)
        authors = [(" ".join(name.first), " ".join(name.last)) for name in found.pop("author")]
        assert authors == [("", "{Trajectoire Ressources}"), ("Ana", "Vauthier")]
        assert found == {
            "kind": "techreport",
            "key": "menus",
            "title": f"Menus & laïcité{NBSP}: une synthèse",
            "year": "2024",
            "month": "may",
            "series": "Lettre d’information",
            "number": "7",
            "institution": "Trajectoire Ressources",
            "type": "Synthèse",
            "pagetotal": "12",
            "isbn": "978-2-0000-0001-9",
            "issn": "2109-5582",
            "language": "fr",
            "keywords": "Santé, Éducation et réussite éducative",
            "abstract": "Ce qu’il faut retenir.",
            "url": "https://www.example.org/ressources/menus/",
        }

    def test_magazine_is_an_article(self, world):
        made = documents.document("Un numéro", "lettre-information", collection="lettre-information", number=3)
        [found] = read_bibtex(made)
        assert (found["kind"], found["journal"], found["number"]) == ("article", "Lettre d’information", "3")

    def test_book_published_elsewhere(self, world):
        url = "https://editeur.example/livre?a=%20b&c={d}\\e"
        made = documents.document(
            "Un livre", "ouvrage", external=True, url=url, publisher="Presses & Cie", date_precision="annee"
        )
        [found] = read_bibtex(made)
        assert (found["kind"], found["publisher"]) == ("book", "Presses & Cie")
        assert found["url"] == "https://editeur.example/livre?a=%20b&c=%7Bd%7D%5Ce"
        assert "month" not in found

    def test_no_date(self, world):
        assert "year" not in read_bibtex(documents.document(date=None))[0]

    @pytest.mark.parametrize("title", HARD)
    def test_any_title(self, world, title):
        made = [documents.document(title, slug="un"), documents.document("Autre", slug="b")]
        assert [one_line(found["title"]) for found in read_bibtex(*made)] == [one_line(title), "Autre"]


class TestCsl:
    def test_report(self, cited):
        [found] = json.loads(b"".join(csl.write([cited])))
        assert found == {
            "id": "menus",
            "type": "report",
            "title": f"Menus & laïcité{NBSP}: une synthèse",
            "author": [{"literal": "Trajectoire Ressources"}, {"family": "Vauthier", "given": "Ana"}],
            "publisher": "Trajectoire Ressources",
            "issued": {"date-parts": [[2024, 5, 22]]},
            "genre": "Synthèse",
            "number-of-pages": "12",
            "ISBN": "978-2-0000-0001-9",
            "ISSN": "2109-5582",
            "language": "fr",
            "abstract": "Ce qu’il faut retenir.",
            "keyword": "Santé, Éducation et réussite éducative",
            "URL": "https://www.example.org/ressources/menus/",
            "collection-title": "Lettre d’information",
            "collection-number": "7",
        }

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_list_is_json(self, world, count):
        made = [documents.document(slug=f"d{n}") for n in range(count)]
        assert [found["id"] for found in json.loads(b"".join(csl.write(made)))] == [f"d{n}" for n in range(count)]

    def test_presentation_says_where(self, world):
        DocumentType.objects.create(slug="diaporama", name="diaporama", plural="diaporamas")
        assert (
            csl.item(documents.document("Un", "diaporama", event_note="Journée du 12 mars"))["event-title"]
            == "Journée du 12 mars"
        )

    @pytest.mark.parametrize("count", [1, 3])
    def test_query_count(self, world, django_assert_num_queries, count):
        for number in range(count):
            documents.document(slug=f"d{number}", collection="cetavou")
        with django_assert_num_queries(5):
            b"".join(csl.write(Document.objects.for_exports()))


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).map(one_line).filter(bool)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=words, author=words)
def test_any_words_come_back(title, author):
    kind = DocumentType(slug="synthese", name="synthèse")
    made = Document(pk=1, title=title, slug="essai", type=kind, authors=author, date=datetime.date(2024, 1, 2))
    made._prefetched_objects_cache = {"themes": Theme.objects.none()}
    [found] = read_ris(made)
    assert one_line(found["title"]) == title
    [found] = read_bibtex(made)
    assert one_line(found["title"]) == one_line(title)


def test_longest_title_is_whole(world):
    made = documents.document("mot " * 62, slug="long", subtitle="é&{" * 83)
    expected = f"{made.title}{NBSP}: {made.subtitle}"
    assert len(expected) > 490
    assert [read_ris(made)[0]["title"], read_bibtex(made)[0]["title"]] == [expected] * 2
