"""What a letter takes from the lists, and what it looks like as a mail, as a text and as a page."""

import pytest
from lxml.html import document_fromstring

from network.models import Initiative
from resources.alerts.digests import NotWholeError
from resources.letters import composing, gathering
from resources.letters.models import Item, Letter
from tests.factories.documents import document
from trajectoire.core import mail_text, search

from .conftest import DAY, HOUR, TUESDAY

pytestmark = pytest.mark.usefixtures("clock")
NOBODY = {"page_url": "https://example.org/page", "manage_url": "#", "leave_url": "#", "trial": False}


def titles(letter: Letter) -> list[str]:
    return [item.title for item in letter.items.all()]


def render(letter: Letter) -> mail_text.Rendered:
    return mail_text.render("letter", composing.context(letter) | NOBODY)


class TestGathering:
    @pytest.fixture
    def draft(self) -> Letter:
        return Letter.objects.create(number=48, title="un essai")

    def test_what_appeared_is_taken_from_every_list(self, draft, publish, clock):
        publish("Une synthèse", TUESDAY)
        Initiative.objects.create(name="Un jardin", summary="On y plante.", published=True)
        clock.move_to(TUESDAY + HOUR)
        assert gathering.gather(draft) == 2
        found = {(item.listing, item.key.split("/")[0], item.title, item.text) for item in draft.items.all()}
        assert found == {
            ("ressources", "document", "Une synthèse", "<p>Ce que le document apporte, en une phrase.</p>"),
            ("reseau", "initiative", "Un jardin", "<p>On y plante.</p>"),
        }

    def test_newest_come_first_and_leave_room_between_them(self, draft, publish, clock):
        publish("Avant", TUESDAY - DAY)
        publish("Après", TUESDAY - HOUR, summary="")
        gathering.gather(draft)
        assert list(draft.items.values_list("order", "title", "text")) == [
            (10, "Après", ""),
            (20, "Avant", "<p>Ce que le document apporte, en une phrase.</p>"),
        ]

    def test_reserved_and_unpublished_things_are_left_out(self, draft, publish):
        publish("Réservé", TUESDAY - HOUR, access="formateurs")
        document("Brouillon", status="draft", publish_at=None)
        document("Demain", publish_at=TUESDAY + DAY)
        assert gathering.gather(draft) == 0

    def test_second_time_brings_only_what_is_newer(self, draft, publish, clock):
        publish("Un", TUESDAY - HOUR)
        gathering.gather(draft)
        draft.items.all().delete()  # staff does not want it
        clock.move_to(TUESDAY + HOUR)
        publish("Deux", TUESDAY + HOUR / 2)
        draft.refresh_from_db()
        assert gathering.gather(draft) == 1
        assert titles(draft) == ["Deux"]

    def test_next_letter_begins_where_the_last_one_sent_looked(self, draft, publish, clock):
        publish("Dit", TUESDAY - HOUR)
        gathering.gather(draft)
        clock.move_to(TUESDAY + HOUR)
        publish("Tard", TUESDAY + HOUR / 2)  # between the gathering and the sending
        Letter.objects.update(status="sent", sent_at=TUESDAY + HOUR)
        following = Letter.objects.create(number=49, title="la suivante")
        assert gathering.gather(following) == 1
        assert titles(following) == ["Tard"]

    def test_what_was_told_is_not_told_again(self, draft, publish):
        publish("Dit", TUESDAY - HOUR)
        gathering.gather(draft)
        Letter.objects.update(status="sent", gathered_upto=None)
        assert gathering.gather(Letter.objects.create(number=49, title="la suivante")) == 0

    def test_former_letters_are_no_news(self, draft):
        document("La précédente", type="lettre-information", collection="lettre-information", publish_at=TUESDAY - HOUR)
        assert gathering.gather(draft) == 0

    def test_search_that_is_away_is_said(self, draft, monkeypatch):
        monkeypatch.setattr(search, "query", lambda asked: search.Results(degraded=True))
        with pytest.raises(NotWholeError):
            gathering.gather(draft)
        assert Letter.objects.get().gathered_upto is None

    @pytest.mark.parametrize("count", [1, 4])
    def test_query_count_does_not_grow(self, draft, publish, count, django_assert_num_queries):
        for number in range(count):
            publish(f"Document {number}", TUESDAY - HOUR)
        gathering.gather(draft)
        Item.objects.all().delete()
        draft.gathered_upto = None
        with django_assert_num_queries(QUERIES_TO_GATHER):
            assert gathering.gather(draft) == count


QUERIES_TO_GATHER = 17


class TestPieces:
    def test_list_gives_its_name_to_its_pieces(self, letter, publish):
        made, told = letter(), publish("Une synthèse", TUESDAY - HOUR, language="de")
        for order, (key, title) in enumerate([(f"document/{told.pk}", "Une synthèse, revue"), ("", "Fin")], 20):
            Item.objects.create(letter=made, order=order, key=key, listing="ressources" if key else "", title=title)
        assert [(one.title, [piece.title for piece in one.pieces]) for one in composing.sections(made)] == [
            ("", ["Un titre"]),
            ("Ressources", ["Une synthèse, revue"]),
            ("", ["Fin"]),
        ]
        html = render(made).html
        assert f'href="http://127.0.0.1:8000{told.get_absolute_url()}"' in html
        assert 'lang="de"' in html

    def test_what_is_no_longer_public_is_left_out(self, letter, publish):
        made, told = letter(), publish("Retirée", TUESDAY - HOUR)
        Item.objects.create(letter=made, order=20, key=f"document/{told.pk}", listing="ressources", title="Retirée")
        assert "Retirée" in composing.page_html(made)
        told.access = "formateurs"
        told.save()
        assert "Retirée" not in composing.page_html(made) + render(made).html + render(made).text

    def test_list_that_is_gone_is_left_out(self, letter):
        made = letter()
        Item.objects.create(letter=made, order=20, key="seance/1", listing="ancienne", title="Une séance")
        assert "Une séance" not in render(made).html

    @pytest.mark.parametrize("count", [1, 4])
    def test_query_count_does_not_grow(self, letter, publish, count, django_assert_num_queries):
        made = letter()
        for number in range(count):
            told = publish(f"Document {number}", TUESDAY)
            Item.objects.create(letter=made, key=f"document/{told.pk}", listing="ressources", title=f"Document {number}")
        with django_assert_num_queries(6):
            composing.sections(made)


RICH = (
    '<h3>Dates</h3><p>Le <strong>12</strong> &amp; le 13,<br>à <a href="/territoires/25/?a=1&amp;b=2">Besançon</a>.</p>'
    "<ul><li><p>un</p></li><li><p>deux</p></li></ul><table><tr><td>a</td><td>b</td></tr></table>"
    '<p><a href="mailto:a@example.org">Écrire</a></p>'
)


class TestText:
    def test_rich_text_is_read_without_markup(self):
        assert composing.as_text(RICH) == (
            "Dates\n\nLe 12 & le 13,\nà Besançon (/territoires/25/?a=1&b=2).\n\n- un\n\n- deux\n\na | b\n\nÉcrire (mailto:a@example.org)"
        )

    def test_links_lead_to_the_site_in_both_parts(self, letter):
        made = letter(text=RICH)
        rendered = render(made)
        assert 'href="http://127.0.0.1:8000/territoires/25/?a=1&amp;b=2"' in rendered.html
        assert "http://127.0.0.1:8000/territoires/25/?a=1&b=2" in rendered.text
        assert 'href="mailto:a@example.org"' in rendered.html

    def test_mail_has_both_parts_and_ways_out(self, letter):
        rendered = render(letter())
        assert rendered.subject == "Lettre d’information n°\u00a048\u00a0: un essai"
        for part in (rendered.html, rendered.text):
            assert "Bonjour." in part
            assert "Un titre" in part
            assert "Me désabonner de la lettre" in part
            assert "effacer mes données" in part
        assert rendered.html.count("<h1") == 1
        assert '<html lang="fr"' in rendered.html
        assert "<img" not in rendered.html
        assert "{{" not in rendered.html + rendered.text

    def test_hostile_title_is_escaped_everywhere(self, letter):
        made = letter(title="<script>alert(1)</script>")
        Item.objects.create(letter=made, order=20, title="<b>x</b>", url="https://example.org/?a=<b>")
        for html in (render(made).html, composing.page_html(made)):
            assert not {"script", "b"} & {element.tag for element in document_fromstring(html).iter()}

    def test_letter_of_free_texts_without_titles(self, letter):
        made = letter(intro="")
        Item.objects.update(title="", url="")
        assert composing.page_html(made) == "<p>Un texte libre.</p>"
        assert str(Item.objects.get()) == "Texte"
        assert "Un texte libre." in render(made).text
