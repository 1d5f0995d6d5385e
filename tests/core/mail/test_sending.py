"""What the mail server answers decides: sent, tried again later, given up."""

import datetime
import smtplib
import time
from io import StringIO

import pytest
import time_machine
from django.core.mail import get_connection
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from tests.postgres import free_port
from trajectoire.core import outbox, sending
from trajectoire.core.outbox import MailBody, OutgoingMail

pytestmark = pytest.mark.django_db


def again(mail: OutgoingMail) -> OutgoingMail:
    return OutgoingMail.objects.get(pk=mail.pk)


def test_messages_leave_in_one_conversation(server, mail):
    made = [mail() for _ in range(3)]
    assert sending.send_due() == sending.Outcome(3, 0, more=False, away=False)
    assert server.addresses == [one.recipient for one in made]
    assert server.identifiers == [one.message_id for one in made]
    assert server.conversations == 1
    assert {(one.status, one.attempts, one.last_error) for one in OutgoingMail.objects.all()} == {("sent", 1, "")}
    assert again(made[0]).sent_at is not None
    assert sending.send_due() == sending.Outcome(0, 0, more=False, away=False)
    assert len(server.received) == 3


def test_message_is_read_as_it_was_written(server, mail):
    body = MailBody.objects.create(text="L’été -*name*-\n", html='<p lang="fr">L’été -*name*-</p>')
    mail(
        "ada@example.org",
        subject="Études d’été — n° 3",
        body=body,
        marks={"name": "<Ada> & co"},
        reply_to="centre@example.org",
        headers={"Auto-Submitted": "auto-generated", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    sending.send_due()
    [(address, message)] = server.received
    assert (address, message["To"], message["Reply-To"]) == ("ada@example.org", "ada@example.org", "centre@example.org")
    assert message["Subject"] == "Études d’été — n° 3"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.get_body(["plain"]).get_content().strip() == "L’été <Ada> & co"
    assert message.get_body(["html"]).get_content().strip() == '<p lang="fr">L’été &lt;Ada&gt; &amp; co</p>'


def test_refusal_for_now_is_tried_again_later_and_others_leave(server, mail):
    late, other = mail(), mail()
    server.answer = lambda address, tries: "451 4.7.1 Greylisted" if address == late.recipient and tries < 3 else None
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        assert sending.send_due() == sending.Outcome(1, 1, more=False, away=False)
        assert sending.send_due() == sending.Outcome(0, 0, more=False, away=False)
    waiting = again(late)
    assert (waiting.status, waiting.attempts, waiting.last_error) == ("waiting", 1, "451 4.7.1 Greylisted")
    assert waiting.next_try_at == start + datetime.timedelta(minutes=1)
    with time_machine.travel(start + datetime.timedelta(minutes=1), tick=False):
        sending.send_due()
    assert again(late).next_try_at == start + datetime.timedelta(minutes=6)
    with time_machine.travel(start + datetime.timedelta(minutes=6), tick=False):
        sending.send_due()
    assert again(late).status == "sent"
    assert server.addresses == [other.recipient, late.recipient]


def test_refusal_for_good_is_not_tried_again(server, mail):
    dead, other = mail(), mail()
    server.answer = lambda address, tries: "550 5.1.1 Unknown user" if address == dead.recipient else None
    assert sending.send_due() == sending.Outcome(1, 1, more=False, away=False)
    given_up = again(dead)
    assert (given_up.status, given_up.attempts, given_up.last_error) == ("failed", 1, "550 5.1.1 Unknown user")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=7)):
        assert sending.send_due().sent == 0
    assert server.addresses == [other.recipient]


def test_message_refused_eleven_times_is_given_up_after_three_days(server, mail):
    made = mail()
    server.answer = lambda address, tries: "451 Later"
    start = moment = timezone.now()
    for _ in range(outbox.TRIES):
        assert again(made).status == "waiting"
        with time_machine.travel(moment, tick=False):
            assert sending.send_due().refused == 1
        moment = again(made).next_try_at
    assert (again(made).status, again(made).attempts) == ("failed", 11)
    assert datetime.timedelta(days=3) < moment - start < datetime.timedelta(days=4)


def test_server_away_is_left_alone_after_two_failures(settings, mail):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    for _ in range(4):
        mail()
    out, err = StringIO(), StringIO()
    call_command("send_mail", stdout=out, stderr=err)
    assert out.getvalue() == "0\u00a0e-mail envoyé, 2\u00a0refus.\n"
    assert "4\u00a0e-mails en attente" in err.getvalue()
    tried = OutgoingMail.objects.filter(attempts=1)
    assert tried.count() == 2
    assert "ne répond pas" in tried.first().last_error


def test_command_says_what_it_sent(mail):
    mail()
    out, err = StringIO(), StringIO()
    call_command("send_mail", stdout=out, stderr=err)
    assert (out.getvalue(), err.getvalue()) == ("1\u00a0e-mail envoyé, 0\u00a0refus.\n", "")


def test_server_that_closes_after_each_message_is_reached_again(server, mail):
    """« 421 too many messages »: the next one goes by a new conversation."""
    made = [mail() for _ in range(3)]
    server.answer = lambda address, tries: "421 Too many messages" if address == made[1].recipient and tries == 1 else None
    assert sending.send_due() == sending.Outcome(2, 1, more=False, away=False)
    assert server.conversations == 2
    assert again(made[1]).status == "waiting"


class Raising(EmailBackend):
    error: Exception

    def send_messages(self, messages):
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (smtplib.SMTPAuthenticationError(535, b"Bad password"), "waiting", "535 Bad password"),
        (smtplib.SMTPSenderRefused(550, b"Not you", "a@example.org"), "failed", "550 Not you"),
        (smtplib.SMTPDataError(452, "Too much"), "waiting", "452 Too much"),
        (smtplib.SMTPServerDisconnected("closed"), "waiting", "ne répond pas"),
        (TimeoutError("timed out"), "waiting", "timed out"),
        (ValueError("no such charset"), "failed", "ne peut pas être écrit"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value)[:8],
)
def test_each_error_has_its_meaning(settings, mail, monkeypatch, error, status, words):
    settings.EMAIL_BACKEND = "tests.core.mail.test_sending.Raising"
    monkeypatch.setattr(Raising, "error", error, raising=False)
    made = mail()
    assert sending.send_due().refused == 1
    assert again(made).status == status
    assert words in again(made).last_error


class Rude(EmailBackend):
    def close(self):
        raise smtplib.SMTPServerDisconnected("gone")


def test_server_that_leaves_first_spoils_nothing(settings, mail):
    settings.EMAIL_BACKEND = "tests.core.mail.test_sending.Rude"
    made = mail()
    assert sending.send_due().sent == 1
    assert again(made).status == "sent"


def test_message_that_kills_each_worker_is_given_up(mail):
    made = mail(attempts=outbox.TRIES)
    assert sending.send_due() == sending.Outcome(0, 1, more=False, away=False)
    assert again(made).status == "failed"
    assert "interrompu" in again(made).last_error


def test_message_whose_text_was_erased_is_given_up(mail):
    made = mail()
    made.body.delete()
    sending.send_due()
    assert (again(made).status, again(made).last_error) == ("failed", "Le contenu du message a été effacé.")


class TestClaiming:
    def test_second_worker_does_not_get_it(self, mail):
        mine, theirs = again(made := mail()), again(made)
        assert mine.claim()
        assert not theirs.claim()
        assert not OutgoingMail.objects.due().exists()

    def test_message_of_a_dead_worker_is_free_after_its_lease(self, mail):
        made = mail()
        assert made.claim()
        with time_machine.travel(timezone.now() + outbox.LEASE + datetime.timedelta(seconds=1)):
            assert again(made).claim()
        assert again(made).attempts == 2

    def test_worker_too_slow_no_longer_writes_the_outcome(self, mail):
        slow = mail()
        slow.claim()
        with time_machine.travel(timezone.now() + outbox.LEASE + datetime.timedelta(seconds=1)):
            quick = again(slow)
            assert quick.claim()
            quick.delivered()
        slow.refused("450 Later", for_good=True)
        assert again(slow).status == "sent"

    def test_row_taken_in_between_is_passed_over(self, server, mail):
        """Both workers read the same candidates; each takes those that the other has not taken."""
        first, second = mail(), mail()
        mine = sending.claimed()
        theirs = sending.claimed()
        assert next(mine) == first
        assert next(theirs) == second
        assert (list(mine), list(theirs)) == ([], [])
        assert {one.attempts for one in OutgoingMail.objects.all()} == {1}

    def test_messages_to_one_person_pass_before_letters(self, server, mail):
        letter, single = mail(batch="lettre-48"), mail()
        sending.send_due()
        assert server.addresses == [single.recipient, letter.recipient]


def test_limit_leaves_the_rest_for_later(server, mail):
    for _ in range(3):
        mail()
    assert sending.send_due(limit=2) == sending.Outcome(2, 0, more=True, away=False)
    assert sending.send_due(limit=2) == sending.Outcome(1, 0, more=False, away=False)


def test_secret_text_does_not_outlive_its_sending(server, mail, settings):
    settings.PRODUCTION = True
    secret, other = mail(kind="account/password_reset_key"), mail()
    sending.send_due()
    assert again(secret).body is None
    assert again(other).body is not None


def test_database_is_asked_three_times_a_message(server, mail, django_assert_num_queries):
    """Claim, text, outcome; and twice for what is due."""
    mail()
    with django_assert_num_queries(5):
        sending.send_due()
    for _ in range(3):
        mail()
    with django_assert_num_queries(11):
        sending.send_due()


def test_page_answers_at_once_while_the_server_is_silent(visitor, world, settings, django_capture_on_commit_callbacks):
    """In production a form only stores its message: no conversation with the server within the request."""
    from django.conf import settings as original

    assert original.EMAIL_TIMEOUT == 20
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "192.0.2.1"  # answers nobody (RFC 5737)
    from tests.core.test_contact import send

    start = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        assert send(visitor).status_code == 302
        assert visitor.post("/compte/password/reset/", {"email": "ada@example.org"}).status_code == 302
    assert time.monotonic() - start < 2
    assert [one.status for one in OutgoingMail.objects.all()] == ["waiting", "waiting"]
    assert get_connection().host == "192.0.2.1"
