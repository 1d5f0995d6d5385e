"""« Ma sélection »: an address that names documents, its page and its files."""

import datetime
import json

import pytest
import rispy

from resources.citing import csl, styles
from resources.selection import bibliography, chosen
from tests.core.test_pdf import opened, text_of
from tests.factories.documents import document, tomorrow

pytestmark = pytest.mark.usefixtures("world")
ADDRESS = "/panier/"
FILES = ("bibliographie.pdf", *(f"export.{name}" for name in ("csv", "ods", "xlsx", "json", "ris", "bib", "csl.json")))


def titles(answer) -> list[str]:
    return [card["title"] for card in answer.context["cards"]]


class TestPage:
    def test_documents_are_shown_in_the_order_of_the_address(self, visitor):
        one, two = document("Un"), document("Deux")
        answer = visitor.get(f"{ADDRESS}?d={two.pk},{one.pk},{two.pk}")
        assert titles(answer) == ["Deux", "Un"]
        assert answer.context["total_label"] == "2\u00a0documents"
        assert f'data-ids="{two.pk},{one.pk}"' in answer.content.decode()

    def test_each_can_be_taken_off_by_a_link(self, visitor):
        one, two = document(), document()
        cards = visitor.get(f"{ADDRESS}?d={one.pk},{two.pk}").context["cards"]
        assert [card["remove_url"] for card in cards] == [f"{ADDRESS}?d={two.pk}", f"{ADDRESS}?d={one.pk}"]
        assert visitor.get(f"{ADDRESS}?d={one.pk}").context["cards"][0]["remove_url"] == ADDRESS

    def test_address_to_share_is_the_one_of_the_site(self, visitor, settings):
        settings.SITE_URL = "https://www.example.org"
        made = document()
        assert visitor.get(f"{ADDRESS}?d={made.pk}").context["share_url"] == f"https://www.example.org/panier/?d={made.pk}"

    def test_empty(self, visitor):
        html = visitor.get(ADDRESS).content.decode()
        assert "Votre sélection est vide" in html
        assert "noindex" in html

    @pytest.mark.parametrize("asked", ["x", "1;2", "-1", "0", "9" * 19, "9" * 30, "²", "1,", "<script>", "%00"])
    def test_any_address(self, visitor, asked):
        assert visitor.get(f"{ADDRESS}?d={asked}").status_code in (200, 400)

    @pytest.mark.parametrize(
        "fields", [{"status": "draft"}, {"status": "withdrawn"}, {"publish_at": tomorrow()}, {"access": "formateurs"}]
    )
    def test_what_one_may_not_read_is_left_out(self, visitor, fields):
        shown, hidden = document("Public"), document("Réservé", **fields)
        query = f"?d={hidden.pk},{shown.pk}"
        assert titles(visitor.get(ADDRESS + query)) == ["Public"]
        assert [found["id"] for found in json.loads(visitor.get(f"{ADDRESS}export.csl.json{query}").content)] == ["public"]
        assert "Aucun de ces documents" in visitor.get(f"{ADDRESS}?d={hidden.pk}").content.decode()

    def test_trainer_has_reserved_ones(self, trainer):
        made = document("Réservé", access="formateurs")
        assert titles(trainer.get(f"{ADDRESS}?d={made.pk}")) == ["Réservé"]

    def test_at_most_so_many(self, rf):
        request = rf.get(ADDRESS, {"d": ",".join(map(str, range(1, 500)))})
        assert chosen.keys(request) == list(range(1, chosen.MOST + 1))

    @pytest.mark.parametrize("count", [1, 3])
    def test_query_count(self, visitor, django_assert_num_queries, count):
        pks = [document(slug=f"d{n}", collection="cetavou").pk for n in range(count)]
        visitor.get(ADDRESS)
        with django_assert_num_queries(4):
            visitor.get(ADDRESS + chosen.query(pks))


class TestFiles:
    def test_page_links_to_every_file(self, visitor):
        made = document()
        found = visitor.get(f"{ADDRESS}?d={made.pk}").context["downloads"]
        assert {f"{ADDRESS}{name}?d={made.pk}" for name in FILES} == {file["url"] for file in found}

    @pytest.mark.parametrize("name", FILES)
    def test_every_file_is_made(self, visitor, name):
        answer = visitor.get(f"{ADDRESS}{name}?d={document('Un titre').pk}")
        assert answer.status_code == 200
        assert len(answer.content) > 100

    def test_json(self, visitor):
        one, two = document("Un"), document("Deux")
        found = json.loads(visitor.get(f"{ADDRESS}export.json?d={two.pk},{one.pk}").content)
        assert [item["title"] for item in found["items"]] == ["Deux", "Un"]

    def test_formula_is_text_in_a_spreadsheet(self, visitor):
        made = document("=HYPERLINK(1)")
        content = visitor.get(f"{ADDRESS}export.csv?d={made.pk}").content.decode("utf-8-sig")
        assert not any(cell.startswith("=") for line in content.splitlines() for cell in line.split(";"))

    def test_ris(self, visitor):
        one, two = document("Un"), document("Deux")
        answer = visitor.get(f"{ADDRESS}export.ris?d={two.pk},{one.pk}")
        assert [found["title"] for found in rispy.loads(answer.content.decode())] == ["Deux", "Un"]
        assert answer.headers["Content-Disposition"] == 'attachment; filename="selection.ris"'

    @pytest.mark.parametrize("name", FILES)
    def test_nothing_makes_no_file(self, visitor, name):
        assert visitor.get(ADDRESS + name).status_code == 404

    def test_bibliography(self, visitor):
        made = [document("Zèbres & <b>", authors="Zoé Zola"), document("Abeilles", authors="Ana Albert", language="en")]
        answer = visitor.get(f"{ADDRESS}bibliographie.pdf{chosen.query([d.pk for d in made])}")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == 'inline; filename="bibliographie.pdf"'
        with opened(answer.content) as pdf:
            assert pdf.is_tagged()
            assert pdf.get_metadata_value("Title") == "Bibliographie"
        text = " ".join(text_of(answer.content).split())
        assert text.index("ALBERT, Ana") < text.index("ZOLA, Zoé")
        assert "Zèbres & <b>" in text

    def test_address_in_a_citation_is_a_link(self):
        made = document("Un", url="https://editeur.example/a?b=1&c=2", external=True, summary="")
        [entry] = bibliography.contents([made], datetime.date(2026, 1, 2))["entries"]
        assert '#link("https://editeur.example/a?b=1&c=2")' in entry["citation"]
        assert bibliography.bibliography_pdf([made], datetime.date(2026, 1, 2)).startswith(b"%PDF")
        assert styles.plain(csl.item(made), "iso690").count("https://") == 1

    @pytest.mark.parametrize("count", [1, 3])
    def test_query_count(self, visitor, django_assert_num_queries, count):
        pks = [document(slug=f"d{n}").pk for n in range(count)]
        with django_assert_num_queries(5):
            visitor.get(f"{ADDRESS}export.ris{chosen.query(pks)}")
