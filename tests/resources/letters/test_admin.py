"""The letter in the administration: compose, look, try, plan, follow; and those who receive it."""

import io

import pytest
from python_calamine import load_workbook

from resources.letters import sending
from resources.letters.models import Departure, Item, Letter, Subscription
from tests.factories import admin
from tests.factories.documents import document
from trajectoire.core import search
from trajectoire.core.outbox import OutgoingMail

from .conftest import DAY, HOUR, TUESDAY

LIST = "/admin/letters/letter/"
PEOPLE = "/admin/letters/subscription/"


def change(letter: Letter) -> str:
    return f"{LIST}{letter.pk}/change/"


def press(client, letter: Letter, name: str, **changes):
    """Save the page by one of its buttons; what it says then."""
    page = change(letter)
    answer = client.post(page, admin.shown(client.get(page)) | {name: "1"} | changes, follow=True)
    return " ".join(admin.messages(answer))


@pytest.mark.usefixtures("clock")
class TestComposing:
    def test_new_letter_takes_the_next_number(self, documentalist):
        document("47", type="lettre-information", collection="lettre-information", number=47)
        page = f"{LIST}add/"
        given = admin.shown(documentalist.get(page))
        assert given["number"] == 48
        documentalist.post(page, given | {"title": "des idées fraîches", "intro": "<p>Bonjour<script>x</script></p>"})
        made = Letter.objects.get()
        assert (str(made), made.intro) == ("Lettre d’information n°\u00a048\u00a0: des idées fraîches", "<p>Bonjour</p>")

    def test_number_of_the_collection_is_refused(self, documentalist, letter):
        document("47", type="lettre-information", collection="lettre-information", number=47)
        answer = admin.save(documentalist, change(letter()), number=47)
        assert "La collection a déjà un numéro 47" in admin.errors(answer)

    def test_title_is_one_line(self, documentalist, letter):
        answer = admin.save(documentalist, change(letter()), title="x\r\nBcc: a@b.fr")
        assert "une seule ligne" in admin.errors(answer)

    def test_what_appeared_is_brought_in_by_a_button(self, documentalist, letter):
        made = letter()
        document("Une synthèse", publish_at=TUESDAY - HOUR)
        assert "1\u00a0nouveauté ajoutée à la fin." in press(documentalist, made, "_gather")
        assert list(made.items.values_list("title", flat=True)) == ["Un titre", "Une synthèse"]
        html = documentalist.get(change(made)).content.decode()
        assert "Texte libre" in html
        assert "Ressources" in html

    def test_search_that_is_away_is_said(self, documentalist, letter, monkeypatch):
        made = letter()
        monkeypatch.setattr(search, "query", lambda asked: search.Results(degraded=True))
        assert "La recherche n’est pas disponible" in press(documentalist, made, "_gather")

    def test_items_are_put_in_order_and_taken_out(self, documentalist, letter):
        made = letter()
        Item.objects.create(letter=made, order=20, title="Second")
        given = {"items-1-order": "5"}
        admin.save(documentalist, change(made), **given)
        assert [item.title for item in made.items.all()] == ["Second", "Un titre"]
        admin.save(documentalist, change(made), **{"items-0-DELETE": "on"})
        assert [item.title for item in made.items.all()] == ["Un titre"]

    def test_empty_item_is_refused(self, documentalist, letter):
        made = letter()
        answer = admin.save(documentalist, change(made), **{"items-0-title": "", "items-0-text": ""})
        assert "Écrivez un titre ou un texte" in answer.content.decode()

    def test_two_people_do_not_overwrite_each_other(self, documentalist, letter):
        made = letter()
        opened = admin.shown(documentalist.get(change(made)))
        admin.save(documentalist, change(made), title="le premier")
        answer = documentalist.post(change(made), opened | {"title": "le second"})
        assert "Rien n’est perdu" in admin.errors(answer)
        assert Letter.objects.get().title == "le premier"

    def test_preview_as_mail_runs_nothing(self, documentalist, letter):
        made = letter()
        page = documentalist.get(change(made))
        assert f'src="{LIST}{made.pk}/message/"' in page.content.decode()
        assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
        shown = documentalist.get(f"{LIST}{made.pk}/message/")
        assert "Un texte libre." in shown.content.decode()
        assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
        assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"

    def test_preview_as_page(self, documentalist, letter):
        html = documentalist.get(f"{LIST}{letter().pk}/page/").content.decode()
        assert "cette page n’est pas publiée" in html
        assert "<h2>Un titre</h2><p>Un texte libre.</p>" in html

    @pytest.mark.parametrize("way", ["message", "page"])
    def test_others_see_no_preview(self, powerless, letter, way):
        made = letter()
        assert powerless.get(f"{LIST}{made.pk}/{way}/").status_code == 403

    def test_unknown_letter_is_not_found(self, documentalist, world):
        assert documentalist.get(f"{LIST}999/page/").status_code == 404
        assert documentalist.get(f"{LIST}999/change/").status_code == 302

    def test_what_is_not_public_is_told(self, documentalist, letter):
        made = letter()
        hidden = document("Réservée", access="formateurs")
        Item.objects.create(letter=made, order=20, key=f"document/{hidden.pk}", listing="ressources", title="Réservée")
        assert "ne partira pas\u00a0: Réservée." in documentalist.get(change(made)).content.decode()


@pytest.mark.usefixtures("clock")
class TestSending:
    def test_trial(self, documentalist, letter):
        assert f"Un essai part vers {documentalist.user.email}." in press(documentalist, letter(), "_try")
        assert OutgoingMail.objects.get().recipient == documentalist.user.email

    def test_sending_needs_the_box(self, documentalist, letter):
        assert "Cochez d’abord la case" in press(documentalist, letter(), "_send")
        assert Letter.objects.get().status == "draft"

    def test_sent_at_once_then_followed(self, documentalist, letter, reader, django_capture_on_commit_callbacks):
        reader(), reader("grace@example.org")
        made = letter()
        with django_capture_on_commit_callbacks(execute=True):
            assert "La lettre part." in press(documentalist, made, "_send", _sure="1")
        page = documentalist.get(change(made))
        html = page.content.decode()
        assert "à 2 adresses\u00a0: 0\u00a0en attente, 2\u00a0envoyés, 0\u00a0en échec." in html
        assert f"?q=letter-{made.pk}" in html
        assert 'name="_save"' not in html
        assert 'name="_send"' not in html
        made.refresh_from_db()
        assert f'href="{made.document.get_absolute_url()}"' in html
        assert "2\u00a0envoyés" in documentalist.get(LIST).content.decode()
        assert documentalist.post(change(made), {"title": "x"}).status_code == 403
        assert documentalist.post(f"{LIST}{made.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_planned_then_changed_then_cancelled(self, documentalist, letter):
        made = letter(send_at=TUESDAY + DAY)
        assert "L’envoi est prévu." in press(documentalist, made, "_send", _sure="1")
        assert "Envoi prévu le 4 mars 2026" in documentalist.get(change(made)).content.decode()
        assert "4 mars 2026" in documentalist.get(LIST).content.decode()
        admin.save(documentalist, change(made), title="changée")
        assert Letter.objects.get().title == "changée"
        assert "L’envoi est annulé" in press(documentalist, made, "_cancel")
        assert "n’attend aucun envoi" in press(documentalist, made, "_cancel")
        assert Letter.objects.get().status == "draft"

    def test_empty_letter_is_refused(self, documentalist, world):
        made = Letter.objects.create(number=48, title="vide")
        assert "Cette lettre est vide" in press(documentalist, made, "_send", _sure="1")
        assert Letter.objects.get().status == "draft"

    def test_number_taken_meanwhile_is_told(self, letter):
        made = letter()
        document("48", type="lettre-information", collection="lettre-information", number=48)
        assert sending.obstacles(made) == ["La collection a déjà un numéro 48\u00a0: choisissez-en un autre."]

    def test_failure_is_seen(self, documentalist, letter):
        made = letter(status="ready", send_at=TUESDAY, problem="La lettre n’a pas pu partir.")
        assert "en retard" in documentalist.get(LIST).content.decode()
        assert "La lettre n’a pas pu partir." in documentalist.get(change(made)).content.decode()

    def test_saved_while_it_leaves_nothing_is_overwritten(self, documentalist, letter, reader):
        made = letter(status="ready", send_at=TUESDAY)
        sending.schedule(made)
        opened = admin.shown(documentalist.get(change(made)))
        sending.send_due()
        assert documentalist.post(change(made), opened | {"title": "trop tard"}).status_code == 403
        assert Letter.objects.get().title == "un essai"

    def test_draft_may_be_deleted(self, documentalist, letter):
        made = letter()
        documentalist.post(f"{LIST}{made.pk}/delete/", {"post": "yes"})
        assert not Letter.objects.exists()

    @pytest.mark.parametrize("count", [1, 4])
    def test_query_count_of_the_list_does_not_grow(self, documentalist, letter, count, django_assert_num_queries):
        for number in range(count):
            letter(number=number, status="sent", sent_at=TUESDAY)
        documentalist.get(LIST)
        with django_assert_num_queries(7):
            documentalist.get(LIST)


@pytest.mark.usefixtures("clock")
class TestSubscriptions:
    def act(self, client, action: str, *chosen: Subscription):
        given = {"action": action, "_selected_action": [one.pk for one in chosen]}
        return " ".join(admin.messages(client.post(PEOPLE, given, follow=True)))

    def test_dead_then_good_again(self, documentalist, reader):
        made = reader()
        assert "1\u00a0adresse mise de côté." in self.act(documentalist, "declare_dead", made)
        assert not Subscription.objects.active().exists()
        assert "1\u00a0adresse recevra la prochaine lettre." in self.act(documentalist, "trust", made)
        assert Subscription.objects.get().trusted_from == TUESDAY

    @pytest.mark.parametrize(("state", "found"), [("", 3), ("actif", 1), ("attente", 1), ("morte", 1), ("inconnu", 3)])
    def test_list_by_state(self, documentalist, reader, state, found):
        reader()
        reader("b@example.org", confirmed_at=None)
        reader("c@example.org", dead_at=TUESDAY)
        page = documentalist.get(PEOPLE, {"etat": state} if state else {})
        assert page.context["cl"].result_count == found

    def test_nothing_is_edited_nor_added_by_hand(self, documentalist, reader):
        made = reader()
        html = documentalist.get(f"{PEOPLE}{made.pk}/change/").content.decode()
        assert 'name="_save"' not in html
        assert "ada@example.org" in html
        assert documentalist.get(f"{PEOPLE}add/").status_code == 403

    def test_who_is_deleted_does_not_come_back_by_an_old_list(self, documentalist, reader):
        made, others = reader(), [reader("b@example.org"), reader("c@example.org")]
        documentalist.post(f"{PEOPLE}{made.pk}/delete/", {"post": "yes"})
        given = {"action": "delete_selected", "_selected_action": [one.pk for one in others], "post": "yes"}
        documentalist.post(PEOPLE, given)
        assert (Subscription.objects.count(), Departure.objects.count()) == (0, 3)

    def test_list_leads_to_the_import(self, documentalist, world):
        assert "/admin/core/importrun/add/abonnements/" in documentalist.get(PEOPLE).content.decode()

    def test_others_do_not_export(self, powerless):
        assert powerless.get(f"{PEOPLE}export.csv").status_code == 403

    def test_export_in_each_format(self, documentalist, reader):
        reader("=1+1@example.org", consent="=HYPERLINK(1)")
        text = b"".join(documentalist.get(f"{PEOPLE}export.csv").streaming_content).decode("utf-8-sig")
        assert text.splitlines()[1] == '"\'=1+1@example.org";"Actif";"2026-03-03 10:00:00";"\'=HYPERLINK(1)";""'
        book = io.BytesIO(b"".join(documentalist.get(f"{PEOPLE}export.xlsx").streaming_content))
        rows = load_workbook(book).get_sheet_by_index(0).to_python()
        assert [row[0] for row in rows] == ["Adresse e-mail", "=1+1@example.org"]
        answer = documentalist.get(f"{PEOPLE}export.ods")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="abonnements-lettre.ods"'
        assert b"".join(answer.streaming_content)[:2] == b"PK"
        assert documentalist.get(f"{PEOPLE}export.pdf").status_code == 404
