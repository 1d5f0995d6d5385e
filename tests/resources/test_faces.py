"""What the faces of the list of documents say, to whom, at what cost."""

import csv
import datetime
import io

import feedparser
import pytest
import time_machine
from django.utils import timezone
from lxml import etree

from tests.conftest import ROOT
from tests.factories.documents import document, file, many, tomorrow
from trajectoire.core import search
from trajectoire.core.faces import serving
from trajectoire.core.models import SiteVersion

pytestmark = pytest.mark.usefixtures("world")
URL = "/ressources/"
SITE = "http://127.0.0.1:8000"
ATOM = etree.RelaxNG(etree.parse(ROOT / "tests" / "data" / "schemas" / "atom.rng"))
NS = {"a": "http://www.w3.org/2005/Atom"}


def feed(client, **query):
    return feedparser.parse(client.get(f"{URL}flux.atom", query).content)


def lines(client, **query) -> list[dict[str, str]]:
    text = client.get(f"{URL}export.csv", query).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


class TestFeed:
    def test_entry_says_what_a_reader_needs(self, visitor):
        made = document(
            "L’école & <l’île>", themes=["education"], territories=["25"], authors="Ana Vauthier\nLéo Roy", language="en"
        )
        file(made, b"x" * 1234)
        made.refresh_from_db()
        content = visitor.get(f"{URL}flux.atom").content
        ATOM.assertValid(etree.fromstring(content))
        [entry] = feedparser.parse(content).entries
        assert (entry.id, entry.link) == (f"tag:127.0.0.1,2026:document/{made.pk}", f"{SITE}/ressources/l-ecole-l-ile/")
        assert entry.title_detail == {"type": "text/plain", "language": "en", "base": "", "value": "L’école & <l’île>"}
        assert entry.summary == "Ce que le document apporte, en une phrase."
        assert [author.name for author in entry.authors] == ["Ana Vauthier", "Léo Roy"]
        assert (entry.tags[0].term, entry.tags[0].label) == ("synthese", "Synthèse")
        assert {tag.term for tag in entry.tags} == {"synthese", "education", "25"}
        assert entry.published == "2020-01-01T00:00:00+00:00"
        assert entry.updated == made.updated_at.isoformat()
        [enclosure] = entry.enclosures
        assert (enclosure.type, enclosure.length) == ("application/pdf", "1234")
        assert enclosure.href == f"{SITE}/ressources/l-ecole-l-ile/fichiers/{made.files.get().pk}/synthese.pdf"

    def test_id_outlives_title_and_address(self, visitor):
        made = document("Avant")
        [before] = feed(visitor).entries
        made.title, made.slug = "Après", "apres"
        made.save()
        [after] = feed(visitor).entries
        assert before.id == after.id
        assert after.title == "Après"
        assert after.updated > before.updated

    def test_fiche_is_told_by_its_hook(self, visitor):
        document("Une fiche", "fiche-experience", hook="Une accroche.")
        document("Une note", "note", hook="Jamais montrée.")
        assert {entry.summary for entry in feed(visitor).entries} == {
            "Une accroche.",
            "Ce que le document apporte, en une phrase.",
        }

    def test_without_author_the_publisher_signs(self, visitor):
        document("Une note", publisher="La Maison", summary="")
        document("Sans éditeur", publisher="")
        parsed = feed(visitor)
        assert {entry.get("author", "") for entry in parsed.entries} == {"La Maison", ""}  # that of the feed, then
        assert parsed.feed.author == "Trajectoire Ressources"
        assert ["summary" in entry for entry in sorted(parsed.entries, key=lambda entry: entry.title)] == [True, False]

    def test_characters_that_xml_cannot_hold_are_left_out(self, visitor):
        document("Un\x08e note", summary="Rés\x1fumé", authors="An\x0ba")
        content = visitor.get(f"{URL}flux.atom").content
        ATOM.assertValid(etree.fromstring(content))
        assert feedparser.parse(content).entries[0].title == "Une note"

    def test_scheduled_document_appears_at_its_hour(self, visitor):
        """Nobody changes anything then: the marks change all the same."""
        document("Ancien")
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=1), tick=False) as clock:
            document("Bientôt", publish_at=timezone.now() + datetime.timedelta(hours=2))
            first = visitor.get(f"{URL}flux.atom")
            assert [entry.title for entry in feedparser.parse(first.content).entries] == ["Ancien"]
            clock.shift(datetime.timedelta(hours=3))
            marks = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
            later = visitor.get(f"{URL}flux.atom", headers=marks)
            assert later.status_code == 200
            [_, entry] = sorted(feedparser.parse(later.content).entries, key=lambda entry: entry.title)
            assert (entry.title, entry.updated) == ("Bientôt", entry.published)

    def test_newest_arrivals_come_first_when_asked(self, visitor):
        document("Publié hier, paru en 2010", date="2010-01-01", publish_at=timezone.now() - datetime.timedelta(days=1))
        document("Publié jadis, paru en 2025", date="2025-01-01")
        assert [entry.title[:12] for entry in feed(visitor, tri="ajout").entries] == ["Publié hier,", "Publié jadis"]
        assert [entry.title[:12] for entry in feed(visitor).entries] == ["Publié jadis", "Publié hier,"]

    def test_feed_names_itself_and_the_page(self, visitor):
        document("Une note", "note")
        parsed = feed(visitor, type="note", inconnu="1").feed
        assert parsed.title == "Ressources — Trajectoire Ressources"
        assert parsed.subtitle == "1\u00a0note"
        assert parsed.id == "tag:127.0.0.1,2026:/ressources/flux.atom?type=note"
        found = {link.rel: link.href for link in parsed.links}
        assert found["self"] == f"{SITE}/ressources/flux.atom?type=note"
        assert found["alternate"] == f"{SITE}/ressources/?type=note"

    def test_pages_lead_to_each_other(self, visitor, shelves):
        seen, address = [], f"{URL}flux.atom?theme=education"
        while address:
            parsed = feedparser.parse(visitor.get(address).content)
            seen += [entry.id for entry in parsed.entries]
            found = {link.rel: link.href.removeprefix(SITE) for link in parsed.feed.links}
            assert found["first"] == f"{URL}flux.atom?theme=education"
            assert found["last"] == f"{URL}flux.atom?theme=education&page=3"
            if len(seen) > serving.ENTRIES:
                assert found["previous"]
            address = found.get("next")
        assert len(seen) == len(set(seen)) == 2 * serving.ENTRIES + 1

    @pytest.mark.parametrize("page", ["4", "999999", "0", "-1", "abc", "٣", ""])
    def test_page_that_does_not_exist_is_a_valid_feed(self, visitor, shelves, page):
        response = visitor.get(f"{URL}flux.atom", {"page": page})
        ATOM.assertValid(etree.fromstring(response.content))
        assert len(feedparser.parse(response.content).entries) == (0 if page in ("4", "999999") else serving.ENTRIES)

    def test_feed_is_compressed(self, visitor, shelves):
        assert visitor.get(f"{URL}flux.atom", headers={"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"

    def test_empty_library_has_a_feed(self, visitor):
        response = visitor.get(f"{URL}flux.atom")
        ATOM.assertValid(etree.fromstring(response.content))
        SiteVersion.objects.all().delete()
        ATOM.assertValid(etree.fromstring(visitor.get(f"{URL}flux.atom").content))


class TestJson:
    def test_record_has_every_name(self, visitor):
        made = document(
            "Lettre 12",
            "lettre-information",
            collection="lettre-information",
            number=12,
            audiences=["elus"],
            authors="Ana",
            pages=4,
        )
        file(made, name="lettre.pdf", title="La lettre")
        made.refresh_from_db()
        [item] = visitor.get(f"{URL}export.json").json()["items"]
        assert item == {
            "id": f"document/{made.pk}",
            "url": f"{SITE}/ressources/lettre-12/",
            "title": "Lettre 12",
            "subtitle": "",
            "type": {"code": "lettre-information", "label": "Lettre d’information"},
            "summary": "Ce que le document apporte, en une phrase.",
            "authors": ["Ana"],
            "publisher": "Trajectoire Ressources",
            "date": "2024-05-22",
            "collection": {"code": "lettre-information", "label": "Lettre d’information"},
            "number": 12,
            "themes": [{"code": "education", "label": "Éducation et réussite éducative"}],
            "territories": [],
            "audiences": [{"code": "elus", "label": "élus et élues"}],
            "language": "fr",
            "pages": 4,
            "isbn": "",
            "issn": made.collection.issn,
            "licence": {"code": "cc-by-sa", "label": "Creative Commons BY-SA 4.0"},
            "access": "public",
            "files": [
                {
                    "url": f"{SITE}{made.files.get().get_absolute_url()}",
                    "name": "lettre.pdf",
                    "title": "La lettre",
                    "media_type": "application/pdf",
                    "bytes": 100,
                    "pages": 8,
                }
            ],
            "published": "2020-01-01T00:00:00Z",
            "updated": made.updated_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }

    def test_names_are_those_of_the_documentation(self, visitor):
        document()
        text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
        answer = visitor.get(f"{URL}export.json").json()
        for name in [*answer, *answer["links"], *answer["items"][0]]:
            assert f"`{name}`" in text, name

    def test_unknown_date_is_null_and_a_vague_one_is_short(self, visitor):
        document("Sans date", date=None)
        document("Année", date="2024-01-01", date_precision="annee")
        document("Mois", date="2024-03-01", date_precision="mois")
        dates = {item["title"]: item["date"] for item in visitor.get(f"{URL}export.json").json()["items"]}
        assert dates == {"Sans date": None, "Année": "2024", "Mois": "2024-03"}

    def test_pages_lead_to_each_other(self, visitor, monkeypatch, shelves):
        monkeypatch.setattr(serving, "RECORDS", 40)
        seen, address = [], f"{SITE}{URL}export.json?theme=education"
        while address:
            answer = visitor.get(address.removeprefix(SITE)).json()
            seen += [item["id"] for item in answer["items"]]
            assert (answer["total"], answer["pages"]) == (61, 2)
            last, address = answer, answer["links"]["next"]
        assert len(seen) == len(set(seen)) == 61
        assert last["page"] == 2
        assert last["links"] == {
            "first": f"{SITE}{URL}export.json?theme=education",
            "previous": f"{SITE}{URL}export.json?theme=education",
            "next": None,
            "last": f"{SITE}{URL}export.json?theme=education&page=2",
            "html": f"{SITE}{URL}?theme=education",
        }

    def test_page_after_the_last_is_empty_and_leads_back(self, visitor, shelves):
        answer = visitor.get(f"{URL}export.json", {"page": "50"}).json()
        assert answer["items"] == []
        assert answer["links"]["previous"] == f"{SITE}{URL}export.json"
        assert answer["links"]["next"] is None

    def test_page_number_is_not_that_of_the_screen(self, visitor, monkeypatch, shelves):
        """The page of the list stops at 100; the export goes to the end."""
        monkeypatch.setattr(serving, "RECORDS", 1)
        [item] = visitor.get(f"{URL}export.json", {"page": "61"}).json()["items"]
        assert item["title"] == visitor.get(URL, {"page": "4"}).context["cards"][-1]["title"]


class TestSpreadsheets:
    def test_columns(self, visitor):
        made = document(
            "Une synthèse", themes=["education", "sante"], territories=["25", "21"], audiences=["elus"], isbn="978-2-0"
        )
        file(made)
        [line] = lines(visitor)
        assert line["Thèmes"] == "Éducation et réussite éducative, Santé"
        assert line["Territoires"] == "Côte-d’Or, Doubs"
        assert (line["Date de parution"], line["Année"]) == ("2024-05-22", "2024")
        assert line["Fichiers"] == f"{SITE}{made.files.get().get_absolute_url()}"
        assert line["Qui peut lire"] == "Tout le monde"

    def test_vague_date_is_a_text_and_no_date_nothing(self, visitor):
        document("Mois", date="2024-03-01", date_precision="mois")
        document("Rien", date=None)
        assert {line["Titre"]: line["Date de parution"] for line in lines(visitor)} == {"Mois": "2024-03", "Rien": ""}

    def test_formula_in_a_title_stays_a_text(self, visitor):
        document('=HYPERLINK("https://exemple.fr")')
        assert lines(visitor)[0]["Titre"] == '\'=HYPERLINK("https://exemple.fr")'

    @pytest.mark.parametrize(("asked", "expected"), [(",", ","), ("tab", "\t"), (";", ";"), ("x", ";"), ("", ";")])
    def test_separator(self, visitor, asked, expected):
        head = visitor.get(f"{URL}export.csv", {"sep": asked}).getvalue().decode("utf-8-sig").splitlines()[0]
        assert head.startswith(f'"Titre"{expected}"Sous-titre"{expected}"Type"')


class TestAccess:
    """A document that becomes reserved, is withdrawn or scheduled is out of every face at once."""

    @pytest.mark.parametrize(
        "change", [{"access": "formateurs"}, {"status": "withdrawn"}, {"status": "draft"}, {"publish_at": tomorrow()}]
    )
    @pytest.mark.parametrize("name", ["flux.atom", "export.json", "export.csv", "export.ris"])
    def test_document_taken_back(self, visitor, name, change):
        made = document("Titre unique")
        first = visitor.get(URL + name)
        assert b"Titre unique" in first.getvalue()
        for field, value in change.items():
            setattr(made, field, value)
        made.save()
        again = visitor.get(URL + name, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 200
        assert b"Titre unique" not in again.getvalue()

    def test_document_reserved_while_a_file_is_made(self, visitor, monkeypatch):
        """The walk began on an index where it was public: the database has the last word."""
        made = document("Titre unique")
        walk = search.every

        def late(*args, **options):
            found = walk(*args, **options)
            made.access = "formateurs"
            made.save()
            return found

        monkeypatch.setattr(search, "every", late)
        assert lines(visitor) == []

    def test_marks_of_two_readers_differ(self, visitor, trainer):
        document("Public")
        assert visitor.get(f"{URL}flux.atom").headers["ETag"] != trainer.get(f"{URL}flux.atom").headers["ETag"]


@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize(("name", "queries"), [("flux.atom", 10), ("export.json", 10), ("export.csv", 9), ("export.ris", 9)])
def test_query_count(visitor, django_assert_num_queries, count, name, queries):
    for made in many(count):
        file(made)
    search.rebuild()
    visitor.get(URL + name, {"theme": "education"})
    with django_assert_num_queries(queries):
        visitor.get(URL + name, {"theme": "education"}).getvalue()
