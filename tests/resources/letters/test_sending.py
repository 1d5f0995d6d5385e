"""A letter leaves once for each person who agreed, becomes a document, and addresses that are no more are set aside."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from resources.letters import sending
from resources.letters.models import Item, Letter, Link, Subscription
from resources.models import Document, DocumentType
from tests.factories import accounts
from tests.factories.documents import document
from tests.factories.tables import bring
from trajectoire.core import mail
from trajectoire.core import sending as outbox
from trajectoire.core.outbox import OutgoingMail

from .conftest import DAY, HOUR, TUESDAY

PEOPLE, DEAD, UNPROVEN, TWICE = 60, 6, 10, 3  # 5 000 of them: benchmarks/letters.py


@pytest.fixture
def ready(letter):
    """A function that stores a letter whose hour has come."""

    def make(**fields) -> Letter:
        return letter(**{"status": "ready", "send_at": TUESDAY} | fields)

    return make


class TestLeaving:
    def test_page_links_and_messages_are_made_together(self, ready, reader, clock):
        made = ready(text='<p><a href="/aide/">Aide</a> <a href="/aide/">encore</a> <a href="mailto:a@b.fr">Écrire</a></p>')
        told = document("Une synthèse", themes=["laicite"])
        Item.objects.create(letter=made, order=20, key=f"document/{told.pk}", listing="ressources", title="Une synthèse")
        reader(), reader("grace@example.org")
        assert sending.send_due() == 1
        made.refresh_from_db()
        assert (made.status, made.sent_at, made.recipients, made.problem) == ("sent", TUESDAY, 2, "")
        page = made.document
        assert (page.title, page.type.slug, page.collection.slug, page.number) == (
            "Lettre d’information n°\u00a048\u00a0: un essai",
            "lettre-information",
            "lettre-information",
            48,
        )
        assert [theme.slug for theme in page.themes.all()] == ["laicite"]
        assert (page.is_public, page.summary, page.date) == (True, "Bonjour.", datetime.date(2026, 3, 3))
        assert 'href="/aide/"' in page.body
        links = {link.url: link for link in made.links.all()}
        assert set(links) == {"http://127.0.0.1:8000/aide/", f"http://127.0.0.1:8000{told.get_absolute_url()}"}
        ada = OutgoingMail.objects.get(recipient="ada@example.org")
        message = outbox.as_message(ada)
        assert f"http://127.0.0.1:8000{links['http://127.0.0.1:8000/aide/'].path}" in message.body
        assert f"http://127.0.0.1:8000{page.get_absolute_url()}" in message.body
        mine = Subscription.objects.get(subscriber__email="ada@example.org")
        assert ada.headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000{mine.leave_path}>"
        assert ada.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mine.leave_path in message.body
        assert mine.subscriber.manage_path in message.body

    def test_page_is_read_by_everyone(self, ready, visitor, clock):
        made = ready()
        sending.send_due()
        made.refresh_from_db()
        html = visitor.get(made.document.get_absolute_url()).content.decode()
        assert "Un texte libre." in html
        assert str(made) in visitor.get("/lettre/").content.decode()

    def test_nothing_before_its_hour(self, ready, clock):
        ready(send_at=TUESDAY + HOUR)
        assert sending.send_due() == 0
        clock.move_to(TUESDAY + HOUR)
        assert sending.send_due() == 1

    def test_draft_stays(self, letter, clock):
        letter(send_at=TUESDAY)
        assert sending.send_due() == 0

    def test_run_again_it_sends_nothing(self, ready, reader, clock):
        made = ready()
        reader()
        assert sending.send_due() == 1
        assert (sending.send_due(), sending.send(made.pk)) == (0, False)
        assert (OutgoingMail.objects.count(), Document.objects.count()) == (1, 1)

    def test_interrupted_it_leaves_nothing_behind_and_leaves_whole(self, ready, reader, clock, monkeypatch):
        """Killed at the last step, then run again: one page, one message a person."""
        ready(text='<p><a href="/aide/">Aide</a></p>')
        reader()
        whole = Letter.save
        monkeypatch.setattr(Letter, "save", lambda *args, **kwargs: 1 / 0)
        assert sending.send_due() == 0
        made = Letter.objects.get()
        assert (made.status, made.problem) == ("ready", "La lettre n’a pas pu partir\u00a0: division by zero")
        assert (OutgoingMail.objects.count(), Document.objects.count(), Link.objects.count()) == (0, 0, 0)
        monkeypatch.setattr(Letter, "save", whole)
        assert sending.send_due() == 1
        assert (OutgoingMail.objects.count(), Document.objects.count(), Link.objects.count()) == (1, 1, 1)

    def test_letter_that_cannot_leave_does_not_keep_the_others(self, ready, clock):
        ready()
        ready(number=49)
        document("48", type="lettre-information", collection="lettre-information", number=48)
        assert sending.send_due() == 1
        assert Letter.objects.get(number=48).problem
        assert Letter.objects.get(number=49).status == "sent"

    def test_query_count_does_not_grow_with_people(self, ready, reader, clock, django_assert_num_queries):
        for number, people in ((48, 1), (49, 4)):
            for _ in range(people):
                reader(f"p{Subscription.objects.count()}@example.org")
            made = ready(number=number)
            with django_assert_num_queries(QUERIES_TO_SEND):
                sending.send(made.pk)

    def test_without_editorial_the_summary_tells_the_titles(self, letter):
        assert sending.summary(letter(intro="")) == "Un titre"

    def test_long_addresses_are_not_counted(self, letter):
        long = f"https://example.org/{'a' * 1000}"
        assert sending.counted(letter())(long) == long

    def test_type_that_is_missing_is_said(self, ready, clock):
        ready()
        DocumentType.objects.filter(slug="lettre-information").delete()
        assert sending.send_due() == 0
        assert "n’a pas pu partir" in Letter.objects.get().problem


QUERIES_TO_SEND = 35


class TestWhoReceives:
    """M5 of the faults: dead addresses, lines without consent, the same address in another case."""

    def test_each_once_and_none_without_consent(self, ready, server, settings):
        lines = [f"p{n}@example.org;12/03/2024;Formulaire papier" for n in range(PEOPLE)]
        lines += [f"P{n}@Example.ORG;12/03/2024;Formulaire papier" for n in range(TWICE)]
        lines += [f"sans{n}@example.org;;" for n in range(UNPROVEN)]
        run = bring("abonnements", "\n".join(["E-mail;Date;Accord", *lines]))
        assert run.counts == {"nouveau": PEOPLE, "inchange": TWICE, "refuse": UNPROVEN}
        gone = {f"p{n}@example.org" for n in range(0, PEOPLE, PEOPLE // DEAD)}
        server.answer = lambda address, tries: "550 5.1.1 No such user" if address in gone else None
        made = ready(send_at=timezone.now())
        sending.send_due()
        outbox.send_due()
        everyone = {f"p{n}@example.org" for n in range(PEOPLE)}
        assert sorted(server.addresses) == sorted(everyone - gone)
        assert len(set(server.identifiers)) == PEOPLE - DEAD
        found = Letter.objects.with_counts().get(pk=made.pk)
        assert (found.waiting_count, found.sent_count, found.failed_count) == (0, PEOPLE - DEAD, DEAD)
        assert outbox.send_due().sent == 0

    def test_without_its_constraint_an_address_in_another_case_would_be_written_to_twice(self, ready):
        """Negative control: two batches do not know each other."""
        for batch in ("letter-1", "letter-2"):
            given = {"letter": "x", "intro": "", "intro_text": "", "sections": [], "trial": False, "page_url": "x"}
            people = [mail.Recipient(a, {"manage_url": "a", "leave_url": "b"}) for a in ("Ada@example.org", "ada@example.org")]
            mail.post_batch("letter", batch, given, people, names=("manage_url", "leave_url"))
        assert OutgoingMail.objects.count() == 2

    def test_unconfirmed_and_dead_ones_receive_nothing(self, ready, reader, clock):
        reader(confirmed_at=None)
        reader("dead@example.org", dead_at=TUESDAY)
        ready()
        sending.send_due()
        assert not OutgoingMail.objects.exists()


class TestPlanning:
    def test_planned_then_sent_by_the_worker(self, letter, reader, clock, django_capture_on_commit_callbacks):
        reader()
        made = letter()
        with django_capture_on_commit_callbacks(execute=True):
            sending.schedule(made)
        assert Letter.objects.get().status == "sent"
        assert not sending.cancel(made)

    def test_planned_for_later_may_be_cancelled(self, letter, clock, django_capture_on_commit_callbacks):
        made = letter(send_at=TUESDAY + DAY)
        with django_capture_on_commit_callbacks(execute=True):
            sending.schedule(made)
        found = Letter.objects.get()
        assert (found.status, found.send_at, found.version) == ("ready", TUESDAY + DAY, 1)
        assert sending.cancel(made)
        clock.move_to(TUESDAY + 2 * DAY)
        assert sending.send_due() == 0

    def test_trial_goes_to_one_person_and_counts_nothing(self, letter, reader, clock):
        reader()
        made = letter(text='<p><a href="/aide/">Aide</a></p>')
        sending.try_out(made, accounts.user("staff@example.org"))
        only = OutgoingMail.objects.get()
        assert (only.recipient, only.subject) == ("staff@example.org", "[Essai] Lettre d’information n°\u00a048\u00a0: un essai")
        assert not Link.objects.exists()
        assert Letter.objects.get().status == "draft"


class TestDeadAddresses:
    @pytest.fixture
    def told(self, reader):
        """A function that stores how letters to an address ended, one day after the other."""
        made = reader("Ada@example.org")

        def make(*outcomes: str, email: str = "ada@example.org") -> Subscription:
            for number, answer in enumerate(outcomes):
                OutgoingMail.objects.create(
                    kind="letter",
                    batch=f"letter-{number}",
                    recipient=email,
                    message_id=f"<{number}{email}>",
                    status="failed" if answer[:1] in "45" else answer,
                    last_error=answer if answer[:1] in "45" else "",
                    created_at=TUESDAY + number * DAY,
                )
            sending.bury()
            made.refresh_from_db()
            return made

        return make

    GONE = "550 5.1.1 No such user"

    def test_two_letters_refused_for_good(self, told):
        made = told(self.GONE, self.GONE)
        assert made.dead_at
        assert made.state == "Adresse morte"
        assert sending.bury() == 0

    @pytest.mark.parametrize(
        "outcomes",
        [
            (GONE,),
            (GONE, "sent"),
            ("sent", GONE),
            (GONE, "sent", GONE),
            (GONE, "451 4.7.1 Later"),
            (GONE, "535 5.7.8 Bad password"),
            (GONE, "554 5.7.1 Spam"),
            (GONE, "552 5.2.2 Mailbox full"),
            (GONE, "waiting"),
        ],
    )
    def test_anything_else_is_not_death(self, told, outcomes):
        assert told(*outcomes).dead_at is None

    def test_failures_after_a_success_count(self, told):
        assert told("sent", self.GONE, "waiting", self.GONE).dead_at

    def test_address_said_to_be_good_is_tried_again(self, told):
        Subscription.objects.update(trusted_from=TUESDAY + DAY)
        assert told(self.GONE, self.GONE, self.GONE).dead_at is None

    def test_address_nobody_subscribed_is_passed_over(self, told):
        assert told(self.GONE, self.GONE, email="other@example.org").dead_at is None

    def test_command_says_what_it_did(self, told, ready, reader, clock):
        told(self.GONE, "sent")
        ready()
        out = io.StringIO()
        call_command("send_letters", stdout=out)
        assert out.getvalue() == "1\u00a0lettre envoyée, 0\u00a0adresse morte mise de côté.\n"
