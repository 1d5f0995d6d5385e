"""Messages are stored with what caused them, whole and harmless, or not at all."""

import datetime
import re

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.template import Engine
from django.utils import timezone

from trajectoire.core import mail, mail_text, outbox, retention
from trajectoire.core.models import ContactMessage
from trajectoire.core.outbox import MailBody, OutgoingMail

pytestmark = pytest.mark.django_db
NOTHING = [[], []]


def contact(**fields) -> ContactMessage:
    return ContactMessage(
        **{"name": "Ada", "email": "ada@example.org", "subject": "Été", "message": "Bonjour", "sent_at": timezone.now()} | fields
    )


def stored() -> list[list]:
    return [list(OutgoingMail.objects.all()), list(MailBody.objects.all())]


@pytest.fixture
def templates(monkeypatch):
    """Templates given as text: templates("essai", txt=…, html=…)."""
    texts: dict[str, str] = {}
    engine = Engine(loaders=[("django.template.loaders.locmem.Loader", texts)], string_if_invalid=mail_text.Refusing("%s"))
    monkeypatch.setattr(mail_text, "_engine", lambda: engine)

    def give(kind: str, txt: str = "Sujet\n\nTexte", html: str = "<p>Texte</p>") -> None:
        texts.update({f"emails/{kind}.txt": txt, f"emails/{kind}.html": html})

    return give


class TestPost:
    def test_message_leaves_after_commit_only(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            made = mail.post("contact", "centre@example.org", {"message": contact()}, reply_to="ada@example.org")
            assert (made.status, django_mail.outbox) == ("waiting", [])
        [sent] = django_mail.outbox
        assert (sent.to, sent.reply_to, sent.subject) == (["centre@example.org"], ["ada@example.org"], "[Site] Été")
        assert sent.extra_headers == {"Message-ID": made.message_id, "Auto-Submitted": "auto-generated"}
        assert sent.message()["Message-ID"] == made.message_id
        assert re.fullmatch(r"<[\w.]+@127\.0\.0\.1>", made.message_id)
        made.refresh_from_db()
        assert made.status == "sent"

    def test_nothing_is_stored_nor_sent_after_a_rollback(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            mail.post("contact", "centre@example.org", {"message": contact()})
            transaction.set_rollback(True)
        assert (stored(), django_mail.outbox) == (NOTHING, [])

    @pytest.mark.parametrize("address", ["", "a@b.fr\r\nBcc: c@d.fr", "a@b.fr, c@d.fr", "a@b.fr\n", "Ada <a@b.fr>"])
    def test_anything_but_one_address_is_refused(self, address):
        with pytest.raises(ValueError, match="not an e-mail address"):
            mail.post("contact", address, {"message": contact()})
        if address:
            with pytest.raises(ValueError, match="not an e-mail address"):
                mail.post("contact", "a@b.fr", {"message": contact()}, reply_to=address)
        assert stored() == NOTHING

    @pytest.mark.parametrize("header", [{"X-A": "x\r\nBcc: a@b.fr"}, {"X\nBcc": "a@b.fr"}, {"X-A": "\x07"}, {"X-A": "\x7f"}])
    def test_header_that_could_begin_another_is_refused(self, header):
        with pytest.raises(ValueError, match="control character"):
            mail.post("contact", "a@b.fr", {"message": contact()}, headers=header)
        assert stored() == NOTHING

    @pytest.mark.parametrize("subject", ["x\r\nBcc: a@b.fr", "x\nBcc: a@b.fr", "x\x00y"])
    def test_subject_that_could_begin_a_header_is_refused(self, subject):
        with pytest.raises(ValueError, match=r"subject|control character"):
            mail.post("contact", "a@b.fr", {"message": contact(subject=subject)})
        assert stored() == NOTHING

    def test_header_may_replace_the_usual_one(self):
        made = mail.post("contact", "a@b.fr", {"message": contact()}, headers={"Auto-Submitted": "no", "List-Id": "x"})
        assert made.headers == {"Auto-Submitted": "no", "List-Id": "x"}

    def test_identifier_is_different_each_time(self):
        assert len({mail.post("contact", "a@b.fr", {"message": contact()}).message_id for _ in range(3)}) == 3


class TestText:
    def test_text_is_plain_and_html_escaped(self, templates):
        templates("essai", "Été & {{ name }}\n\n{{ name }}\n", "<title>{{ subject }}</title><p>{{ name }}</p>")
        rendered = mail_text.render("essai", {"name": "<Ada>"})
        assert (rendered.subject, rendered.text) == ("Été & <Ada>", "<Ada>\n")
        assert "<title>Été &amp; &lt;Ada&gt;</title>" in rendered.html
        assert "&lt;Ada&gt;</p>" in rendered.html

    @pytest.mark.parametrize(
        ("txt", "html"),
        [
            ("{{ missing }}\n\nx", "x"),
            ("x\n\n{{ missing.name }}", "x"),
            ("x\n\n{{ known.nme }}", "x"),
            ("x\n\nx", "{{ missing|upper }}"),
            ("x\n\nx", "{% if missing %}{% endif %}"),
            ("x\n\nx", "{% for one in missing %}{% endfor %}"),
        ],
    )
    def test_unknown_variable_is_refused_before_anything_is_stored(self, templates, txt, html):
        templates("essai", txt, html)
        with pytest.raises(mail_text.UnknownVariable):
            mail.post("essai", "a@b.fr", {"known": {"name": "x"}})
        assert stored() == NOTHING

    def test_html_carries_its_styles(self):
        html = mail_text.render("contact", {"message": contact()}).html
        assert html.startswith('<!DOCTYPE html><html lang="fr" dir="ltr">')
        assert re.search(r'<h1 style="[^"]*font-size: 26px', html)
        assert html.count("<style>") == 1
        assert "prefers-color-scheme:dark" in html
        assert 'role="article" ' in html
        assert not re.search(r"<(?:img|link|script|table)\b", html)

    def test_addresses_are_those_of_the_site(self, settings):
        settings.SITE_URL = "https://www.example.org"
        assert mail.link("/alertes/") == "https://www.example.org/alertes/"
        assert 'href="https://www.example.org/"' in mail_text.render("contact", {"message": contact()}).html
        assert mail.post("contact", "a@b.fr", {"message": contact()}).message_id.endswith("@www.example.org>")


class TestBatch:
    NAMES = ("leave",)

    def people(self, *addresses: str) -> list[mail.Recipient]:
        return [mail.Recipient(a, {"leave": f"https://x/{n}?a&b"}, {"X-N": str(n)}) for n, a in enumerate(addresses)]

    def post(self, *addresses: str) -> int:
        return mail.post_batch("essai", "lettre-1", {"title": "Un <titre>"}, self.people(*addresses), names=self.NAMES)

    @pytest.fixture(autouse=True)
    def _template(self, templates):
        templates("essai", "Lettre\n\n{{ title }} {{ leave }}", '<h1>{{ title }}</h1><a href="{{ leave }}">Partir</a>')

    def test_each_person_reads_their_own_links(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            assert self.post("a@b.fr", "c@d.fr") == 2
        first, second = sorted(django_mail.outbox, key=lambda message: message.to)
        assert (first.to, first.body) == (["a@b.fr"], "Un <titre> https://x/0?a&b\n")
        assert 'href="https://x/1?a&amp;b"' in second.alternatives[0][0]
        assert "Un &lt;titre&gt;" in second.alternatives[0][0]
        assert second.extra_headers["X-N"] == "1"
        assert MailBody.objects.count() == 1

    def test_address_twice_in_other_case_is_written_once(self):
        assert self.post("a@b.fr", "A@B.fr", "a@b.fr", "c@d.fr") == 2
        assert sorted(one.recipient for one in OutgoingMail.objects.all()) == ["a@b.fr", "c@d.fr"]

    def test_run_again_adds_only_who_is_missing(self):
        assert self.post("a@b.fr") == 1
        OutgoingMail.objects.update(status="sent")
        assert self.post("A@b.fr", "c@d.fr") == 1
        assert self.post("a@b.fr", "c@d.fr") == 0
        assert (OutgoingMail.objects.count(), MailBody.objects.count()) == (2, 1)

    def test_wrong_address_stops_all(self):
        with pytest.raises(ValueError, match="not an e-mail address"):
            self.post("a@b.fr", "c@d.fr\nBcc: x@y.fr")
        assert stored() == NOTHING

    def test_a_thousand_people_cost_few_queries(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(30):
            assert self.post(*(f"p{number}@example.org" for number in range(1_000))) == 1_000


class TestKept:
    def test_message_of_a_package_is_stored_for_each_recipient(self):
        message = EmailMultiAlternatives("Votre mot de passe", "Texte", to=["a@b.fr", "c@d.fr"])
        message.attach_alternative("<p>Texte</p>", "text/html")
        mail.keep("account/reset", message)
        assert {(one.recipient, one.kind, one.body.html) for one in OutgoingMail.objects.all()} == {
            ("a@b.fr", "account/reset", "<p>Texte</p>"),
            ("c@d.fr", "account/reset", "<p>Texte</p>"),
        }

    def test_message_without_html_stays_so(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            mail.keep("account/reset", EmailMessage("Votre mot de passe", "Texte", to=["a@b.fr"]))
        assert django_mail.outbox[0].alternatives == []


def test_long_batch_leaves_the_others_work_in_between(monkeypatch, django_capture_on_commit_callbacks):
    """The task sends so many messages, then asks to be called again."""
    monkeypatch.setattr(mail, "AT_A_TIME", 2)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            mail.post("contact", "a@b.fr", {"message": contact()})
    assert len(django_mail.outbox) == 5


class TestRetention:
    def age(self, days: int, **fields) -> OutgoingMail:
        with time_machine.travel(timezone.now() - datetime.timedelta(days=days)):
            made = mail.post("contact", "a@b.fr", {"message": contact()})
            OutgoingMail.objects.filter(pk=made.pk).update(sent_at=timezone.now(), **fields)
        return made

    def erase(self) -> None:
        for rule in retention.rules():
            if "e-mail" in rule.label.lower():
                rule.erase(timezone.now())

    def test_texts_go_after_30_days_and_rows_after_90(self):
        young, old = self.age(29, status="sent"), self.age(31, status="sent")
        self.age(91, status="sent")
        self.erase()
        assert {(one.pk, one.body is not None) for one in OutgoingMail.objects.all()} == {(young.pk, True), (old.pk, False)}
        assert MailBody.objects.count() == 1

    def test_what_waits_or_failed_keeps_its_text(self):
        kept = {self.age(40, status="waiting").pk, self.age(360, status="failed").pk}
        self.age(366, status="failed")
        self.erase()
        assert {one.pk for one in OutgoingMail.objects.all() if one.body} == kept

    def test_text_of_a_letter_stays_until_its_last_message(self):
        sent, waiting = self.age(40, status="sent"), self.age(40, status="waiting")
        OutgoingMail.objects.filter(pk=sent.pk).update(body=waiting.body)
        self.erase()
        assert OutgoingMail.objects.filter(body=waiting.body).count() == 2

    def test_names(self):
        assert str(MailBody(text="Bonjour")) == "Bonjour"
        assert str(OutgoingMail(subject="Sujet")) == "Sujet"
        assert OutgoingMail(kind=f"{outbox.ACCOUNTS}x").is_secret
