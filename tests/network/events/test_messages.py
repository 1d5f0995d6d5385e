"""Messages of the team: read before, sent once, to the right people, kept with who, when and how many."""

import pytest
from django.core import mail

from network.events.messages import EventMessage, people_of, send
from network.events.models import RegistrationState, Series
from tests.factories.admin import messages
from tests.factories.events import event, in_days, registration
from trajectoire.core.outbox import OutgoingMail

State = RegistrationState
SAID = {"to": "inscrites", "subject": "Salle : [titre]", "text": "La salle change, [prénom et nom].\n\nRendez-vous : [lieu]."}


def write(made) -> str:
    return f"/admin/events/event/{made.pk}/messages/ecrire/"


def draft(made, **given) -> EventMessage:
    return EventMessage.objects.create(event=made, **SAID | given)


def page(message: EventMessage) -> str:
    return f"/admin/events/event/{message.event_id}/messages/{message.pk}/"


@pytest.fixture
def press(administrator, django_capture_on_commit_callbacks):
    def pressed(message: EventMessage, button: str = "send"):
        with django_capture_on_commit_callbacks(execute=True):
            return " ".join(messages(administrator.post(page(message), {button: "1"}, follow=True)))

    return pressed


class TestPeople:
    def test_each_group_and_never_the_anonymous_nor_those_who_left(self, db):
        made = event(days=(-2,))
        rows = {state: registration(made, state) for state in State}
        present = registration(made)
        for half in ("matin", "apres-midi"):
            present.presences.create(date=made.dates.get(), half_day=half, present=True)
        rows[State.CONFIRMED].presences.create(date=made.dates.get(), half_day="matin", present=False)
        registration(made, name="", email="", anonymous_since=in_days(0))
        registration(made, email="")
        assert list(people_of(made, "inscrites")) == [rows[State.CONFIRMED], present]
        assert list(people_of(made, "presentes")) == [present]
        assert list(people_of(made, "attente")) == [rows[State.WAITING]]
        assert list(people_of(made, "candidatures")) == [rows[State.APPLIED]]

    def test_session_of_a_cycle_reaches_the_people_of_the_cycle(self, db):
        series = Series.objects.create(title="Cycle", scope="ensemble")
        lead = event(series=series)
        session = event(series=series)
        person = registration(lead)
        session.refresh_from_db()
        assert list(people_of(session, "inscrites")) == [person]
        assert list(people_of(session, "presentes")) == []


class TestWriting:
    def test_draft_is_shown_as_it_will_be_read(self, administrator):
        made = event("Journée", venue="MJC")
        registration(made, name="Ada Lovelace")
        assert "1\u00a0personne" in administrator.get(write(made)).content.decode()
        answer = administrator.post(write(made), SAID)
        message = EventMessage.objects.get()
        assert answer.headers["Location"] == page(message)
        html = administrator.get(page(message)).content.decode()
        assert "Salle : Journée" in html
        assert "La salle change, Ada Lovelace." in html
        assert "Envoyer à 1\u00a0personne" in html
        frame = administrator.get(f"{page(message)}apercu/").content.decode()
        assert "Rendez-vous : MJC." in frame
        assert mail.outbox == []

    def test_draft_is_changed_then_thrown_away(self, administrator, press):
        message = draft(event())
        administrator.post(f"{page(message)}modifier/", SAID | {"subject": "Autre objet"})
        message.refresh_from_db()
        assert message.subject == "Autre objet"
        assert "supprimé" in press(message, "delete")
        assert not EventMessage.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"subject": ""}, "Ce champ est obligatoire"),
            ({"subject": "Bonjour [prénom et nom]"}, "L’objet est le même pour tout le monde"),
            ({"subject": "[prenom]"}, "n’est pas une marque connue"),
            ({"text": "Bonjour [ville]"}, "n’est pas une marque connue"),
            ({"to": "tout le monde"}, "Sélectionnez un choix valide"),
        ],
    )
    def test_bad_input_is_refused(self, administrator, changes, sentence):
        response = administrator.post(write(event()), SAID | changes)
        assert response.status_code == 400
        assert sentence in response.content.decode()
        assert not EventMessage.objects.exists()


class TestSending:
    def test_each_person_gets_her_own_message_and_it_is_noted(self, press, administrator):
        made = event("Journée", contact_email="vie@example.org")
        people = [registration(made, name="Ada <b>"), registration(made)]
        message = draft(made)
        assert "2\u00a0personnes" in press(message)
        message.refresh_from_db()
        assert (str(message), message.recipients, message.sent_by) == ("Salle : [titre]", 2, administrator.user)
        assert message.sent_at
        first = next(sent for sent in mail.outbox if sent.to == [people[0].email])
        assert (first.subject, first.reply_to) == ("Salle : Journée", ["vie@example.org"])
        assert "La salle change, Ada <b>." in first.body
        assert people[0].token in first.body
        html = next(part[0] for part in first.alternatives)
        assert "Ada &lt;b&gt;" in html
        assert "List-Unsubscribe" not in first.extra_headers
        log = administrator.get(f"/admin/events/event/{made.pk}/suivi/").content.decode()
        assert "à 2 personnes" in log
        assert "Voir ces e-mails" in administrator.get(page(message)).content.decode()

    def test_sent_twice_leaves_once(self, press):
        made = event()
        registration(made)
        message = draft(made)
        press(message)
        registration(made)
        assert "déjà parti" in press(message)
        assert send(message, None) is None
        assert OutgoingMail.objects.count() == 1

    def test_sent_message_is_neither_changed_nor_thrown_away(self, press, administrator):
        made = event()
        registration(made)
        message = draft(made)
        press(message)
        assert administrator.get(f"{page(message)}modifier/").status_code == 404
        press(message, "delete")
        assert EventMessage.objects.exists()

    def test_nobody_to_write_to(self, press, administrator):
        message = draft(event())
        assert "personne à qui partir" in press(message)
        html = administrator.get(page(message)).content.decode()
        assert "disabled" in html
        assert "Prénom Nom" in html
        message.refresh_from_db()
        assert message.sent_at is None

    def test_who_reads_only_writes_to_nobody(self, documentalist):
        message = draft(event())
        assert documentalist.get(page(message)).status_code == 403
        assert documentalist.post(page(message)).status_code == 403
        assert documentalist.get(write(message.event)).status_code == 403

    def test_message_of_another_event_does_not_exist(self, administrator):
        message = draft(event())
        assert administrator.get(f"/admin/events/event/{event().pk}/messages/{message.pk}/").status_code == 404
