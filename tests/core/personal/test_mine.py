"""Each person's way to her own data: a link by mail, a page, a copy, an end."""

import datetime
import io
import re
import zipfile

import pytest
import time_machine
from django.core import mail as box
from django.utils import timezone

from tests.factories import accounts
from tests.factories.directory import shown_a_minute_ago
from trajectoire.core.models import ContactMessage, DataRequest, Erasure, User
from trajectoire.core.personal import asking

from .conftest import ADA, OTHER

pytestmark = pytest.mark.usefixtures("world")
ASK = "/donnees-personnelles/mes-donnees/"


def ask(client, **changes):
    return client.post(ASK, {"email": ADA, "website": "", "shown_at": shown_a_minute_ago()} | changes)


@pytest.fixture
def link(visitor, django_capture_on_commit_callbacks) -> str:
    ContactMessage.objects.create(name="Ada", email=ADA, subject="Bonjour", message="Bonjour <b>vous</b>")
    with django_capture_on_commit_callbacks(execute=True):
        ask(visitor)
    [sent] = box.outbox
    assert sent.to == [ADA]
    return re.search(r"https?://[^/]+(/donnees-personnelles/mes-donnees/\S+/)", sent.body)[1]


def test_answer_and_work_are_the_same_for_every_address(visitor, django_assert_num_queries):
    ContactMessage.objects.create(name="Ada", email=ADA, subject="x", message="x")
    answers = []
    for email in (ADA, "personne@example.org"):
        with django_assert_num_queries(7):
            answers.append(ask(visitor, email=email))
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(302, f"{ASK}?envoye")}
    assert "un lien valable 48" in visitor.get(f"{ASK}?envoye").content.decode()


def test_wrong_address_is_explained(visitor):
    response = ask(visitor, email="ada@")
    assert response.status_code == 400
    assert "n’est pas complète" in response.content.decode()
    assert not DataRequest.objects.exists()


def test_robot_is_answered_quietly(visitor):
    assert ask(visitor, website="x").status_code == 302
    assert not DataRequest.objects.exists()


def test_reader_who_asks_too_often_is_stopped_and_a_mailbox_is_not_filled(visitor):
    assert [ask(visitor).status_code for _ in range(11)] == [302] * 10 + [429]
    assert DataRequest.objects.count() == asking.MAILS_A_DAY


class TestLink:
    def test_page_shows_everything_and_erases_nothing(self, visitor, link):
        for _ in range(2):
            html = visitor.get(link).content.decode()
        assert "Bonjour &lt;b&gt;vous&lt;/b&gt;" in html
        assert ContactMessage.objects.exists()
        assert "no-store" in visitor.get(link).headers["Cache-Control"]

    def test_copy_is_downloaded(self, visitor, link):
        response = visitor.post(link, {"copier": "1"})
        assert response.headers["Content-Type"] == "application/zip"
        assert "no-store" in response.headers["Cache-Control"]
        assert zipfile.ZipFile(io.BytesIO(response.content)).namelist() == ["donnees.json", "donnees.html"]

    def test_button_erases_and_the_link_dies(self, visitor, link):
        refused = visitor.post(link)
        assert refused.status_code == 400
        assert "Cochez cette case" in refused.content.decode()
        done = visitor.post(link, {"understood": "on"})
        assert done.headers["Location"] == f"{ASK}?efface"
        assert "Vos données sont effacées." in visitor.get(done.headers["Location"]).content.decode()
        assert not ContactMessage.objects.exists()
        assert Erasure.objects.get().by_person
        assert visitor.get(link).status_code == 410

    def test_old_link_offers_another(self, visitor, link):
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=49)):
            response = visitor.get(link)
        assert response.status_code == 410
        assert "Recevoir un nouveau lien" in response.content.decode()

    def test_made_up_link_does_not_exist(self, visitor, link):
        assert visitor.get(f"{link[:-3]}xx/").status_code == 404

    def test_team_member_is_sent_to_the_administration(self, visitor, link):
        User.objects.create_user(ADA, is_staff=True)
        response = visitor.post(link, {"understood": "on"})
        assert response.status_code == 400
        assert "compte de l’équipe" in response.content.decode()
        assert User.objects.filter(email=ADA.lower()).exists()


class TestScreen:
    URL = "/admin/core/erasure/"

    @pytest.fixture
    def traces(self) -> None:
        for email in (ADA, OTHER):
            ContactMessage.objects.create(name="Ada", email=email, subject="Un objet", message="Bonjour")

    def test_person_is_found_copied_and_erased_and_the_journal_says_so_without_the_address(self, administrator, traces):
        assert "Chercher une personne" in administrator.get(self.URL).content.decode()
        html = administrator.post(f"{self.URL}personne/", {"email": ADA}).content.decode()
        assert "Un objet" in html
        assert administrator.post(f"{self.URL}copie/", {"email": ADA}).headers["Content-Type"] == "application/zip"
        wrong = administrator.post(f"{self.URL}effacer/", {"email": ADA, "again": OTHER})
        assert wrong.status_code == 400
        assert "rien n’a été effacé" in wrong.content.decode()
        assert ContactMessage.objects.count() == 2
        assert administrator.post(f"{self.URL}effacer/", {"email": ADA, "again": ADA.lower()}).status_code == 302
        assert ContactMessage.objects.get().email == OTHER
        said = list(administrator.user.actions.values_list("action", "about"))
        digest = str(Erasure.objects.get())
        assert said == [("effacement d’une personne", digest), ("copie des données d’une personne", digest)]

    def test_what_is_left_to_do_by_hand_is_said(self, administrator):
        from .conftest import cited_in_a_file

        cited_in_a_file(ADA)
        done = administrator.post(f"{self.URL}effacer/", {"email": ADA, "again": ADA}, follow=True)
        assert "cite cette adresse" in done.content.decode()

    def test_refusal_is_said(self, administrator):
        email = administrator.user.email
        response = administrator.post(f"{self.URL}effacer/", {"email": email, "again": email})
        assert "dernier compte" in response.content.decode()

    @pytest.mark.parametrize(("step", "status"), [("personne", 200), ("copie", 302), ("effacer", 400)])
    def test_wrong_address_is_explained(self, administrator, step, status):
        assert administrator.post(f"{self.URL}{step}/", {"email": "ada@"}).status_code == status

    @pytest.mark.parametrize("step", ["personne", "copie", "effacer"])
    def test_only_those_who_may(self, documentalist, powerless, administrator, traces, step):
        for client in (documentalist, powerless):
            assert client.get(self.URL).status_code == 403
            assert client.post(f"{self.URL}{step}/", {"email": ADA, "again": ADA}).status_code == 403
        assert administrator.get(f"{self.URL}{step}/").status_code == 405
        assert ContactMessage.objects.count() == 2

    @pytest.mark.parametrize("step", ["personne", "copie", "effacer"])
    def test_password_is_asked_again_after_a_while(self, browser, traces, step):
        user, client = accounts.administrator(), browser()
        accounts.open_session(client, user, age=3600)
        response = client.post(f"{self.URL}{step}/", {"email": ADA, "again": ADA})
        assert response.headers["Location"].startswith("/compte/reauthenticate/")
        assert ContactMessage.objects.count() == 2

    def test_role_of_administration_is_enough(self, browser, traces):
        client = browser(accounts.in_role("administration"))
        assert client.post(f"{self.URL}personne/", {"email": ADA}).status_code == 200
