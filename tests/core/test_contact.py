"""The contact form: people get through, robots do not, nothing is lost when the mail server is away."""

import re
import time

import pytest
import time_machine
from django.core import mail, signing
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from trajectoire.core.limits import too_many
from trajectoire.core.models import ContactMessage

pytestmark = pytest.mark.usefixtures("world")
URL = "/contact/"
GOOD = {"name": "Ada Lovelace", "email": "ada@example.fr", "subject": "Un document", "message": "Bonjour,\noù est-il ?"}


def shown(seconds_ago: int = 60) -> str:
    return signing.dumps(int(time.time()) - seconds_ago, salt="form")


def send(client, **changes):
    return client.post(URL, GOOD | {"shown_at": shown(), "website": ""} | changes)


def test_message_is_stored_and_sent_after_commit(visitor, settings, django_capture_on_commit_callbacks):
    settings.CONTACT_EMAIL = "centre@example.fr"
    with django_capture_on_commit_callbacks(execute=True):
        response = send(visitor)
        assert mail.outbox == []
    assert response.status_code == 302
    assert response.headers["Location"] == "/contact/?envoye"
    stored = ContactMessage.objects.get()
    assert (stored.name, stored.message) == (GOOD["name"], "Bonjour,\noù est-il ?")
    assert stored.mail.status == "sent"
    [sent] = mail.outbox
    assert (sent.subject, sent.to, sent.reply_to) == ("[Site] Un document", ["centre@example.fr"], ["ada@example.fr"])
    assert "où est-il ?" in sent.body
    assert "Votre message est envoyé." in visitor.get(response.headers["Location"]).content.decode()


def test_nothing_is_sent_after_a_rollback(visitor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        send(visitor)
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert not ContactMessage.objects.exists()


def test_subject_is_filled_by_the_address(visitor):
    html = visitor.get(URL, {"objet": "Commande <papier>" + "x" * 300}).content.decode()
    assert 'value="Commande &lt;papier&gt;' in html
    assert len(re.search(r'value="(Commande[^"]*)"', html)[1]) < 170


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Indiquez votre nom."),
        ("name", "   ", "Indiquez votre nom."),
        ("email", "", "Indiquez votre adresse e-mail"),
        ("email", "ada@", "Cette adresse e-mail n’est pas complète"),
        ("subject", "", "Indiquez l’objet de votre message."),
        ("message", "", "Écrivez votre message."),
        ("message", "x" * 5_001, "5000"),
        ("name", "x" * 121, "120"),
    ],
)
def test_wrong_field_is_explained_and_nothing_is_lost(visitor, field, value, sentence):
    response = send(visitor, **{field: value})
    html = response.content.decode()
    assert response.status_code == 400
    assert sentence in html
    assert "<title>Erreur" in html
    assert not ContactMessage.objects.exists()
    for name in {"name", "subject"} - {field}:
        assert GOOD[name] in html


@pytest.mark.parametrize("field", ["name", "subject"])
@pytest.mark.parametrize("value", ["x\r\nBcc: victime@example.fr", "x\nBcc: a@b.fr", "x\x07y", "x\x7fy", "x\ty"])
def test_header_injection_is_refused(visitor, field, value):
    response = send(visitor, **{field: value})
    assert response.status_code == 400
    assert "caractère interdit" in response.content.decode()
    assert not ContactMessage.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("value", ["a@b.fr\r\nBcc: c@d.fr", "a@b.fr,c@d.fr", "a@b.fr c@d.fr"])
def test_one_address_only(visitor, value):
    assert send(visitor, email=value).status_code == 400


def test_robot_that_fills_the_trap_is_answered_quietly(visitor):
    response = send(visitor, website="https://spam.example")
    assert response.headers["Location"] == "/contact/?envoye"
    assert not ContactMessage.objects.exists()


class TestHour:
    """Sent too fast, too late or with a made-up hour: asked again, with everything kept and a new hour."""

    @pytest.mark.parametrize("hour", ["", "2026-01-01", "of another form", "now", "two days ago"])
    def test_person_is_asked_to_send_again(self, visitor, hour):
        with time_machine.travel(time.time() - 2 * 24 * 3600):
            old = shown()
        made = {"now": shown(0), "two days ago": old, "of another form": signing.dumps(1, salt="other")}
        response = send(visitor, shown_at=made.get(hour, hour))
        html = response.content.decode()
        assert response.status_code == 400
        assert "Rien de ce que vous avez écrit n’est perdu." in html
        assert not ContactMessage.objects.exists()
        assert "où est-il ?" in html
        token = re.search(r'name="shown_at" value="([^"]+)"', html)[1]
        with time_machine.travel(time.time() + 5):
            assert send(visitor, shown_at=token).status_code == 302
        assert ContactMessage.objects.count() == 1

    def test_form_as_a_browser_sends_it(self, visitor):
        token = re.search(r'name="shown_at" value="([^"]+)"', visitor.get(URL).content.decode())[1]
        with time_machine.travel(time.time() + 30):
            send(visitor, shown_at=token)
        assert ContactMessage.objects.count() == 1


class TestLimit:
    def test_eleventh_message_in_an_hour_is_refused(self, visitor):
        for _ in range(10):
            assert send(visitor).status_code == 302
        response = send(visitor)
        assert response.status_code == 429
        assert "Trop de demandes" in response.content.decode()
        assert ContactMessage.objects.count() == 10

    def test_each_address_has_its_own_count(self, visitor):
        for _ in range(11):
            send(visitor)
        assert visitor.post(URL, GOOD | {"shown_at": shown()}, REMOTE_ADDR="203.0.113.9").status_code == 302

    def test_reading_is_not_counted(self, visitor):
        assert {visitor.get(URL).status_code for _ in range(15)} == {200}

    def test_count_that_expires_in_between_lets_through(self, rf, monkeypatch):
        from django.core.cache import cache

        monkeypatch.setattr(cache, "add", lambda *args: None)
        assert not too_many(rf.get("/"), "essai", limit=0, seconds=1)


class BrokenServer(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("mail server away")


def test_mail_server_away_keeps_the_message(visitor, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "tests.core.test_contact.BrokenServer"
    with django_capture_on_commit_callbacks(execute=True):
        assert send(visitor).status_code == 302
    stored = ContactMessage.objects.get()
    assert (stored.mail.status, stored.mail.attempts) == ("waiting", 1)
    assert "mail server away" in stored.mail.last_error
    assert mail.outbox == []


def test_forged_form_is_refused_in_french(browser):
    from tests.conftest import Reader

    client = Reader(enforce_csrf_checks=True)
    response = client.post(URL, GOOD)
    assert response.status_code == 403
    assert "Votre formulaire a expiré" in response.content.decode()
    client.end()
