"""« Boîte d’envoi »: staff reads what left, sees what failed, and has it sent again."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail as django_mail

from tests.factories import accounts
from trajectoire.core import roles
from trajectoire.core.outbox import OutgoingMail

LIST = "/admin/core/outgoingmail/"


@pytest.fixture
def manager(db, browser):
    """Staff of the role « administration »."""
    roles.load_roles()
    user = accounts.user(is_staff=True)
    user.groups.add(Group.objects.get(name=roles.ADMINISTRATION))
    return browser(user)


def test_message_is_read_as_it_arrives(manager, mail):
    made = mail("ada@example.org", subject="Sujet <b>")
    html = manager.get(f"{LIST}{made.pk}/change/").content.decode()
    assert f'src="{LIST}{made.pk}/message/"' in html
    assert "Sujet &lt;b&gt;" in html
    assert "Auto-Submitted" not in html
    assert f"Message-ID: {made.message_id}".replace("<", "&lt;").replace(">", "&gt;") in html
    assert '<pre class="mail">Bonjour\n</pre>' in html
    assert 'name="_save"' not in html
    assert next_try(html) != "-"
    assert next_try(manager.get(f"{LIST}{mail(status='sent').pk}/change/").content.decode()) == "-"


def next_try(html: str) -> str:
    return re.search(r'field-next_try">.*?class="readonly">([^<]*)<', html, re.S)[1]


def test_frame_is_allowed_on_its_page_only(manager, mail):
    made = mail()
    page = manager.get(f"{LIST}{made.pk}/change/")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-src" not in manager.get(LIST).headers["Content-Security-Policy"]


def test_message_in_its_frame_runs_nothing(manager, mail):
    made = mail(body=None)
    made.body.html = "<html><head></head><body><script>alert(1)</script><p>Bonjour -*a*-</p></body></html>"
    made.body.save()
    OutgoingMail.objects.update(marks={"a": "<Ada>"})
    response = manager.get(f"{LIST}{made.pk}/message/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert re.search(r"sandbox allow-popups allow-popups-to-escape-sandbox(;|$)", policy)
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_blank">' in response.content.decode()
    assert "Bonjour &lt;Ada&gt;" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_link_that_opens_an_account_is_hidden_in_production(manager, mail, settings):
    made = mail(kind="account/password_reset_key")
    assert manager.get(f"{LIST}{made.pk}/message/").status_code == 200
    settings.PRODUCTION = True
    html = manager.get(f"{LIST}{made.pk}/change/").content.decode()
    assert html.count("seule la personne à qui il est destiné peut le lire") == 3
    assert "Bonjour" not in html
    assert manager.get(f"{LIST}{made.pk}/message/").status_code == 404


def test_erased_text_is_explained(manager, mail):
    made = mail()
    made.body.delete()
    assert "conservé que trente jours" in manager.get(f"{LIST}{made.pk}/change/").content.decode()
    assert manager.get(f"{LIST}{made.pk}/message/").status_code == 404
    assert manager.get(f"{LIST}999999/message/").status_code == 404


def test_message_without_html_has_an_empty_frame(manager, mail):
    made = mail()
    made.body.html = ""
    made.body.save()
    assert manager.get(f"{LIST}{made.pk}/message/").content == b""


def test_failed_messages_are_told_and_sent_again(manager, mail, django_capture_on_commit_callbacks):
    failed = mail(status="failed", attempts=11, last_error="550 Unknown user")
    sent = mail(status="sent")
    html = manager.get(LIST).content.decode()
    assert "1\u00a0message n’a pas pu partir" in html
    assert "550 Unknown user" in html
    with django_capture_on_commit_callbacks(execute=True):
        answer = manager.post(LIST, {"action": "try_again", "_selected_action": [failed.pk, sent.pk]}, follow=True)
    assert "1\u00a0message en échec va être envoyé à nouveau." in answer.content.decode()
    assert [message.to for message in django_mail.outbox] == [[failed.recipient]]
    failed.refresh_from_db()
    assert (failed.status, failed.attempts, failed.last_error) == ("sent", 1, "")


def test_list_asks_the_database_as_often_for_three_as_for_one(manager, mail, django_assert_num_queries):
    mail()
    with django_assert_num_queries(7):
        manager.get(LIST)
    for _ in range(3):
        mail()
    with django_assert_num_queries(7):
        manager.get(LIST)


def test_nothing_is_written_nor_changed_by_hand(administrator, mail):
    made = mail()
    assert administrator.get(f"{LIST}add/").status_code == 403
    assert administrator.post(f"{LIST}{made.pk}/change/", {"subject": "Autre"}).status_code == 403


def test_who_keeps_the_library_reads_but_does_not_send_again(documentalist, mail):
    made = mail(status="failed")
    assert documentalist.get(f"{LIST}{made.pk}/change/").status_code == 200
    documentalist.post(LIST, {"action": "try_again", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.status == "failed"


def test_staff_without_permission_reads_nothing(powerless, visitor, mail):
    made = mail()
    assert powerless.get(f"{LIST}{made.pk}/message/").status_code == 403
    assert visitor.get(f"{LIST}{made.pk}/message/").status_code == 302
    assert powerless.get(LIST).status_code == 403
