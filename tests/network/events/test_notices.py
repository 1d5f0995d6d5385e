"""The mails to participants: what each kind adds around the text of the team."""

import pytest
from django.core import mail

from network.events.models import Event, NoticeText, Series
from network.events.notice_texts import NoticeKind
from network.events.notices import compose, notice
from network.events.questionnaires import load_bank, prepare
from network.events.survey import Moment
from tests.factories import events
from trajectoire.core.outbox import OutgoingMail

pytestmark = pytest.mark.django_db
NO_LINK = {NoticeKind.OFFER_OVER, NoticeKind.LEFT, NoticeKind.REFUSED, NoticeKind.EVENT_CANCELLED}
WITH_CALENDAR = {NoticeKind.CONFIRMATION, NoticeKind.ACCEPTED, NoticeKind.CHANGED, NoticeKind.EVENT_CANCELLED}


@pytest.mark.parametrize("kind", NoticeKind)
def test_each_kind_can_be_written(kind):
    made = events.event("Journée", online_url="https://visio.example.org/x")
    stored = notice(kind, events.registration(made, "proposee" if kind == NoticeKind.OFFER else "confirmee", name="Ada"))
    assert "Journée" in stored.subject
    assert "Bonjour Ada," in stored.body.text
    assert ("/inscription/" in stored.body.text) == (kind not in NO_LINK)
    assert [name for name, _, _ in stored.body.attachments] == (["rendez-vous.ics"] if kind in WITH_CALENDAR else [])
    assert ("https://visio.example.org/x" in stored.body.text) == (kind == NoticeKind.ONLINE_LINK)


def test_text_of_the_team_stands_in_the_middle():
    made = events.event("Journée")
    NoticeText.objects.create(
        kind=NoticeKind.CONFIRMATION, subject="Oui : [titre]", text="Venez avec un crayon, [prénom et nom]."
    )
    stored = notice(NoticeKind.CONFIRMATION, events.registration(made, name="Ada"), note="À mardi.")
    assert stored.subject == "Oui : Journée"
    assert "Venez avec un crayon, Ada." in stored.body.text
    assert "À mardi." in stored.body.html


def test_offer_says_until_when():
    mine = events.registration(events.event(), "proposee")
    [fact] = compose(NoticeKind.OFFER, mine)["facts"]
    assert fact["label"] == "Place gardée jusqu’au\u00a0:"
    assert "à 9\u00a0h" in fact["value"]


def test_thanks_lead_to_the_questionnaire_when_there_is_one():
    mine = events.registration(events.event())
    labels = [action["label"] for action in compose(NoticeKind.THANKS, mine)["actions"]]
    assert labels == ["Retrouver mon attestation et les documents"]


def test_answers_go_to_the_contact_of_the_event(settings):
    settings.CONTACT_EMAIL = "centre@example.org"
    alone, other = events.event(), events.event(contact_email="lou@example.org")
    assert notice(NoticeKind.LEFT, events.registration(alone)).reply_to == "centre@example.org"
    assert notice(NoticeKind.LEFT, events.registration(other)).reply_to == "lou@example.org"


def test_session_of_a_cycle_is_spoken_of_by_its_own_name():
    cycle = Series.objects.create(title="Cycle")
    lead, second = events.event("Première", series=cycle), events.event("Deuxième", series=cycle)
    stored = notice(NoticeKind.CHANGED, events.registration(lead), second)
    assert "Deuxième" in stored.subject
    [(_, _, content)] = stored.body.attachments
    assert content.count("BEGIN:VEVENT") == 1
    whole = notice(NoticeKind.CONFIRMATION, events.registration(Event.objects.get(pk=lead.pk)))
    assert whole.body.attachments[0][2].count("BEGIN:VEVENT") == 2


def test_calendar_leaves_with_the_message(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        notice(NoticeKind.CONFIRMATION, events.registration(events.event()))
    [sent] = mail.outbox
    [(name, content, media_type)] = sent.attachments
    assert (name, media_type) == ("rendez-vous.ics", "text/calendar")
    assert content.startswith("BEGIN:VCALENDAR")
    assert OutgoingMail.objects.get().status == "sent"


def test_questionnaire_of_the_bank_is_linked():
    load_bank()
    made = events.event()
    prepare(made, Moment.HOT)
    actions = compose(NoticeKind.THANKS, events.registration(made))["actions"]
    assert actions[0]["label"] == "Donner mon avis"
