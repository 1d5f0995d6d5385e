"""Limits, links and mails of accounts: nobody guesses, nobody learns which addresses are known."""

import datetime
import gettext
import logging
import re
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

import trajectoire.core
from tests.factories import accounts
from tests.factories.accounts import PASSWORD
from trajectoire.core import accounts_mail, tokens
from trajectoire.core.logs import OneLine

pytestmark = pytest.mark.usefixtures("world")
LOGIN, RESET = "/compte/login/", "/compte/password/reset/"
NEW = "une autre phrase longue"


def log_in(client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


class TestLimits:
    def test_right_password_does_not_open_a_locked_account_and_a_reset_does(
        self, visitor, browser, django_capture_on_commit_callbacks
    ):
        accounts.user("ada@example.org")
        log_in(browser(), "ada@example.org")
        for _ in range(6):
            page = log_in(visitor, "ada@example.org", "faux")
        assert "Trop d’essais" in str(page.context["form"].errors)
        assert log_in(visitor, "ada@example.org").status_code == 200
        link = reset_link(visitor, django_capture_on_commit_callbacks)
        form = visitor.get(link, follow=True).redirect_chain[-1][0]
        visitor.post(form, {"password1": NEW, "password2": NEW})
        assert log_in(visitor, "ada@example.org", NEW).status_code == 302

    def test_lock_of_an_account_is_shared_by_every_address(self, browser):
        accounts.user("ada@example.org")
        for number in range(6):
            browser().post(LOGIN, {"login": "ada@example.org", "password": "faux"}, REMOTE_ADDR=f"192.0.2.{number}")
        assert log_in(browser(), "ada@example.org").status_code == 200

    def test_address_of_the_client_is_read_behind_the_declared_proxy_only(self, browser, settings):
        """A12: without a declared proxy the header is somebody's invention; with one, its last value counts."""
        spoilt = {"headers": {"X-Forwarded-For": "203.0.113.9"}}
        for number in range(10):
            browser().post(LOGIN, {"login": f"x{number}@example.org", "password": "faux"}, **spoilt)
        accounts.user("ada@example.org")
        assert log_in(browser(), "ada@example.org").status_code == 200  # one client, whatever it says
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        other = browser().post(
            LOGIN, {"login": "ada@example.org", "password": PASSWORD}, headers={"X-Forwarded-For": "203.0.113.10"}
        )
        assert other.status_code == 302

    def test_reset_asked_ten_times_sends_five_mails(self, browser, django_capture_on_commit_callbacks):
        accounts.user("ada@example.org")
        with django_capture_on_commit_callbacks(execute=True):
            answers = [browser().post(RESET, {"email": "ada@example.org"}).status_code for _ in range(10)]
        assert answers == [302] * 5 + [429] * 5
        assert len(mail.outbox) == 5


def reset_link(client, capture) -> str:
    with capture(execute=True):
        client.post(RESET, {"email": "ada@example.org"})
    return re.search(r"https?://[^/]+(/compte/password/reset/key/\S+)", mail.outbox[-1].body)[1]


def test_refused_password_leaves_the_link_of_the_reset_good(visitor, browser, django_capture_on_commit_callbacks):
    accounts.user("ada@example.org")
    link = reset_link(visitor, django_capture_on_commit_callbacks)
    form = visitor.get(link, follow=True).redirect_chain[-1][0]
    assert visitor.post(form, {"password1": "court", "password2": "court"}).status_code == 200
    assert visitor.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    page = browser().get(link, follow=True)  # used
    assert "Demander un nouveau lien" in page.content.decode()


def test_old_link_of_a_reset_offers_a_new_one(visitor, browser, django_capture_on_commit_callbacks):
    accounts.user("ada@example.org")
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=3)):
        link = reset_link(visitor, django_capture_on_commit_callbacks)
    assert "Demander un nouveau lien" in browser().get(link, follow=True).content.decode()


def test_address_is_changed_by_the_link_sent_to_the_new_one(browser, django_capture_on_commit_callbacks):
    user = accounts.trainer()
    client = browser()
    log_in(client, user.email)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/compte/email/", {"email": "neuve@example.org", "action_add": ""}).status_code == 302
    assert mail.outbox[0].to == ["neuve@example.org"]
    path = re.search(r"https?://[^/]+(/compte/confirm-email/\S+)", mail.outbox[0].body)[1]
    user.refresh_from_db()
    assert user.email != "neuve@example.org"
    assert browser().get(path).status_code == 200  # a mail scanner changes nothing
    user.refresh_from_db()
    assert user.email != "neuve@example.org"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path)
    user.refresh_from_db()
    assert user.email == "neuve@example.org"
    assert [message.subject for message in mail.outbox[1:]] == ["Votre adresse e-mail a changé"]
    assert "Demander un nouveau lien" in browser().get("/compte/confirm-email/abc/").content.decode()


def test_change_to_a_known_address_says_the_same_as_to_an_unknown_one(browser, django_capture_on_commit_callbacks):
    accounts.user("prise@example.org")
    said = []
    with django_capture_on_commit_callbacks(execute=True):
        for address in ("prise@example.org", "libre@example.org"):
            client = browser()
            log_in(client, accounts.trainer().email)
            page = client.post("/compte/email/", {"email": address, "action_add": ""}, follow=True)
            said.append((page.status_code, [str(m).replace(address, "") for m in page.context["messages"]]))
    assert said[0] == said[1]
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects["prise@example.org"] == "Cette adresse a déjà un compte"
    assert subjects["libre@example.org"] == "Confirmer votre adresse e-mail"


def test_reset_says_the_same_and_writes_as_much_for_an_unknown_address(browser, django_capture_on_commit_callbacks):
    accounts.user("ada@example.org")
    said, lengths = [], []
    for address in ("ada@example.org", "inconnue@example.org"):
        with django_capture_on_commit_callbacks(execute=True):
            page = browser().post(RESET, {"email": address}, follow=True)
        said.append((page.redirect_chain, re.sub(r"nonce-[^']+|csrf[^>]+", "", page.content.decode())))
        lengths.append(len(mail.outbox))
    assert said[0] == said[1]
    assert lengths == [1, 2]


@pytest.mark.parametrize("name", accounts_mail.MAILS)
def test_every_mail_is_whole_and_french(name, django_capture_on_commit_callbacks):
    context = {
        "password_reset_url": "http://evil.example/compte/password/reset/key/1-a/",
        "activate_url": "http://evil.example/compte/confirm-email/a/",
        "to_email": "neuve@example.org",
        "from_email": "ancienne@example.org",
        "deleted_email": "ancienne@example.org",
    }
    with django_capture_on_commit_callbacks(execute=True):
        accounts_mail.post(name, "ada@example.org", context)
    body = mail.outbox[0].body
    assert "evil.example" not in body
    assert "{" not in body
    assert mail.outbox[0].subject == accounts_mail.MAILS[name].title


def test_link_of_a_reset_never_names_the_host_of_the_request(visitor, settings, django_capture_on_commit_callbacks):
    settings.ALLOWED_HOSTS = ["*"]
    accounts.user("ada@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(RESET, {"email": "ada@example.org"}, headers={"host": "evil.example"})
    assert "evil.example" not in mail.outbox[0].body


@pytest.mark.parametrize("spoilt", ["none", "false", "origin", "cookie"])
def test_request_made_by_another_site_is_refused_in_french(spoilt):
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    sent = {"login": "a@example.org", "password": "x", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    headers = {}
    if spoilt == "none":
        del sent["csrfmiddlewaretoken"]
    elif spoilt == "false":
        sent["csrfmiddlewaretoken"] = "x" * 64
    elif spoilt == "origin":
        headers["Origin"] = "https://evil.example"
    else:
        client.cookies.clear()
    response = client.post(LOGIN, sent, headers=headers)
    assert response.status_code == 403
    assert 'lang="fr"' in response.content.decode()


def test_each_event_is_one_line_of_the_journal_without_its_links(settings):
    """H16: a login name with line breaks writes one line; a link that opens something is never read there."""
    token = tokens.sign("core.invitation", [1, 1])
    formatter = OneLine("{levelname} {message}", style="{")

    def written(message: str, **more) -> str:
        return formatter.format(logging.makeLogRecord({"msg": message, "levelname": "WARNING"} | more))

    assert written("login a@b.fr\n2026 CRITICAL tout\r\x85\u2028est perdu") == (
        "WARNING login a@b.fr\\n2026 CRITICAL tout\\r\\x85\\u2028est perdu"
    )
    assert written(f"Bad Request: /compte/invitation/{token}/") == "WARNING Bad Request: /compte/invitation/…/"
    assert written("GET /compte/password/reset/key/1-d0ab-c1/ 200") == "WARNING GET /compte/password/reset/key/…/ 200"
    assert written("GET /territoires/25/ à 10:32:05") == "WARNING GET /territoires/25/ à 10:32:05"
    try:
        raise ValueError(token)
    except ValueError as error:
        lines = written("raté", exc_info=(type(error), error, error.__traceback__))
    assert lines.endswith("ValueError: …")
    assert settings.LOGGING["formatters"]["line"]["()"] == "trajectoire.core.logs.OneLine"


def test_partner_comes_to_the_figures(visitor):
    log_in(visitor, accounts.partner().email)
    assert "_auth_user_id" in visitor.session
    assert log_in(Client(), accounts.partner().email).headers["Location"] == "/bilan/"


def test_words_of_the_pages_are_compiled():
    """The catalogue that is read (.mo) says what the one that people edit (.po) says: `msgfmt -o django.mo django.po`."""
    folder = Path(trajectoire.core.__file__).parent / "locale" / "fr" / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as compiled:
        known = gettext.GNUTranslations(compiled)
    text = re.sub(r'"\n"', "", (folder / "django.po").read_text("utf-8"))
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.M)
    assert len(pairs) > 100
    assert [said for said, french in pairs if known.gettext(plain(said)) != plain(french)] == []


def plain(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", "\n")
