"""Who enters the administration has a second factor; the sensitive asks again who is there, and is written down."""

import datetime
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from tests.factories import accounts, vrl
from tests.factories.accounts import PASSWORD
from tests.factories.admin import save
from trajectoire.core import auditing, retention
from trajectoire.core.auditing import ActionLog
from trajectoire.core.models import TRAINERS, User
from trajectoire.core.roles import ADMINISTRATION, LIBRARIAN, load_roles

pytestmark = pytest.mark.usefixtures("world")
LOGIN, FACTOR, SETTINGS = "/compte/login/", "/compte/2fa/authenticate/", "/compte/2fa/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
USERS = "/admin/core/user/"


def code(secret: str = SECRET) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def with_factor(user: User) -> User:
    totp.TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def log_in(client, user: User):
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD})


def test_staff_without_factor_is_led_to_its_page_and_can_do_nothing_else(browser):
    user = accounts.documentalist()
    client = browser()
    log_in(client, user)
    for path in ("/admin/", "/admin/resources/document/add/", "/vrl/espace/", "/ressources/", "/", "/compte/email/"):
        assert client.get(path).headers["Location"] == SETTINGS, path
        assert client.post(path).status_code in (302, 403), path
    page = client.get(SETTINGS)
    assert "Votre compte ouvre l’administration" in page.content.decode()
    assert client.get("/compte/2fa/totp/activate/").status_code == 200
    assert client.get("/compte/2fa/webauthn/add/").status_code == 200
    assert client.post("/compte/logout/").headers["Location"] == "/"


def test_application_is_set_up_then_asked_for_at_each_login(browser, django_capture_on_commit_callbacks):
    user = accounts.documentalist()
    client = browser()
    log_in(client, user)
    secret = client.get("/compte/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/compte/2fa/totp/activate/", {"code": code(secret)})
    assert response.headers["Location"] == "/compte/2fa/recovery-codes/"
    assert "codes de secours" in client.get(response.headers["Location"]).content.decode().lower()
    assert mail.outbox[0].subject == "Une application protège votre compte"
    assert client.get("/admin/").status_code == 200
    other = browser()
    assert log_in(other, user).headers["Location"] == FACTOR
    assert other.get("/compte/email/").headers["Location"].startswith(LOGIN)
    assert other.post(FACTOR, {"code": "000000"}).status_code == 200
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    assert other.post(FACTOR, {"code": codes[0]}).headers["Location"] == "/admin/"
    assert other.get("/admin/").status_code == 200


def test_wrong_codes_are_limited(browser):
    user = with_factor(accounts.documentalist())
    client = browser()
    log_in(client, user)
    for _ in range(6):
        page = client.post(FACTOR, {"code": "000000"})
    assert "Trop d’essais" in str(page.context["form"].errors)


def test_trainer_is_offered_a_factor_and_not_forced(browser):
    client = browser()
    log_in(client, vrl.trainer(departments=()).user)
    page = client.get("/vrl/espace/")
    assert page.status_code == 200
    assert f'href="{SETTINGS}"' in page.content.decode()


def test_demonstration_does_not_ask(browser, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client = browser()
    log_in(client, accounts.documentalist())
    assert client.get("/admin/").status_code == 200


def test_factor_seen_at_login_costs_no_query(browser, django_assert_num_queries):
    client = browser(accounts.documentalist())
    with django_assert_num_queries(2):  # the session, the account
        client.get("/compte/logout/")


def test_last_factor_stays_while_it_is_required(browser):
    user = with_factor(accounts.documentalist())
    client = browser(user)
    page = client.post("/compte/2fa/totp/deactivate/")
    assert "ajoutez un autre second facteur" in str(page.context["form"].errors)
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    trainer = with_factor(accounts.trainer())
    assert browser(trainer).post("/compte/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=trainer).exists()


def test_login_of_the_administration_is_the_same_door(visitor):
    response = visitor.get("/admin/login/?next=/admin/core/")
    assert response.headers["Location"].startswith("/compte/login/?next=")
    user = accounts.administrator()
    assert visitor.post("/admin/login/", {"username": user.email, "password": PASSWORD}).status_code == 302
    assert "_auth_user_id" not in visitor.session


def test_password_of_staff_is_changed_through_the_same_door(administrator):
    assert administrator.get("/admin/password_change/").headers["Location"] == "/compte/password/change/"


class TestSensitive:
    """What asks again who is there."""

    PATHS = (
        "/admin/core/user/{pk}/change/",
        "/admin/core/user/{pk}/delete/",
        "/admin/core/invitation/add/",
        "/admin/core/invitation/liste/",
    )

    @pytest.mark.parametrize("path", PATHS)
    def test_password_is_asked_again_after_a_quarter_of_an_hour(self, client, path):
        user = with_factor(accounts.administrator())
        accounts.open_session(client, user, age=901)
        path = path.format(pk=accounts.user().pk)
        response = client.get(path)
        assert response.headers["Location"].startswith("/compte/reauthenticate/?next=")
        assert "Confirmez que c’est bien vous" in client.get(response.headers["Location"]).content.decode()
        assert client.post("/compte/reauthenticate/", {"password": "faux", "next": path}).status_code == 200
        assert client.post("/compte/reauthenticate/", {"password": PASSWORD, "next": path}).headers["Location"] == path
        assert client.get(path).status_code == 200

    def test_what_was_sent_meanwhile_is_not_lost(self):
        load_roles()
        client = Client(enforce_csrf_checks=True)
        accounts.open_session(client, accounts.administrator(), age=901)
        client.get("/contact/")
        token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
        sent = token | {"email": "nour@example.org", "name": "", "group": Group.objects.get(name=TRAINERS).pk}
        path = "/admin/core/invitation/add/"
        assert client.post(path, sent).headers["Location"].startswith("/compte/reauthenticate/")
        client.post("/compte/reauthenticate/", token | {"password": PASSWORD, "next": path})
        assert ActionLog.objects.filter(action__startswith="invitation, rôle").count() == 1

    def test_export_of_people_asks_again_and_is_written_down(self, browser):
        user, client = accounts.administrator(), browser()
        path = "/admin/letters/subscription/export.csv"
        accounts.open_session(client, user, age=901)
        assert client.get(path).headers["Location"].startswith("/compte/reauthenticate/")
        client.post("/compte/reauthenticate/", {"password": PASSWORD, "next": path})
        client.get(path)
        assert ActionLog.objects.get().action == "export des abonnements à la lettre"

    def test_recent_login_is_enough(self, administrator):
        assert administrator.get(f"{USERS}{administrator.user.pk}/change/").status_code == 200


class TestAccountsScreen:
    def test_role_of_the_team_opens_the_administration_and_its_removal_closes_everything(self, administrator, browser):
        load_roles()
        user = accounts.trainer()
        client = browser()
        log_in(client, user)
        page = f"{USERS}{user.pk}/change/"
        librarian = Group.objects.get(name=LIBRARIAN)
        assert save(administrator, page, groups=[librarian.pk]).status_code == 302
        user.refresh_from_db()
        assert user.is_staff
        assert client.get("/compte/email/").status_code == 302  # the session of the former role is over
        assert save(administrator, page, groups=[]).status_code == 302
        user.refresh_from_db()
        assert not user.is_staff
        assert [entry.action for entry in ActionLog.objects.all()] == ["compte modifié\u00a0: rôles"] * 2
        assert ActionLog.objects.first().about == f"compte n°\u00a0{user.pk}"

    def test_deactivated_account_is_out_at_once(self, administrator, browser):
        user = accounts.trainer()
        client = browser()
        log_in(client, user)
        page = f"{USERS}{user.pk}/change/"
        sent = {"email": user.email, "name": "", "groups": [user.groups.get().pk]}
        assert administrator.post(page, sent).status_code == 302
        assert client.get("/compte/email/").status_code == 302
        assert not UserSession.objects.filter(user=user).exists()

    def test_changed_address_is_the_only_one_that_logs_in(self, administrator, browser):
        user = accounts.user("avant@example.org")
        log_in(browser(), user)  # allauth notes the address
        save(administrator, f"{USERS}{user.pk}/change/", email="Apres@example.org")
        user.refresh_from_db()
        assert user.email == "apres@example.org"
        assert browser().post(LOGIN, {"login": "avant@example.org", "password": PASSWORD}).status_code == 200
        assert log_in(browser(), user).status_code == 302

    def test_own_role_is_changed_without_being_thrown_out(self, administrator):
        load_roles()
        page = f"{USERS}{administrator.user.pk}/change/"
        assert save(administrator, page, groups=[Group.objects.get(name=LIBRARIAN).pk]).status_code == 302
        assert administrator.get(page).status_code == 200

    def test_new_name_is_no_matter_for_the_journal(self, administrator):
        user = accounts.user()
        save(administrator, f"{USERS}{user.pk}/change/", name="Autre nom")
        assert not ActionLog.objects.exists()

    def test_only_equals_touch_an_account_that_has_every_right(self, browser):
        master = accounts.administrator()
        chief = browser(accounts.in_role(ADMINISTRATION))
        assert chief.get(f"{USERS}{master.pk}/change/").status_code == 200  # to be read
        for path in ("change", "delete"):
            assert chief.post(f"{USERS}{master.pk}/{path}/", {"email": "x@example.org", "post": "yes"}).status_code == 403
        chief.post(USERS, {"action": "remove_factor", "_selected_action": [with_factor(master).pk]})
        assert Authenticator.objects.filter(user=master).exists()
        other = accounts.user()
        save(chief, f"{USERS}{other.pk}/change/", is_superuser="on")
        other.refresh_from_db()
        assert not other.is_superuser

    def test_nobody_closes_or_deletes_their_own_account(self, administrator):
        page = f"{USERS}{administrator.user.pk}/change/"
        assert not {"is_active", "is_superuser"} & set(administrator.get(page).context["adminform"].form.fields)
        assert administrator.post(f"{USERS}{administrator.user.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_account_is_deleted_and_it_is_written_down(self, administrator):
        user = accounts.user()
        assert administrator.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 302
        assert not User.objects.filter(pk=user.pk).exists()
        assert str(ActionLog.objects.get()) == f"compte supprimé (compte n°\u00a0{user.pk})"
        actions = administrator.get(USERS).context["action_form"].fields["action"].choices
        assert "delete_selected" not in [name for name, _ in actions]

    def test_lost_device_everywhere_and_password_by_mail(self, administrator, browser, django_capture_on_commit_callbacks):
        user, closed = with_factor(accounts.documentalist()), accounts.user(is_active=False)
        client = browser()
        log_in(client, user)
        for action in ("log_out", "send_link", "remove_factor"):
            with django_capture_on_commit_callbacks(execute=True):
                sent = {"action": action, "_selected_action": [user.pk, closed.pk]}
                assert administrator.post(USERS, sent).status_code == 302
        assert not Authenticator.objects.filter(user=user).exists()
        assert [message.to for message in mail.outbox] == [[user.email]]
        assert {entry.action for entry in ActionLog.objects.filter(about=f"compte n°\u00a0{user.pk}")} == {
            "déconnexion de tous les appareils",
            "lien de mot de passe envoyé",
            "second facteur retiré",
        }

    def test_home_page_has_a_part_for_accounts(self, administrator, documentalist, powerless):
        parts = administrator.get("/admin/").context["app_list"]
        assert parts[-1]["name"] == "Comptes"
        assert [entry["name"] for entry in parts[-1]["models"]] == [
            "Comptes",
            "Invitations",
            "Groupes",
            "Journal des actions sensibles",
        ]
        assert not {"User", "Group", "Invitation"} & {entry["object_name"] for part in parts[:-1] for entry in part["models"]}
        assert "Comptes" not in [part["name"] for part in documentalist.get("/admin/").context["app_list"]]
        assert powerless.get("/admin/").context["app_list"] == []
        assert administrator.get("/admin/core/").context["app_list"][0]["app_label"] == "core"

    def test_list_shows_roles_and_factors(self, administrator):
        with_factor(accounts.documentalist())
        html = administrator.get(USERS).content.decode()
        assert "tous les droits" in html
        assert LIBRARIAN in html


class TestJournal:
    def test_is_read_and_never_written_by_hand(self, administrator):
        entry = auditing.record(administrator.user, "export d’essai", "un fichier")
        assert administrator.get("/admin/core/actionlog/").status_code == 200
        assert administrator.get("/admin/core/actionlog/add/").status_code == 403
        for path in ("change", "delete"):
            assert administrator.post(f"/admin/core/actionlog/{entry.pk}/{path}/", {"post": "yes"}).status_code == 403

    def test_is_kept_a_year_and_survives_its_people(self):
        user = accounts.user()
        old, new = auditing.record(user, "ancienne"), auditing.record(user, "récente")
        ActionLog.objects.filter(pk=old.pk).update(done_at=timezone.now() - datetime.timedelta(days=366))
        rule = next(rule for rule in retention.rules() if rule.label == "Journal des actions sensibles")
        assert (rule.erase(timezone.now()), rule.erase(timezone.now())) == (1, 0)
        user.delete()
        new.refresh_from_db()
        assert (new.user, str(new)) == (None, "récente")


def test_key_is_renamed(browser):
    user = accounts.trainer()
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Ma clé d’accès", "credential": {}})
    client = browser(user)
    page = f"/compte/2fa/webauthn/keys/{key.pk}/edit/"
    assert "Nom de cette clé" in client.get(page).content.decode()
    assert client.post(page, {"name": "Téléphone"}).headers["Location"] == "/compte/2fa/webauthn/"
    assert "Téléphone" in client.get("/compte/2fa/webauthn/").content.decode()
    assert browser(accounts.trainer()).get(page).status_code == 404


def test_what_is_kept_of_browsers_goes_with_their_session(browser):
    user = accounts.trainer()
    log_in(browser(), user)
    erased = {rule.label: rule.erase for rule in retention.rules()}
    assert [erased[label](timezone.now()) for label in ("Sessions terminées", "Appareils déconnectés")] == [0, 0]
    later = timezone.now() + datetime.timedelta(days=15)
    assert erased["Sessions terminées"](later) >= 1
    assert [erased["Appareils déconnectés"](later) for _ in range(2)] == [1, 0]


def test_pages_of_factors_are_all_open_to_who_has_none():
    """The exception of the middleware is by name: every page that begins so is about factors."""
    names = [p.name for p in patterns(get_resolver()) if (p.name or "").startswith("mfa_")]
    assert len(names) > 10


def patterns(resolver):
    for entry in resolver.url_patterns:
        yield from [entry] if isinstance(entry, URLPattern) else patterns(entry)
