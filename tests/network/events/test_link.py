"""The personal page of a registration: by its link alone, everything by a button, nothing for anybody else."""

import datetime
import re

import pytest
from django.core import mail
from django.utils import timezone

from network.events import registering
from network.events.models import Event, Question, Registration
from resources.alerts.models import Subscriber
from tests.factories import events
from tests.factories.directory import shown_a_minute_ago
from tests.factories.documents import document
from trajectoire.core import newsletter, tokens

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def press(django_capture_on_commit_callbacks):
    """Press a button of the page."""

    def pressed(client, mine: Registration, action: str, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"/inscription/{mine.token}/", {"action": action} | fields)

    return pressed


def seen(client, mine: Registration) -> str:
    response = client.get(f"/inscription/{mine.token}/")
    assert response.status_code == 200
    return response.content.decode()


def stored(mine: Registration) -> Registration:
    return Registration.objects.get(pk=mine.pk)


def test_page_says_where_one_stands_and_is_kept_by_nobody(visitor):
    mine = events.registration(events.event(title="Journée", address="1 rue du Lac", access_note="Bus 3"), name="Ada")
    response = visitor.get(f"/inscription/{mine.token}/")
    html = response.content.decode()
    assert "Votre place est confirmée." in html
    assert "1 rue du Lac" in html
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("attente", "Vous êtes en liste d’attente."),
        ("candidature", "Votre candidature est à l’étude."),
        ("refusee", "Votre candidature n’a pas été retenue."),
        ("annulee", "S’inscrire à nouveau"),
    ],
)
def test_each_state_has_its_words(visitor, state, words):
    assert words in seen(visitor, events.registration(events.event(), state))


def test_place_in_the_line_is_said(visitor):
    made = events.event(capacity=0)
    first, second = (events.registration(made, "attente") for _ in range(2))
    assert "à la 1re place" in seen(visitor, first)
    assert "à la 2e place" in seen(visitor, second)


def test_cancelled_event_says_so_and_offers_nothing(visitor):
    mine = events.registration(events.event(status="annule", status_note="Salle indisponible."))
    html = seen(visitor, mine)
    assert "Salle indisponible." in html
    assert "Annuler mon inscription" not in html
    assert "fichier ICS" not in html


@pytest.mark.parametrize("change", ["last", "version", "scope", "number", "cut", "other"])
def test_link_that_is_not_genuine_does_not_exist(visitor, change):
    mine, other = events.registration(events.event()), events.registration(events.event())
    token = mine.token
    spoilt = {
        "last": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "version": tokens.sign("inscription", [mine.pk, 1]),
        "scope": tokens.sign("presence", [mine.pk, 0]),
        "number": str(mine.pk),
        "cut": token[:-5],
        "other": tokens.sign("inscription", [other.pk, 3]),
    }[change]
    for path in (f"/inscription/{spoilt}/", f"/inscription/{spoilt}/agenda.ics"):
        assert visitor.get(path).status_code == 404
    assert visitor.post(f"/inscription/{spoilt}/", {"action": "annuler"}).status_code == 404
    assert stored(mine).state == stored(other).state == "confirmee"


def test_link_is_dead_once_revoked_or_anonymous(visitor):
    mine = events.registration(events.event())
    former = mine.token
    registering.revoke_link(mine)
    assert visitor.get(f"/inscription/{former}/").status_code == 404
    assert visitor.get(f"/inscription/{mine.token}/").status_code == 200
    Registration.objects.update(anonymous_since=timezone.now())
    assert visitor.get(f"/inscription/{mine.token}/").status_code == 404


def test_scanner_that_follows_the_link_cancels_nothing(visitor):
    mine = events.registration(events.event())
    for query in ("", "?action=annuler", "?fait=annulee"):
        visitor.get(f"/inscription/{mine.token}/{query}")
        visitor.head(f"/inscription/{mine.token}/{query}")
    assert stored(mine).state == "confirmee"


def test_cancelling_twice_is_cancelling_once(visitor, press):
    mine = events.registration(events.event())
    for _ in range(2):
        response = press(visitor, mine, "annuler")
        assert "Votre inscription est annulée." in visitor.get(response.headers["Location"]).content.decode()
    assert stored(mine).state == "annulee"
    assert len(mail.outbox) == 1


def test_nobody_cancels_once_it_has_begun(visitor, press):
    mine = events.registration(events.event(days=(-0.5, 3)))
    assert "Annuler mon inscription" not in seen(visitor, mine)
    response = press(visitor, mine, "annuler")
    assert response.status_code == 400
    assert "L’événement a commencé" in response.content.decode()
    assert stored(mine).state == "confirmee"


def test_offered_place_is_accepted_by_a_button(visitor, press):
    mine = events.registration(events.event(capacity=1), "proposee")
    assert "Accepter la place" in seen(visitor, mine)
    response = press(visitor, mine, "accepter")
    assert "Votre place est confirmée." in visitor.get(response.headers["Location"]).content.decode()
    assert stored(mine).state == "confirmee"


def test_offer_that_has_ended_is_refused_with_words(visitor, press):
    mine = events.registration(events.event(capacity=1), "proposee", offer_ends_at=timezone.now() - datetime.timedelta(minutes=1))
    assert "Accepter la place" not in seen(visitor, mine)
    response = press(visitor, mine, "accepter")
    assert (response.status_code, stored(mine).state) == (400, "proposee")
    assert "le délai pour l’accepter est passé" in response.content.decode()


def test_person_corrects_her_answers(visitor, press):
    made = events.event(asks_meal=True)
    question = Question.objects.create(event=made, text="Atelier", kind="choix", choices="A\nB")
    mine = events.registration(made, answers={str(question.pk): "A"}, status="elu", department="25")
    html = seen(visitor, mine)
    assert '<option value="A" selected>' in html
    said = {"name": "Ada L.", "status": "benevole", "department": "99", "meal": "végétarien", f"question_{question.pk}": "B"}
    assert press(visitor, mine, "modifier", email="x@y.fr", **said).status_code == 302
    found = stored(mine)
    assert (found.name, found.status, found.department, found.meal) == ("Ada L.", "benevole", "99", "végétarien")
    assert (found.answers, found.email) == ({str(question.pk): "B"}, mine.email)


def test_bad_correction_is_told_and_keeps_what_was_typed(visitor, press):
    mine = events.registration(events.event())
    response = press(visitor, mine, "modifier", name="", structure="Nouvelle structure")
    assert response.status_code == 400
    assert "Indiquez votre prénom et votre nom." in response.content.decode()
    assert 'value="Nouvelle structure"' in response.content.decode()
    assert stored(mine).structure == "Maison de quartier"


def test_unknown_button_does_not_exist(visitor, press):
    assert press(visitor, events.registration(events.event()), "supprimer").status_code == 404


def test_too_many_changes_wait(visitor, press):
    mine = events.registration(events.event())
    codes = [press(visitor, mine, "accords").status_code for _ in range(31)]
    assert codes == [302] * 30 + [429]


def test_agreements_are_withdrawn_as_easily_as_given(visitor, press):
    mine = events.registration(events.event(shares_list=True), email="ada@example.org")
    press(visitor, mine, "accords", share="on", newsletter="on")
    found = stored(mine)
    assert found.list_wording == registering.LIST_WORDING
    assert found.newsletter_wording
    assert found.consented_at
    assert Subscriber.objects.filter(email="ada@example.org").exists()
    press(visitor, mine, "accords", newsletter="on")
    assert len(mail.outbox) == 1
    press(visitor, mine, "accords")
    found = stored(mine)
    assert (found.list_wording, found.newsletter_wording, found.consented_at) == ("", "", None)
    assert not Subscriber.objects.exists()


def test_list_is_not_joined_when_the_event_has_none(visitor, press):
    mine = events.registration(events.event())
    press(visitor, mine, "accords", share="on")
    assert stored(mine).list_wording == ""


def test_list_shows_those_who_agreed_to_those_who_did(visitor):
    made = events.event(shares_list=True)
    ada = events.registration(made, name="Ada", position="Cheffe", list_wording="oui")
    events.registration(made, name="Bob", list_wording="oui")
    hidden = events.registration(made, name="Cléo")
    events.registration(made, "attente", name="Dora", list_wording="oui")
    html = seen(visitor, ada)
    assert "Ada, Cheffe" in html
    assert "Bob" in html
    assert "Cléo" not in html
    assert "Dora" not in html
    assert "Bob" not in seen(visitor, hidden)
    Event.objects.update(shares_list=False)
    assert "Bob" not in seen(visitor, ada)


@pytest.mark.parametrize(
    ("given", "state", "shown"),
    [
        ({}, "confirmee", True),
        ({"online_hours": 1}, "confirmee", False),
        ({}, "attente", False),
        ({"status": "annule"}, "confirmee", False),
        ({"mode": "presentiel"}, "confirmee", False),
        ({"online_url": ""}, "confirmee", False),
    ],
)
def test_address_of_the_meeting_is_for_who_has_a_place_when_the_time_has_come(visitor, given, state, shown):
    made = events.event(
        days=(1,), **{"mode": "en-ligne", "online_url": "https://visio.example.org/x", "online_hours": 48} | given
    )
    assert ("https://visio.example.org/x" in seen(visitor, events.registration(made, state))) == shown


def test_event_moved_online_shows_its_address(visitor):
    made = events.event(days=(1,), status="deplace-en-ligne", online_url="https://visio.example.org/x", online_hours=48)
    assert "https://visio.example.org/x" in seen(visitor, events.registration(made))


def test_documents_of_the_event_are_listed_as_anybody_may_see_them(visitor):
    made = events.event()
    document(title="Diaporama", event=made)
    document(title="Réservé", event=made, access="formateurs")
    html = seen(visitor, events.registration(made))
    assert "Diaporama" in html
    assert "Réservé" not in html


def test_every_session_of_a_cycle_is_shown_and_in_the_calendar(visitor):
    cycle = Event.series.field.related_model.objects.create(title="Cycle")
    lead = events.event("Première séance", series=cycle)
    events.event("Deuxième séance", series=cycle, days=(20,))
    mine = events.registration(lead)
    html = seen(visitor, mine)
    assert html.index("Première séance") < html.index("Deuxième séance")
    response = visitor.get(f"/inscription/{mine.token}/agenda.ics")
    assert response.content.count(b"BEGIN:VEVENT") == 2
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_whatever_the_number_of_sessions(visitor, count, django_assert_num_queries):
    cycle = Event.series.field.related_model.objects.create(title="Cycle")
    lead, *_ = [events.event(series=cycle, days=(10 + number,)) for number in range(count)]
    mine = events.registration(lead)
    seen(visitor, mine)
    with django_assert_num_queries(9):
        seen(visitor, mine)


class TestLostLink:
    def ask(self, client, email: str, callbacks, **changes):
        with callbacks(execute=True):
            given = {"email": email, "website": "", "shown_at": shown_a_minute_ago()} | changes
            return client.post("/inscription/lien-perdu/", given)

    def test_links_of_what_is_not_over_are_sent(self, visitor, django_capture_on_commit_callbacks):
        coming = events.registration(events.event("À venir"), email="Ada@example.org")
        events.registration(events.event("Passé", days=(-20,)), email="ada@example.org")
        events.registration(events.event("Ancien", days=(-500,)), email="ada@example.org")
        events.registration(events.event("Annulé"), "annulee", email="ada@example.org")
        response = self.ask(visitor, "ADA@example.org", django_capture_on_commit_callbacks)
        assert "Si des inscriptions existent" in visitor.get(response.headers["Location"]).content.decode()
        [sent] = mail.outbox
        assert sent.to == ["ada@example.org"] or sent.to == ["Ada@example.org"]
        assert [title in sent.body for title in ("À venir", "Passé", "Ancien", "Annulé")] == [True, True, False, False]
        keys = {tokens.unsign("inscription", token)[0] for token in re.findall(r"/inscription/([^/\s]+)/", sent.body)}
        assert coming.pk in keys

    def test_unknown_address_gets_the_same_answer_and_no_mail(self, visitor, django_capture_on_commit_callbacks):
        events.registration(events.event(), email="ada@example.org")
        answers = [
            self.ask(visitor, email, django_capture_on_commit_callbacks).headers["Location"]
            for email in ("ada@example.org", "inconnue@example.org")
        ]
        assert len(set(answers)) == 1
        assert len(mail.outbox) == 1

    def test_mailbox_is_not_filled(self, visitor, django_capture_on_commit_callbacks):
        events.registration(events.event(), email="ada@example.org")
        codes = [self.ask(visitor, "ada@example.org", django_capture_on_commit_callbacks).status_code for _ in range(21)]
        assert codes == [302] * 20 + [429]
        assert len(mail.outbox) == 3

    def test_robot_and_bad_address(self, visitor, django_capture_on_commit_callbacks):
        events.registration(events.event(), email="ada@example.org")
        assert self.ask(visitor, "ada@example.org", django_capture_on_commit_callbacks, website="x").status_code == 302
        response = self.ask(visitor, "ada", django_capture_on_commit_callbacks)
        assert response.status_code == 400
        assert "Cette adresse e-mail n’est pas complète" in response.content.decode()
        assert mail.outbox == []


def test_letter_asked_for_again_and_again_does_not_fill_a_mailbox(django_capture_on_commit_callbacks):
    letter = newsletter.current()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(12):
            letter.ask("ada@example.org")
    assert len(mail.outbox) == 10
    letter.leave("Inconnue@example.org")
    letter.leave("ADA@example.org")
    assert not Subscriber.objects.exists()
