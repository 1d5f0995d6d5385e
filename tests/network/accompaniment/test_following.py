"""A request by its link, the team's work list, what sleeps and what is forgotten."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from network.accompaniment import following
from network.accompaniment.requests import HelpRequest, count_label, too_old
from network.models import Territory
from resources.answers import GivenDocument
from tests.factories import accounts
from tests.factories.documents import document
from trajectoire.core import tokens
from trajectoire.core.roles import NETWORK, load_roles

ADMIN = "/admin/network/helprequest/"
SOON = datetime.timedelta(days=15)


@pytest.fixture
def organiser(db, browser):
    """Staff with the role « animation du réseau »."""
    load_roles()
    person = accounts.user(is_staff=True, name="Lou Réseau")
    person.groups.add(Group.objects.get(name=NETWORK))
    return browser(person)


@pytest.fixture
def mails(django_capture_on_commit_callbacks):
    """A block whose mails are sent at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def link(asked: HelpRequest) -> str:
    return f"/accompagnement/suivi/{asked.token}/"


def save(client, asked: HelpRequest, **changes):
    """The form of the administration as it shows, with changes."""
    values = {
        **{name: getattr(asked, name) for name in ("status", "mission", "wanted", "subject", "details", "place")},
        **{name: getattr(asked, name) for name in ("name", "email", "phone", "position", "structure", "answer")},
        "territory": asked.territory_id,
        "in_charge": asked.in_charge_id or "",
        "organisation": "",
        "themes": [],
        "notes-TOTAL_FORMS": 0,
        "notes-INITIAL_FORMS": 0,
        "given-TOTAL_FORMS": 0,
        "given-INITIAL_FORMS": 0,
    }
    return client.post(f"{ADMIN}{asked.pk}/change/", values | changes)


class TestLink:
    def test_shows_the_state_to_who_holds_it(self, asked, visitor):
        response = visitor.get(link(asked))
        html = response.content.decode()
        assert [step["note"] for step in response.context["steps"]] == ["maintenant", "", "", "", ""]
        assert "no-store" in response.headers["Cache-Control"]
        assert 'content="noindex"' in html
        assert response.headers["Referrer-Policy"] == "same-origin"  # the address is not told elsewhere
        assert "Suivie par" not in html

    def test_other_links_are_not_found(self, asked, visitor):
        for token in (asked.token[:-1], f"{asked.token}x", tokens.sign("autre", asked.pk), tokens.sign("accompagnement", 999)):
            assert visitor.get(f"/accompagnement/suivi/{token}/").status_code == 404

    def test_reading_changes_nothing(self, asked, visitor, django_assert_num_queries):
        before = HelpRequest.objects.values().get()
        with django_assert_num_queries(2):  # the request, its messages
            visitor.get(link(asked))
        assert HelpRequest.objects.values().get() == before

    def test_message_is_kept_told_and_opens_again(self, asked, visitor, mails, settings):
        settings.CONTACT_EMAIL = "centre@example.fr"
        following.change_status(asked, "repondue", None)
        with time_machine.travel(timezone.now() - datetime.timedelta(minutes=1)):
            page = visitor.get(link(asked))
        shown_at = page.context["form"].fields["shown_at"].initial
        with mails():
            response = visitor.post(link(asked), {"action": "message", "text": "Encore une question", "shown_at": shown_at})
        assert response.headers["Location"].endswith("/?envoye")
        asked.refresh_from_db()
        assert asked.status == "en-cours"
        assert [sent.to for sent in mail.outbox] == [["centre@example.fr"]]
        html = visitor.get(response.headers["Location"]).content.decode()
        assert "Encore une question" in html
        assert "État" not in html  # the team's notes stay with the team

    def test_message_of_an_open_request_goes_to_who_is_in_charge(self, asked, mails):
        asked.in_charge = accounts.user("lou@example.org", is_staff=True)
        asked.save()
        with mails():
            following.add_message(asked, "Bonjour")
        assert [sent.to for sent in mail.outbox] == [["lou@example.org"]]
        assert HelpRequest.objects.get().status == "recue"

    def test_empty_message_is_refused_in_words(self, asked, visitor):
        response = visitor.post(link(asked), {"action": "message", "text": " "})
        assert response.status_code == 400
        assert "Écrivez votre message." in response.content.decode()

    def test_robot_leaves_nothing(self, asked, visitor):
        assert visitor.post(link(asked), {"action": "message", "website": "x"}).status_code == 302
        assert not asked.notes.exists()

    def test_withdrawn_request_is_not_withdrawn_again(self, asked):
        following.change_status(asked, "close", None)
        following.withdraw(asked)
        assert asked.notes.count() == 1

    def test_withdrawing_takes_a_button_and_does_it_once(self, asked, visitor):
        address = link(asked)
        for _ in range(2):
            assert visitor.post(address, {"action": "withdraw"}).headers["Location"] == f"{address}?retiree"
        asked.refresh_from_db()
        assert (asked.status, asked.closed_at is None) == ("close", False)
        assert asked.notes.filter(from_asker=True).count() == 1
        assert "Retirer la demande" not in visitor.get(link(asked)).content.decode()

    def test_limit_of_messages(self, asked, visitor):
        codes = [visitor.post(link(asked), {"action": "message"}).status_code for _ in range(21)]
        assert codes == [400] * 20 + [429]

    def test_answer_and_person_in_charge_are_shown(self, asked, visitor):
        asked.in_charge = accounts.user(name="Lou Réseau", is_staff=True)
        asked.answer, asked.answered_at = "Voici <nos> conseils.", timezone.now()
        asked.save()
        html = visitor.get(link(asked)).content.decode()
        assert "Suivie par Lou Réseau." in html
        assert "Voici &lt;nos&gt; conseils." in html


class TestWorkList:
    def test_filters_show_what_needs_doing(self, asked, organiser):
        with time_machine.travel(timezone.now() - SOON):
            HelpRequest.objects.create(subject="Oubliée", email="b@example.fr", in_charge=organiser.user)
        HelpRequest.objects.create(subject="Finie", status="close")
        for query, expected in {
            "": {"Créer un conseil citoyen", "Oubliée", "Finie"},
            "?travail=a-faire": {"Créer un conseil citoyen", "Oubliée"},
            "?travail=moi": {"Oubliée"},
            "?travail=sans": {"Créer un conseil citoyen"},
            "?travail=dort": {"Oubliée"},
            "?departement=25": {"Créer un conseil citoyen"},
        }.items():
            shown = {row.subject for row in organiser.get(ADMIN + query).context["cl"].result_list}
            assert shown == expected, query
        html = organiser.get(ADMIN).content.decode()
        assert "il y a 15 jours\u00a0: à relancer" in html
        assert "aujourd’hui" in html

    def test_activity_of_yesterday_and_half_days(self, asked, organiser):
        asked.notes.create(text="Appel", half_days="0.5")
        asked.notes.create(text="Visite", half_days="1")
        HelpRequest.objects.update(last_activity_at=timezone.now() - datetime.timedelta(days=1, minutes=5))
        html = organiser.get(ADMIN).content.decode()
        assert ">hier<" in html
        assert ">1,5<" in html

    def test_list_costs_the_same_for_one_or_many(self, asked, organiser, django_assert_num_queries):
        organiser.get(ADMIN)
        counts = []
        for _ in range(2):
            with django_assert_num_queries(13):
                organiser.get(ADMIN)
            counts.append(HelpRequest.objects.count())
            HelpRequest.objects.bulk_create(HelpRequest(subject=f"n° {n}", territory=asked.territory) for n in range(3))
        assert counts == [1, 4]

    def test_new_state_is_noted_with_its_author(self, asked, organiser):
        assert save(organiser, asked, status="qualifiee").status_code == 302
        [note] = asked.notes.all()
        assert (note.text, note.author) == ("État\u00a0: Reçue → Qualifiée", organiser.user)

    def test_note_keeps_its_author_and_time(self, asked, organiser):
        note = {"notes-TOTAL_FORMS": 1, "notes-0-text": "Appel", "notes-0-half_days": "0.5", "notes-0-request": asked.pk}
        assert save(organiser, asked, **note).status_code == 302
        stored = asked.notes.get()
        assert (stored.text, str(stored.half_days), stored.author) == ("Appel", "0.5", organiser.user)
        page = organiser.get(f"{ADMIN}{asked.pk}/change/").content.decode()
        assert "Lou Réseau" in page
        asked.notes.create(text="Merci", from_asker=True)
        asked.notes.create(text="Automatique")
        page = organiser.get(f"{ADMIN}{asked.pk}/change/").content.decode()
        assert ", la personne" in page
        assert ", le site" in page

    def test_answer_leaves_with_the_public_resources_chosen(self, asked, organiser, mails):
        shown, hidden = document(title="Guide public"), document(title="Réservé", access="formateurs")
        given = {"given-TOTAL_FORMS": 2, "given-0-document": shown.pk, "given-1-document": hidden.pk}
        given |= {"given-0-request": asked.pk, "given-1-request": asked.pk}
        with mails():
            response = save(organiser, asked, answer="Lisez ceci.", send_answer="on", **given)
        assert response.status_code == 302
        [sent] = mail.outbox
        assert sent.to == ["ada@example.fr"]
        assert "Lisez ceci." in sent.body
        assert f"{shown.get_absolute_url()}" in sent.body
        assert "Réservé" not in sent.body
        asked.refresh_from_db()
        assert (asked.status, asked.answered_at is None) == ("repondue", False)
        assert [str(row) for row in GivenDocument.objects.all()] == ["Guide public", "Réservé"]

    def test_answer_without_words_or_address_is_refused(self, asked, organiser):
        assert "Écrivez la réponse avant" in save(organiser, asked, send_answer="on", answer=" ").content.decode()
        asked.email = ""
        asked.save()
        assert "plus d’adresse" in save(organiser, asked, send_answer="on", answer="Oui").content.decode()
        assert mail.outbox == []

    def test_adding_by_hand_after_a_call(self, world, organiser):
        blank = HelpRequest(subject="Reçue par téléphone", name="Ada")
        values = {"status": "recue", "mission": "accompagner", "wanted": "mois", "subject": blank.subject}
        values |= {f"{name}-{form}_FORMS": 0 for name in ("notes", "given") for form in ("TOTAL", "INITIAL")}
        assert organiser.get(f"{ADMIN}add/").status_code == 200
        assert organiser.post(f"{ADMIN}add/", values).status_code == 302
        assert str(HelpRequest.objects.get()) == "Reçue par téléphone"

    def test_other_roles_see_no_request(self, asked, documentalist):
        assert documentalist.get(ADMIN).status_code == 403


class TestSleeping:
    def test_one_reminder_a_person_every_two_weeks(self, asked, mails, settings):
        settings.CONTACT_EMAIL = "centre@example.fr"
        gone = accounts.user("partie@example.org", is_staff=True, is_active=False)
        HelpRequest.objects.create(subject="Orpheline", in_charge=gone)
        mine = accounts.user("lou@example.org", is_staff=True)
        HelpRequest.objects.create(subject="La mienne", in_charge=mine)
        later = timezone.now() + SOON
        with mails():
            assert following.remind(later) == 2
            assert following.remind(later) == 0
        assert sorted(sent.to[0] for sent in mail.outbox) == ["centre@example.fr", "lou@example.org"]
        [centre] = [sent for sent in mail.outbox if sent.to == ["centre@example.fr"]]
        assert "Orpheline (15 jours)" in centre.body
        assert "conseil citoyen" in centre.body

    def test_command_reminds(self, asked, mails, capsys):
        with time_machine.travel(timezone.now() + SOON), mails():
            call_command("remind_help_requests")
        assert "Rappels envoyés\u00a0: 1." in capsys.readouterr().out


class TestForgetting:
    def test_names_leave_three_years_after_the_end(self, asked, capsys):
        following.change_status(asked, "close", None)
        asked.notes.create(text="Ada a rappelé", half_days=1)
        later = timezone.now() + datetime.timedelta(days=3 * 365 + 1)
        assert following.forget_old(timezone.now()) == 0
        assert too_old(later).count() == 1
        with time_machine.travel(later):
            call_command("apply_retention")
        assert "Demandes d’accompagnement\u00a0: 1 effacés." in capsys.readouterr().out
        asked.refresh_from_db()
        assert (asked.name, asked.email, asked.details, asked.territory.code) == ("", "", "", "QN02503M")
        assert {note.text for note in asked.notes.all()} == {"Texte effacé"}
        assert HelpRequest.objects.all().numbers()["half_days"] == 1
        assert following.forget_old(later) == 0

    def test_link_of_a_forgotten_request_is_dead(self, asked, visitor):
        HelpRequest.objects.update(email="")
        assert visitor.get(link(asked)).status_code == 404


def test_number_shown_of_a_territory_never_tells_who_asked(asked):
    place = Territory.objects.get(code="25")
    assert count_label(Territory.objects.get(code="21")) == ""
    assert count_label(place) == "moins de 5 accompagnements"
    HelpRequest.objects.bulk_create(HelpRequest(subject="x", territory=asked.territory) for _ in range(4))
    assert count_label(place) == "5 accompagnements"


def test_unfinished_texts_have_names(asked):
    assert str(asked.notes.create(text="Une note")) == "Une note"
    assert asked.get_absolute_url() == ""
