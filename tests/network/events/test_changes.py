"""After people have registered: calendars follow at once, people are told once, what they read first is shown to staff."""

import pytest
from django.core import mail

from network.events import changes
from network.events.models import Event, RegistrationState
from tests.factories.admin import messages, save
from tests.factories.events import add_date, event, in_days, registration

State = RegistrationState


def form(made) -> str:
    return f"/admin/events/event/{made.pk}/change/"


def told(made) -> str:
    return f"/admin/events/event/{made.pk}/changement/"


def changed(made, **fields) -> Event:
    """Save as the form does."""
    before = changes.stored_facts(made)
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    made.keep_bounds()
    changes.record_changes(made, before)
    return made


@pytest.fixture
def press(administrator, django_capture_on_commit_callbacks):
    def pressed(made, button: str = "send"):
        with django_capture_on_commit_callbacks(execute=True):
            return " ".join(messages(administrator.post(told(made), {button: "1"}, follow=True)))

    return pressed


class TestSequence:
    @pytest.mark.parametrize(
        ("fields", "grows"),
        [
            ({"status": "annule"}, 1),
            ({"venue": "Ailleurs"}, 1),
            ({"address": "1 rue Neuve"}, 1),
            ({"mode": "en-ligne"}, 1),
            ({"title": "Autre titre"}, 0),
            ({"capacity": 3}, 0),
        ],
    )
    def test_grows_with_what_a_calendar_must_know(self, db, fields, grows):
        made = changed(event(), **fields)
        made.refresh_from_db()
        assert made.sequence == grows

    def test_new_date_counts(self, db):
        made = event()
        before = changes.stored_facts(made)
        add_date(made, 20)
        assert changes.record_changes(made, before)
        assert made.sequence == 1

    def test_form_does_it(self, administrator):
        made = event()
        save(administrator, form(made), venue="MJC de Palente")
        made.refresh_from_db()
        assert (made.sequence, made.untold) == (1, None)
        save(administrator, form(made), summary="Rien d’autre")
        made.refresh_from_db()
        assert made.sequence == 1


class TestRemembering:
    def test_nobody_to_tell_nothing_to_remember(self, db):
        made = event()
        registration(made, State.CANCELLED)
        registration(made, State.REFUSED)
        registration(made, name="", email="", anonymous_since=in_days(0))
        assert changed(made, venue="Ailleurs").untold is None

    def test_event_that_is_over_tells_nobody(self, db):
        made = event(days=(-3,))
        registration(made)
        assert changed(made, venue="Ailleurs").untold is None

    def test_two_changes_are_told_as_one_and_going_back_as_none(self, db):
        made = event(venue="MJC")
        registration(made)
        changed(made, venue="Ailleurs")
        changed(made, venue="Encore ailleurs")
        assert changes.news(made) == "Lieu\u00a0: Encore ailleurs (jusqu’ici\u00a0: MJC)."
        changed(made, venue="MJC")
        assert changes.differences(made) == []
        assert made.untold is None

    def test_form_asks_to_tell(self, administrator):
        made = event(venue="MJC")
        registration(made)
        answer = save(administrator, form(made), venue="Ailleurs")
        [note] = [text for text in messages(administrator.get(answer.headers["Location"])) if "ne le sait" in text]
        assert told(made) in note
        assert "Prévenir les personnes" in administrator.get(f"/admin/events/event/{made.pk}/suivi/").content.decode()


class TestSentences:
    def test_each_change_is_said(self, db):
        made = event(days=())
        add_date(made, 10, starts_at=in_days(10, 9), ends_at=in_days(10, 12, 30))
        registration(made)
        before = changes.stored_facts(made)
        made.dates.all().delete()
        add_date(made, 12, starts_at=in_days(12, 14), ends_at=in_days(12, 16))
        Event.objects.filter(pk=made.pk).update(status="reprogramme", status_note="Salle prise.")
        made.refresh_from_db()
        changes.record_changes(made, before)
        first, second = changes.differences(made)
        assert first == "L’événement est reprogrammé. Salle prise."
        assert second.startswith("Date\u00a0: ")
        assert "14\u00a0h\u00a0– 16\u00a0h (jusqu’ici\u00a0: " in second
        assert "12\u00a0h\u00a030" in second

    @pytest.mark.parametrize(("status", "words"), [("complet", "votre inscription reste valable"), ("programme", "maintenu")])
    def test_words_reassure(self, db, status, words):
        made = event(status="reporte")
        registration(made)
        assert words in changes.news(changed(made, status=status))

    def test_way_of_attending_is_said_even_where_the_place_stays(self, db):
        made = event(venue="MJC", mode="mixte")
        registration(made)
        before = changes.stored_facts(made)
        before["place"] = changes.place_of(Event(venue="MJC", mode="presentiel"))
        before["mode"] = "presentiel"
        now = changes.facts(made)
        made.untold = before | {"place": now["place"]}
        assert changes.differences(made) == ["Participation\u00a0: mixte."]

    def test_dates_taken_away_are_to_be_fixed(self, db):
        made = event()
        registration(made)
        before = changes.stored_facts(made)
        made.dates.all().delete()
        made.keep_bounds()
        changes.record_changes(made, before)
        assert changes.differences(made)[0].startswith("Date\u00a0: à fixer (jusqu’ici")


class TestTelling:
    def test_everybody_concerned_is_told_once_with_the_new_place(self, press, db):
        made = event("Journée", venue="MJC", contact_email="vie@example.org")
        for state in (State.CONFIRMED, State.WAITING, State.OFFERED, State.APPLIED, State.CANCELLED, State.REFUSED):
            registration(made, state)
        changed(made, venue="Salle neuve")
        assert "4\u00a0personnes" in press(made)
        assert len(mail.outbox) == 4
        first = mail.outbox[0]
        assert first.subject == "Changement\u00a0: Journée"
        assert "Salle neuve (jusqu’ici\u00a0: MJC)" in first.body
        assert first.reply_to == ["vie@example.org"]
        assert "déjà prévenu" in press(made)
        assert len(mail.outbox) == 4

    def test_cancelled_event_says_so(self, press, db):
        made = event("Journée")
        registration(made)
        changed(made, status="annule", status_note="Intempéries.")
        press(made)
        assert mail.outbox[0].subject == "Annulation\u00a0: Journée"
        assert "Intempéries." in mail.outbox[0].body

    def test_staff_may_tell_nobody(self, press, db):
        made = event()
        registration(made)
        changed(made, venue="Ailleurs")
        assert "Aucun message ne partira" in press(made, "quiet")
        made.refresh_from_db()
        assert (made.untold, mail.outbox) == (None, [])

    def test_message_is_shown_before(self, administrator):
        made = event("Journée", venue="MJC")
        registration(made, name="Ada Lovelace")
        changed(made, venue="Ailleurs")
        html = administrator.get(told(made)).content.decode()
        assert "Changement\u00a0: Journée" in html
        assert "Ada Lovelace" in html
        frame = administrator.get(f"{told(made)}apercu/")
        assert "Ailleurs" in frame.content.decode()
        assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert mail.outbox == []

    def test_page_without_news_says_so(self, administrator):
        made = event()
        assert "Rien de nouveau à dire" in administrator.get(told(made)).content.decode()

    def test_reader_tells_nobody(self, documentalist):
        made = event()
        assert documentalist.post(told(made)).status_code == 403

    def test_raised_capacity_moves_the_line(self, administrator, django_capture_on_commit_callbacks):
        made = event(capacity=0, accept_hours=0)
        person = registration(made, State.WAITING)
        with django_capture_on_commit_callbacks(execute=True):
            save(administrator, form(made), capacity=1)
        person.refresh_from_db()
        assert person.state == State.CONFIRMED
