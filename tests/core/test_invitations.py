"""Invitations: the only way to an account. One link, one account, a fortnight; the same page for every link that opens nothing."""

import datetime
import re

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import accounts
from tests.factories.admin import errors, messages
from trajectoire.core import inviting, retention
from trajectoire.core.auditing import ActionLog
from trajectoire.core.invitation import Invitation
from trajectoire.core.models import PARTNERS, TRAINERS, User
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.roles import ADMINISTRATION, LIBRARIAN, VRL, load_roles

ADD, LIST, FILE = ("/admin/core/invitation/add/", "/admin/core/invitation/", "/admin/core/invitation/liste/")
OPENING = {"name": "Nour Benali", "password": "quatre mots sans rapport"}


@pytest.fixture(autouse=True)
def _roles(db):
    load_roles()


def group(name: str) -> Group:
    return Group.objects.get(name=name)


def invited(email: str = "nour@example.org", role: str = TRAINERS) -> Invitation:
    return inviting.invite(accounts.administrator(), email, group(role), "Nour")


def test_one_person_is_invited_and_opens_her_account(administrator, visitor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sent = {"email": "Nour@Example.org", "name": "Nour", "group": group(TRAINERS).pk}
        assert administrator.post(ADD, sent).headers["Location"] == LIST
    message = mail.outbox[0]
    assert message.to == ["nour@example.org"]
    assert "pendant 14 jours" in message.body
    path = re.search(r"https?://[^/]+(/compte/invitation/\S+)", message.body)[1]
    page = visitor.get(path)
    assert page.status_code == 200
    assert 'value="Nour"' in page.content.decode()
    assert visitor.post(path, OPENING).headers["Location"] == "/vrl/espace/"
    user = User.objects.get(email="nour@example.org")
    assert (user.name, user.is_staff, [g.name for g in user.groups.all()]) == ("Nour Benali", False, [TRAINERS])
    assert visitor.get("/vrl/espace/").status_code == 200
    assert Invitation.objects.get().state == "acceptée"
    assert [entry.action for entry in ActionLog.objects.all()] == [
        "compte ouvert sur invitation",
        "invitation, rôle «\u00a0formateurs\u00a0»",
    ]


def test_member_of_the_team_is_led_to_the_second_factor_and_nowhere_else(visitor):
    response = visitor.post(inviting.accept_path(invited(role=LIBRARIAN)), OPENING)
    assert response.headers["Location"] == "/admin/"
    assert User.objects.get(name="Nour Benali").is_staff
    assert visitor.get("/admin/").headers["Location"] == "/compte/2fa/"
    assert visitor.get("/compte/2fa/").status_code == 200


def test_link_is_dead_once_used_sent_again_cancelled_too_old_or_changed(visitor, browser):
    first = invited("a@example.org")
    path = inviting.accept_path(first)
    assert inviting.send_again(accounts.administrator(), first)
    again = Invitation.objects.get(pk=first.pk)
    used, cancelled, old = inviting.accept_path(again), invited("b@example.org"), invited("c@example.org")
    visitor.post(used, OPENING)
    assert inviting.cancel(accounts.administrator(), cancelled)
    dead = [path, used, inviting.accept_path(cancelled), path[:-3] + "x/", "/compte/invitation/inconnu/"]
    bodies = set()
    for link in dead:
        response = browser().get(link)
        assert response.status_code == 404
        bodies.add(response.content.replace(link.encode(), b""))
    assert len(bodies) == 1
    assert "Demander une nouvelle invitation" in bodies.pop().decode()
    late = inviting.accept_path(old)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15)):
        assert old.state == "expirée"
        assert browser().get(late).status_code == 404
        assert browser().post(late, OPENING).status_code == 404
    assert not User.objects.filter(email="c@example.org").exists()


def test_two_openings_at_once_make_one_account(db):
    invitation = invited()
    assert inviting.accept(invitation, "Nour", "quatre mots sans rapport")
    assert inviting.accept(invitation, "Autre", "quatre mots sans rapport") is None
    assert User.objects.filter(email="nour@example.org").count() == 1


def test_somebody_quicker_is_told(visitor, monkeypatch):
    path = inviting.accept_path(invited())
    monkeypatch.setattr(inviting, "accept", lambda *given: None)
    assert visitor.post(path, OPENING).status_code == 404


def test_address_that_got_an_account_meanwhile_opens_nothing(visitor):
    path = inviting.accept_path(invited())
    accounts.user("nour@example.org")
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "", "password": ""}, "Choisissez un mot de passe."),
        ({"name": "Nour", "password": "trajectoire2026"}, "mots du site"),
        ({"name": "Nour", "password": "court"}, "12"),
        ({"name": "Nour Benali-Roche", "password": "nour benali-roche"}, "trop semblable"),
        ({"name": "x\nBcc: a@b.fr", "password": "quatre mots sans rapport"}, "caractère interdit"),
    ],
)
def test_weak_password_or_hostile_name_is_refused_and_the_link_stays_good(visitor, sent, said):
    path = inviting.accept_path(invited())
    response = visitor.post(path, sent)
    assert response.status_code == 400
    assert said in str(response.context["form"].errors)
    assert visitor.post(path, OPENING).status_code == 302


def test_link_tried_too_often_is_limited(visitor):
    answers = [visitor.get("/compte/invitation/inconnu/").status_code for _ in range(61)]
    assert (answers[0], answers[-1]) == (404, 429)


@pytest.mark.parametrize("email", ["DEJA@example.org", "attend@example.org"])
def test_known_or_waiting_address_is_not_invited_twice(administrator, email):
    accounts.user("deja@example.org")
    invited("attend@example.org")
    response = administrator.post(ADD, {"email": email, "name": "", "group": group(TRAINERS).pk})
    assert "déjà" in errors(response)
    assert Invitation.objects.count() == 1


def test_people_of_a_file_are_invited_each_line_on_its_own(administrator):
    accounts.user("deja@example.org")
    lines = "Nom;E-mail\nAda;ada@example.org\nSans;\nDéjà;deja@example.org\nBis;ADA@example.org\nFaux;pas une adresse\nSeul"
    sent = {"group": group(TRAINERS).pk, "file": SimpleUploadedFile("liste.csv", lines.encode("cp1252"))}
    page = administrator.post(FILE, sent)
    assert page.context["done"] == "1\u00a0invitation envoyée, 5\u00a0lignes refusées."
    assert [(number, bool(reason)) for number, _, reason in page.context["refused"]] == [(n, True) for n in (3, 4, 5, 6, 7)]
    assert (Invitation.objects.get().email, Invitation.objects.get().name) == ("ada@example.org", "Ada")
    assert OutgoingMail.objects.get().is_secret


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"Nom\nAda", "Aucune colonne"), (b"e-mail", "une ligne"), (b"mail\n" + b"a@example.org\n" * 501, "plus de 500")],
)
def test_file_that_cannot_be_used_says_why(administrator, content, said):
    page = administrator.post(FILE, {"group": group(TRAINERS).pk, "file": SimpleUploadedFile("liste.csv", content)})
    assert said in str(page.context["form"].errors)
    assert page.context["done"] == ""


def test_list_without_names_invites_too(administrator):
    file = SimpleUploadedFile("liste.csv", b"courriel\nada@example.org")
    administrator.post(FILE, {"group": group(PARTNERS).pk, "file": file})
    assert Invitation.objects.get().name == ""


def test_only_who_may_add_accounts_gives_a_role_of_the_team(browser):
    coordination = browser(accounts.in_role(VRL))
    page = coordination.get(ADD)
    offered = {str(name) for _, name in page.context["adminform"].form.fields["group"].choices}
    assert offered == {"Choisir un rôle", TRAINERS, PARTNERS}
    response = coordination.post(ADD, {"email": "x@example.org", "group": group(ADMINISTRATION).pk})
    assert errors(response)
    team = invited(role=ADMINISTRATION)
    coordination.post(LIST, {"action": "cancel", "_selected_action": [team.pk]})
    assert Invitation.objects.get(pk=team.pk).state == "envoyée"


def test_role_without_the_right_invites_nobody(documentalist):
    assert documentalist.get(ADD).status_code == 403
    assert documentalist.get(FILE).status_code == 403


def test_staff_sends_again_cancels_and_sees_each_state(administrator):
    waiting, gone = invited("a@example.org"), invited("b@example.org")
    page = administrator.post(LIST, {"action": "send_again", "_selected_action": [waiting.pk, gone.pk]}, follow=True)
    assert messages(page) == ["2\u00a0invitations renvoyées."]
    page = administrator.post(LIST, {"action": "cancel", "_selected_action": [gone.pk]}, follow=True)
    assert messages(page) == ["1\u00a0invitation annulée."]
    for action in ("cancel", "send_again"):
        page = administrator.post(LIST, {"action": action, "_selected_action": [gone.pk]}, follow=True)
        assert messages(page)[0].startswith("0\u00a0invitation")
    Invitation.objects.filter(pk=waiting.pk).update(sent_at=timezone.now() - datetime.timedelta(days=20))
    inviting.accept(invited("c@example.org"), "C", "quatre mots sans rapport")
    invited("d@example.org")
    shown = {
        state: [row.email for row in administrator.get(LIST, {"etat": state}).context["cl"].result_list]
        for state in ("envoyée", "expirée", "acceptée", "annulée")
    }
    assert shown == {
        "envoyée": ["d@example.org"],
        "expirée": ["a@example.org"],
        "acceptée": ["c@example.org"],
        "annulée": ["b@example.org"],
    }
    assert administrator.get(f"{LIST}{gone.pk}/change/").status_code == 200
    assert administrator.post(f"{LIST}{gone.pk}/delete/", {"post": "yes"}).status_code == 403


def test_another_can_be_invited_at_once(administrator):
    sent = {"email": "a@example.org", "group": group(TRAINERS).pk, "_addanother": "1"}
    assert administrator.post(ADD, sent).headers["Location"] == ADD


def test_invitation_of_somebody_who_left_is_signed_by_the_team(django_capture_on_commit_callbacks):
    invitation = invited()
    Invitation.objects.filter(pk=invitation.pk).update(invited_by=None)
    with django_capture_on_commit_callbacks(execute=True):
        inviting.send_again(accounts.administrator(), invitation)
    assert "L’équipe du centre vous invite" in mail.outbox[-1].body


def test_invitations_are_kept_six_months():
    old, new = invited("a@example.org"), invited("b@example.org")
    Invitation.objects.filter(pk=old.pk).update(sent_at=timezone.now() - datetime.timedelta(days=181))
    rule = next(rule for rule in retention.rules() if rule.label == "Invitations")
    assert (rule.erase(timezone.now()), rule.erase(timezone.now())) == (1, 0)
    assert list(Invitation.objects.all()) == [new]
    assert str(new) == "b@example.org"
