"""The page of a document: what it shows, what it escapes, what it costs."""

import datetime
import re

import pytest

from resources.fiches import SECTIONS
from resources.models import Document
from tests.factories.documents import document, file, many
from trajectoire.core import search
from trajectoire.core.text import NBSP

pytestmark = pytest.mark.usefixtures("world")


def page(client, made: Document) -> dict:
    return client.get(made.get_absolute_url()).context


def fiche(**fields) -> Document:
    texts = {name: f"<h2>Un titre</h2><p>Sur {name}.</p>" for name, _, _ in SECTIONS}
    return document(**{"title": "Une fiche", "type": "fiche-experience", "territories": ["QN02503M"]} | texts | fields)


class TestFiche:
    def test_is_a_readable_page_with_its_facts(self, visitor):
        made = fiche(
            hook="Deux phrases.",
            carrier="Régie de quartier",
            partners="Ville\n\n Caf \n",
            started_on=datetime.date(2021, 9, 1),
            ongoing=True,
            surveyed_on=datetime.date(2024, 3, 12),
            writer="Le centre",
            quote="Je croyais",
            quote_author="Une mère",
            key_figures="14 | emplois\nsans barre\n31 t|remises en usage",
        )
        shown = page(visitor, made)["document"]["fiche"]
        assert shown["partners"] == ["Ville", "Caf"]
        assert shown["period_label"] == "depuis septembre 2021"
        assert shown["surveyed_label"] == "12 mars 2024"
        assert shown["key_figures"] == [{"value": "14", "label": "emplois"}, {"value": "31 t", "label": "remises en usage"}]
        assert [section["title"] for section in shown["sections"]] == [heading for _, heading, _ in SECTIONS]
        html = visitor.get(made.get_absolute_url()).content.decode()
        for words in (
            "Deux phrases.",
            "Régie de quartier",
            "Depuis septembre 2021",
            "Je croyais",
            "Une mère",
            "Planoise",
            "Sur context.",
        ):
            assert words in html

    @pytest.mark.parametrize(
        ("start", "end", "ongoing", "label"),
        [
            (None, None, False, ""),
            ("2019-03-01", "2022-06-30", False, "de mars 2019 à juin 2022"),
            ("2019-03-01", None, True, "depuis mars 2019"),
            ("2019-03-01", None, False, "à partir de mars 2019"),
            (None, "2022-06-30", False, "jusqu’en juin 2022"),
        ],
    )
    def test_period(self, visitor, start, end, ongoing, label):
        days = {"started_on": start and datetime.date.fromisoformat(start), "ended_on": end and datetime.date.fromisoformat(end)}
        assert page(visitor, fiche(**days, ongoing=ongoing))["document"]["fiche"]["period_label"] == label

    def test_empty_parts_are_left_out(self, visitor):
        made = fiche(means="", levers="")
        titles = [section["id"] for section in page(visitor, made)["document"]["fiche"]["sections"]]
        assert titles == ["contexte", "objectifs", "deroule", "resultats", "transferabilite"]

    def test_shows_what_was_written_in_the_common_text_too(self, visitor):
        made = fiche(body="<p>Un mot dans le champ Texte.</p>")
        assert "Un mot dans le champ Texte." in visitor.get(made.get_absolute_url()).content.decode()

    def test_line_of_facts_begins_with_a_fact(self, visitor):
        assert "· 1 min de lecture" not in visitor.get(fiche(authors="", date=None).get_absolute_url()).content.decode()

    def test_other_types_have_no_fiche(self, visitor):
        assert page(visitor, document())["document"]["fiche"] is None


class TestText:
    def test_contents_lead_to_headings(self, visitor):
        made = document(body="<h2>Le contexte</h2><p>a</p><h3>Été & hiver</h3><p>b</p><h2>Le contexte</h2><h2>…</h2>")
        shown = page(visitor, made)["document"]
        assert shown["toc"] == [
            {"id": "le-contexte", "label": "Le contexte", "level": 2},
            {"id": "ete-hiver", "label": "Été & hiver", "level": 3},
            {"id": "le-contexte-2", "label": "Le contexte", "level": 2},
            {"id": "partie", "label": "…", "level": 2},
        ]
        html = visitor.get(made.get_absolute_url()).content.decode()
        ids = re.findall(r'id="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        for entry in shown["toc"]:
            assert f'href="#{entry["id"]}"' in html

    def test_reading_time(self, visitor):
        assert page(visitor, document(body="<p>" + "mot " * 660 + "</p>"))["document"]["reading_minutes"] == 3
        assert page(visitor, document(body="<p>mot</p>"))["document"]["reading_minutes"] == 1
        assert page(visitor, document(body=""))["document"]["reading_minutes"] == 0

    def test_tables_scroll_by_themselves(self, visitor):
        made = document(body="<table><tbody><tr><td>1</td></tr></tbody></table>")
        html = visitor.get(made.get_absolute_url()).content.decode()
        assert '<div class="table-scroll" tabindex="0" role="region" aria-label="Tableau"><table>' in html


class TestFiles:
    def test_each_file_says_what_it_is(self, visitor):
        made = document()
        first = file(made, b"x" * 1_200_000, order=0)
        file(made, order=1, name="grille.odt", label="LibreOffice Writer", content_type="application/x", pages=None, size=84_000)
        file(made, order=2, tagged=False, pages=1)
        shown = page(visitor, made)["document"]["files"]
        assert shown[0]["url"] == first.get_absolute_url()
        assert [(f["label"], f["detail"]) for f in shown] == [
            ("Télécharger le PDF", f"PDF, 1,2{NBSP}Mo, 8{NBSP}pages"),
            ("Télécharger le fichier", f"LibreOffice Writer, 84{NBSP}ko"),
            ("Télécharger le PDF", f"PDF, 100{NBSP}octets, 1{NBSP}page"),
        ]
        assert [bool(f["note"]) for f in shown] == [False, False, True]


class TestCollection:
    def test_previous_and_next_numbers(self, visitor):
        made = {n: document(f"N{n}", "lettre-information", collection="lettre-information", number=n) for n in (1, 3, 7)}
        middle = page(visitor, made[3])
        assert (middle["previous"]["title"], middle["next"]["title"]) == ("N1", "N7")
        assert page(visitor, made[1])["previous"] is None
        assert page(visitor, made[7])["next"] is None

    def test_document_without_number_has_no_neighbour(self, visitor):
        context = page(visitor, document(collection="lettre-information"))
        assert (context["previous"], context["next"]) == (None, None)
        assert context["document"]["collection"]["number_label"] == ""

    def test_issn_of_the_collection_is_shown(self, visitor):
        made = document(collection="lettre-information", number=4)
        shown = page(visitor, made)["document"]
        assert shown["issn"] == "2109-5582"
        assert shown["collection"]["number_label"] == f"n°{NBSP}4"
        assert page(visitor, document(issn="1234-5678"))["document"]["issn"] == "1234-5678"

    def test_breadcrumb_goes_through_the_collection_or_the_type(self, visitor):
        labels = [step["label"] for step in page(visitor, document("A", collection="lettre-information"))["breadcrumb"]]
        assert labels == ["Accueil", "Ressources", "Lettre d’information", "A"]
        assert [s["label"] for s in page(visitor, document("B"))["breadcrumb"]] == ["Accueil", "Ressources", "Synthèse", "B"]

    def test_page_of_a_collection_by_year(self, visitor):
        for number, year in ((1, 2023), (2, 2023), (3, 2024)):
            document(f"N{number}", collection="lettre-information", number=number, date=datetime.date(year, 1, 1))
        document("Sans date", collection="lettre-information", number=4, date=None)
        context = visitor.get("/ressources/collections/lettre-information/").context
        assert {part["year"]: [card["title"] for card in part["cards"]] for part in context["years"]} == {
            "Sans date": ["Sans date"],
            "2024": ["N3"],
            "2023": ["N2", "N1"],
        }
        assert context["total_label"] == f"4{NBSP}numéros"

    def test_empty_collection(self, visitor):
        assert "Aucun numéro" in visitor.get("/ressources/collections/cetavou/").content.decode()
        assert visitor.get("/ressources/collections/").context["collections"] == []
        assert visitor.get("/ressources/collections/inconnue/").status_code == 404

    def test_collections_without_date(self, visitor):
        document(collection="cetavou", date=None)
        assert visitor.get("/ressources/collections/").context["collections"][0]["latest_label"] == ""

    @pytest.mark.parametrize("count", [1, 3])
    def test_query_counts(self, visitor, django_assert_num_queries, count):
        for number in range(count):
            document(collection="cetavou", number=number)
        with django_assert_num_queries(1):
            visitor.get("/ressources/collections/")
        with django_assert_num_queries(5):
            visitor.get("/ressources/collections/cetavou/")


class TestRelated:
    def test_reasons(self, visitor):
        for n in range(8):
            document(f"Autre {n}", themes=["mobilites"])
        made = document("Planoise apprend", themes=["education"], territories=["QN02503M"])
        document("Planoise chante", themes=["education"], territories=["QN02503M"])
        found = {entry["card"]["title"]: entry["reason"] for entry in page(visitor, made)["related"]}
        assert "même thème" in found["Planoise chante"]
        assert "même territoire" in found["Planoise chante"]
        assert made.title not in found


class TestFacts:
    def test_notice(self, visitor):
        made = document(
            authors="Ada\n Bob ",
            up_to_date_on=datetime.date(2025, 1, 2),
            language="de",
            isbn="978-2",
            licence="etalab",
            event_note="Journée",
            paper_available=True,
            audiences=["elus"],
            territories=["25"],
        )
        shown = page(visitor, made)["document"]
        assert shown["authors"] == ["Ada", "Bob"]
        assert shown["up_to_date_label"] == "2 janvier 2025"
        assert shown["language_label"] == "allemand"
        assert shown["licence"]["url"].startswith("https://www.etalab")
        assert shown["audiences"] == [{"label": "élus et élues", "url": "/ressources/?public=elus"}]
        assert shown["territories"] == [{"label": "Doubs", "url": "/territoires/25/"}]
        html = visitor.get(made.get_absolute_url()).content.decode()
        assert 'lang="de"' in html
        assert "Commander un exemplaire papier" in html

    def test_territory_without_a_page_leads_to_the_list(self, visitor):
        made = document(territories=["25056"])
        made.territories.update(has_page=False)
        assert page(visitor, made)["document"]["territories"][0]["url"] == "/ressources/?territoire=25056"

    def test_work_published_elsewhere(self, visitor):
        made = document("Un livre", "ouvrage", external=True, url="https://editeur.example/livre", language="xx")
        assert 'href="https://editeur.example/livre"' in visitor.get(made.get_absolute_url()).content.decode()
        assert page(visitor, made)["document"]["language_label"] == "xx"

    @pytest.mark.parametrize(("precision", "label"), [("jour", "22 mai 2024"), ("mois", "mai 2024"), ("annee", "2024")])
    def test_date_is_as_precise_as_known(self, visitor, precision, label):
        assert page(visitor, document(date_precision=precision))["document"]["date_label"] == label

    def test_date_may_be_unknown(self, visitor):
        assert page(visitor, document(date=None))["document"]["date_label"] == ""

    def test_cover_sources(self, visitor):
        made = document()
        renditions = [
            {"format": f, "width": w, "height": 1, "name": f"couvertures/a-{w}.{f}", "file": f"a-{w}.{f}"}
            for f in ("avif", "webp")
            for w in (400, 800)
        ]
        Document.objects.filter(pk=made.pk).update(cover_renditions=renditions)
        shown = page(visitor, made)["document"]
        assert [source["type"] for source in shown["cover_sources"]] == ["image/avif", "image/webp"]
        assert shown["cover_sources"][0]["srcset"].endswith(
            "a-400.avif 400w, " + f"/ressources/{made.slug}/couverture/a-800.avif 800w"
        )
        assert shown["cover_svg"] == ""
        Document.objects.filter(pk=made.pk).update(cover_renditions=renditions[2:])
        assert [source["type"] for source in page(visitor, made)["document"]["cover_sources"]] == ["image/webp"]
        assert visitor.get("/ressources/").context["cards"][0]["cover_svg"] == ""


class TestPeople:
    def test_edit_link_is_for_staff(self, visitor, trainer, documentalist, powerless):
        made = document()
        for client in (visitor, trainer, powerless):
            assert page(client, made)["edit_url"] == ""
        assert page(documentalist, made)["edit_url"] == f"/admin/resources/document/{made.pk}/change/"

    def test_preview_is_for_editors(self, documentalist, administrator):
        made = document("Ébauche", status="draft", body="<p>Bientôt</p>")
        for client in (documentalist, administrator):
            response = client.get(f"/ressources/apercu/{made.pk}/")
            assert response.status_code == 200
            assert "Bientôt" in response.content.decode()
            assert "Aperçu" in response.content.decode()
            assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize("actor", ["trainer", "stranger", "powerless"])
    def test_preview_does_not_exist_for_others(self, request, actor):
        made = document("Ébauche", status="draft")
        client = request.getfixturevalue(actor)
        for pk in (made.pk, made.pk + 1):
            assert client.get(f"/ressources/apercu/{pk}/").status_code == 404

    @pytest.mark.parametrize("actor", ["visitor", "deactivated"])
    def test_preview_asks_to_log_in(self, request, actor):
        client = request.getfixturevalue(actor)
        for pk in (document(status="draft").pk, 10**9):
            response = client.get(f"/ressources/apercu/{pk}/")
            assert response.headers["Location"].startswith("/compte/login/")


@pytest.mark.parametrize("count", [1, 3, 500])
def test_query_count_of_a_document(visitor, django_assert_num_queries, count):
    many(count)
    search.rebuild()
    visitor.get("/ressources/lot-000/")
    with django_assert_num_queries(8 if count == 1 else 13):  # the cards of « À lire aussi » and their reasons take five
        visitor.get("/ressources/lot-000/")
