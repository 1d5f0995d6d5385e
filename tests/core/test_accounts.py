"""Getting in and out: by invitation, through allauth, with limits."""

import re

import pytest
from django.core import mail

from tests.factories import accounts, vrl
from tests.factories.accounts import PASSWORD
from trajectoire.core.models import User

pytestmark = pytest.mark.usefixtures("world")
LOGIN = "/compte/login/"


def log_in(client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def test_each_one_is_led_to_the_pages_of_their_role(visitor, browser):
    accounts.user("equipe@example.org", is_staff=True)
    accounts.user("ada@example.org")
    assert log_in(visitor, "Equipe@Example.org").headers["Location"] == "/admin/"
    assert log_in(browser(), "ada@example.org").headers["Location"] == "/"
    assert log_in(browser(), accounts.trainer().email).headers["Location"] == "/vrl/espace/"
    assert log_in(browser(), accounts.partner().email).headers["Location"] == "/bilan/"


def test_page_asked_for_is_given_after_login_and_no_other_site(visitor):
    accounts.user("ada@example.org")
    sent = {"login": "ada@example.org", "password": PASSWORD}
    assert visitor.post(f"{LOGIN}?next=/aide/", sent | {"next": "/aide/"}).headers["Location"] == "/aide/"
    visitor.logout()
    assert visitor.post(LOGIN, sent | {"next": "https://evil.example/"}).headers["Location"] == "/"


def test_unknown_address_and_wrong_password_get_the_same_answer(visitor, browser):
    accounts.user("ada@example.org")
    said = []
    for email in ("ada@example.org", "inconnue@example.org"):
        response = log_in(browser(), email, "faux")
        assert response.status_code == 200
        said.append(str(response.context["form"].errors))
    assert said[0] == said[1]


def test_closed_account_cannot_enter(visitor):
    accounts.user("ada@example.org", is_active=False)
    assert log_in(visitor, "ada@example.org").headers.get("Location", "") != "/"
    assert visitor.get("/compte/email/").status_code == 302


def test_messages_are_a_sentence_without_the_name_of_the_account(visitor):
    accounts.user("ada@example.org")
    page = visitor.post(LOGIN, {"login": "ada@example.org", "password": PASSWORD}, follow=True)
    assert "Connexion réussie." in [str(message) for message in page.context["messages"]]
    page = visitor.post("/compte/logout/", follow=True)
    assert "Déconnexion réussie." in [str(message) for message in page.context["messages"]]


def test_session_changes_at_login_and_dies_at_logout(visitor):
    accounts.user("ada@example.org")
    visitor.get("/contact/")
    log_in(visitor, "ada@example.org")
    session = visitor.cookies["sessionid"].value
    assert visitor.get("/compte/logout/").status_code == 200
    assert "_auth_user_id" in visitor.session
    assert visitor.post("/compte/logout/").headers["Location"] == "/"
    visitor.cookies["sessionid"] = session
    assert visitor.get("/compte/email/").status_code == 302


def test_nobody_signs_up(visitor):
    assert visitor.get("/compte/signup/").status_code == 200
    visitor.post("/compte/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="x@example.org").exists()


def test_login_is_limited(visitor):
    accounts.user("ada@example.org")
    answers = [log_in(visitor, "ada@example.org", "faux").status_code for _ in range(12)]
    assert answers[0] == 200
    assert log_in(visitor, "ada@example.org").headers.get("Location") != "/"


def test_login_pages_are_ours(visitor):
    for url in (LOGIN, "/compte/password/reset/", "/compte/signup/", "/compte/inactive/"):
        html = visitor.get(url).content.decode()
        assert 'class="brand"' in html, url
        assert 'content="noindex"' in html, url


def test_password_is_chosen_again_by_mail(visitor, settings, django_capture_on_commit_callbacks):
    accounts.user("ada@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        assert visitor.post("/compte/password/reset/", {"email": "ada@example.org"}).status_code == 302
        visitor.post("/compte/password/reset/", {"email": "inconnue@example.org"})
    to = [message.to for message in mail.outbox]
    assert ["ada@example.org"] in to
    assert "example.com" not in mail.outbox[0].body
    link = re.search(r"https?://[^/]+(/compte/password/reset/key/\S+)", mail.outbox[0].body)[1]
    page = visitor.get(link, follow=True)
    response = visitor.post(
        page.redirect_chain[-1][0], {"password1": "une autre phrase longue", "password2": "une autre phrase longue"}
    )
    assert response.status_code == 302
    assert log_in(visitor, "ada@example.org", "une autre phrase longue").headers["Location"] == "/"


CHANGE = "/compte/password/change/"
NEW = "une autre phrase longue"


def change_password(client, password: str):
    return client.post(CHANGE, {"oldpassword": PASSWORD, "password1": password, "password2": password})


@pytest.mark.parametrize(
    "password",
    [
        "court",
        "onze-signes",
        "password1234",
        "ada@example.org",
        "Trajectoire2026!",
        "trajectoire ressources",
        "politique de la ville",
        "Laïcité-VRL-2026",
    ],
)
def test_weak_password_is_refused(browser, password):
    client = browser(accounts.user("ada@example.org"))
    response = change_password(client, password)
    assert response.status_code == 200
    assert response.context["form"].errors


@pytest.mark.parametrize(
    "password",
    [
        "douze signes",
        "  deux espaces devant et derrière  ",
        "🦊🦉🐝🌲 la forêt de nuit",
        "x" * 30 + "é" * 34,
        "quatre mots " * 16 + "200 lettres",
        "trajectoire d’un hérisson pressé",
    ],
)
def test_long_password_is_kept_as_it_was_typed(browser, password):
    """ASVS 5, 6.2.5 to 6.2.9: no rule of composition, nothing cut, spaces and every sign."""
    user = accounts.user("ada@example.org")
    assert change_password(browser(user), password).status_code == 302
    user.refresh_from_db()
    assert user.check_password(password)
    assert log_in(browser(), "ada@example.org", password).status_code == 302
    assert log_in(browser(), "ada@example.org", password.strip()[:-1]).status_code == 200


def test_password_can_be_pasted_and_shown(visitor):
    html = visitor.get(LOGIN).content.decode()
    assert "onpaste" not in html
    assert 'autocomplete="current-password"' in html
    assert "js/passwords.js" in html


class TestSessions:
    """A3: an old cookie is dead at once."""

    @pytest.fixture
    def elsewhere(self, browser):
        """(somebody, a browser where they are logged in)."""
        user = vrl.trainer(departments=()).user
        client = browser()
        log_in(client, user.email)
        assert client.get("/vrl/espace/").status_code == 200
        return user, client

    def test_after_the_password_changed(self, elsewhere, browser):
        user, client = elsewhere
        here = browser(user)
        assert change_password(here, NEW).status_code == 302
        assert here.get("/vrl/espace/").status_code == 200
        assert client.get("/compte/email/").status_code == 302

    def test_after_the_account_was_closed(self, elsewhere):
        user, client = elsewhere
        user.is_active = False
        user.save()
        assert client.get("/compte/email/").status_code == 302

    def test_after_the_role_was_removed(self, elsewhere):
        user, client = elsewhere
        user.groups.clear()
        assert client.get("/vrl/espace/").status_code == 404

    def test_after_logging_out_everywhere_else(self, elsewhere, browser):
        user, client = elsewhere
        here = browser()
        log_in(here, user.email)
        page = here.get("/compte/sessions/")
        assert page.context["session_count"] == 2
        assert "Déconnecter partout ailleurs" in page.content.decode()
        here.post("/compte/sessions/")
        assert client.get("/compte/email/").status_code == 302
        assert here.get("/vrl/espace/").status_code == 200

    def test_list_of_devices_costs_the_same_at_three(self, elsewhere, browser, django_assert_num_queries):
        user, _ = elsewhere
        here = browser()
        log_in(here, user.email)
        with django_assert_num_queries(9):
            here.get("/compte/sessions/")
        log_in(browser(), user.email)
        with django_assert_num_queries(12):  # allauth looks at each session: three queries a browser
            here.get("/compte/sessions/")
