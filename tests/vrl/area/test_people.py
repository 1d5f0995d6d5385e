"""Needs, directory, messages, profile, one's data, leaving."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import accounts, vrl
from tests.factories.accounts import open_session
from trajectoire.core.models import TRAINERS, OutgoingMail
from trajectoire.core.personal import person
from vrl import availability, leaving, needs
from vrl.models import Availability, Report, Session, TeamMember, Volunteer
from vrl.vocabulary import HabilitationState, Place

pytestmark = pytest.mark.django_db
SPACE = "/vrl/espace/"


@pytest.fixture
def me():
    return vrl.trainer(name="Fatima Benali")


@pytest.fixture
def client(browser, me):
    return browser(me.user)


def free(trainer, *weekdays: int) -> Availability:
    today = timezone.localdate()
    year = datetime.timedelta(days=365)
    return Availability.objects.create(trainer=trainer, first_on=today, last_on=today + year, weekdays=list(weekdays))


def lacking(days=(40,), **given) -> Session:
    return vrl.session(state="equipe", days=days, trainers=[vrl.trainer(departments=())], **given)


class TestNeeds:
    def test_board_is_hers_then_the_region(self, client):
        lacking(title="Ici")
        lacking(title="Ailleurs", department=vrl.department("25"))
        titles = lambda query="": [line["title"] for line in client.get(f"{SPACE}besoins/{query}").context["lines"]]  # noqa: E731
        assert titles() == ["Ici"]
        assert titles("?departement=25") == ["Ailleurs"]
        assert sorted(titles("?departement=tous")) == ["Ailleurs", "Ici"]

    def test_lines_are_by_date_those_without_last(self, me):
        lacking(title="En second", days=(60,))
        lacking(title="En premier", days=(20,))
        vrl.training_request("Sans date", state="qualifiee")
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        vrl.training_request("Demain", state="proposee", first_on=tomorrow, last_on=tomorrow, dates_note="le mardi")
        vrl.training_request("Pas encore lue", state="recue")
        lines = needs.board(needs.reader(me))
        assert [line["title"] for line in lines] == ["Demain", "En premier", "En second", "Sans date"]
        assert lines[0]["when"].endswith("le mardi")
        assert lines[-1]["when"] == "Dates à convenir"

    def test_board_shows_the_nearest_only(self, client, monkeypatch):
        monkeypatch.setattr(needs, "MOST", 1)
        lacking(title="En second", days=(60,))
        lacking(title="En premier", days=(20,))
        page = client.get(f"{SPACE}besoins/")
        assert [line["title"] for line in page.context["lines"]] == ["En premier"]
        assert "choisissez un département pour voir les suivants" in page.content.decode()

    @pytest.mark.parametrize(
        ("first", "last", "said"),
        [("2027-03-01", None, "à partir du 1er mars 2027"), (None, "2027-03-20", "avant le 20 mars 2027")],
    )
    def test_period_with_one_end(self, first, last, said):
        asked = vrl.training_request(first_on=first, last_on=last)
        asked.refresh_from_db()
        assert needs.period(asked) == said

    def test_line_says_what_was_answered_what_forbids_and_when_one_is_free(self, me):
        offered, other, mine = lacking(title="Offerte"), lacking(title="Libre"), lacking(title="Équipe N2", level="n2")
        vrl.team_member(offered, me, Place.OFFERED)
        free(me, *range(7))
        lines = {line["title"]: line for line in needs.board(needs.reader(me))}
        assert lines["Offerte"]["said"] == "Votre proposition attend une réponse"
        assert lines["Libre"]["free"]
        assert lines["Libre"]["open"]
        assert "N1" in lines["Équipe N2"]["obstacle"]
        assert other.pk != mine.pk

    def test_i_can_to_a_session_then_to_a_request(self, client, me):
        session, asked = lacking(), vrl.training_request(state="proposee")
        client.post(f"{SPACE}besoins/session/{session.pk}/", {"note": " Le  mardi "})
        assert TeamMember.objects.get(trainer=me).state == Place.OFFERED
        again = client.post(f"{SPACE}besoins/session/{session.pk}/", follow=True)
        assert "déjà notée" in " ".join(map(str, again.context["messages"]))
        client.post(f"{SPACE}besoins/demande/{asked.pk}/", {"note": "Oui"})
        assert Volunteer.objects.get().note == "Oui"
        assert "Votre proposition est notée" in client.get(f"{SPACE}besoins/").content.decode()

    def test_i_can_is_refused_by_the_cascade(self, client):
        asked = vrl.training_request(state="proposee", level="n2")
        said = client.post(f"{SPACE}besoins/demande/{asked.pk}/", follow=True)
        assert "N1" in " ".join(map(str, said.context["messages"]))
        assert not Volunteer.objects.exists()

    def test_coordination_reads_the_board_and_cannot_offer(self, browser):
        session = lacking()
        client = browser(accounts.administrator())
        assert "Je peux" not in client.get(f"{SPACE}besoins/").content.decode()
        assert client.post(f"{SPACE}besoins/session/{session.pk}/").status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    def test_board_costs_the_same_whatever_the_number(self, client, django_assert_num_queries, count):
        for _ in range(count):
            lacking()
            vrl.training_request(state="proposee")
        with django_assert_num_queries(15):
            client.get(f"{SPACE}besoins/")


def test_candidates_are_near_and_free_first():
    session = lacking(days=(40,))
    far = vrl.trainer(name="Loin", departments=("25",))
    near = vrl.trainer(name="Près")
    ready = vrl.trainer(name="Prête")
    free(ready, *range(7))
    vrl.trainer("", name="Sans habilitation")
    found = [row["trainer"] for row in availability.candidates(session)]
    assert found == [ready, near, far]
    assert availability.label(availability.candidates(session)[0]) == "Prête, du département, disponible ces jours-là"


class TestDirectory:
    def test_shows_what_each_chose(self, client):
        vrl.trainer(name="Ada Martin", shows_email=True, phone="0380", departments=("25",))
        vrl.trainer(name="Cachée", listed=False)
        vrl.gone_trainer(name="Partie")
        page = client.get(f"{SPACE}annuaire/")
        rows = {row["name"]: row for row in page.context["rows"]}
        assert set(rows) == {"Ada Martin", "Fatima Benali"}
        assert rows["Ada Martin"]["email"]
        assert rows["Ada Martin"]["phone"] == ""
        assert rows["Ada Martin"]["levels"] == ["N2"]

    def test_is_searched_by_words_and_department(self, client):
        vrl.trainer(name="Ada Martin", about="Théâtre-forum", departments=("25",))
        assert [row["name"] for row in client.get(f"{SPACE}annuaire/?q=theatre").context["rows"]] == ["Ada Martin"]
        page = client.get(f"{SPACE}annuaire/?departement=25")
        assert [row["name"] for row in page.context["rows"]] == ["Ada Martin"]
        assert page.context["sentence"].endswith(", Doubs.")
        assert "Écrire à tout le département" in page.content.decode()

    @pytest.mark.parametrize("count", [1, 3])
    def test_costs_the_same_whatever_the_number(self, client, django_assert_num_queries, count):
        for _ in range(count):
            vrl.trainer()
        with django_assert_num_queries(8):
            client.get(f"{SPACE}annuaire/")

    def test_message_to_one_gives_no_address(self, client, me):
        other = vrl.trainer(name="Ada Martin")
        page = f"{SPACE}annuaire/{other.pk}/ecrire/"
        assert other.email not in client.get(page).content.decode()
        assert client.post(page, {"subject": "", "body": "x"}).status_code == 400
        assert client.post(page, {"subject": "Une idée", "body": "Voici."}).status_code == 302
        sent = OutgoingMail.objects.get()
        assert (sent.recipient, sent.reply_to) == (other.email, me.email)
        assert "Voici." in sent.body.text
        assert other.email not in sent.body.text

    def test_message_to_a_department_leaves_each_alone(self, client):
        for _ in range(2):
            vrl.trainer()
        vrl.trainer(departments=("25",))
        page = f"{SPACE}annuaire/ecrire/?departement=21"
        assert "2\u00a0personnes" in client.get(page).content.decode()
        for _ in range(4):
            answer = client.post(page, {"subject": "Réunion", "body": "Mardi ?"})
        assert answer.status_code == 400  # three a day
        assert "Gardez celui-ci" in answer.context["form"].non_field_errors()[0]
        assert OutgoingMail.objects.count() == 6

    def test_hidden_trainer_is_not_written_to(self, client):
        hidden = vrl.trainer(listed=False)
        assert client.get(f"{SPACE}annuaire/{hidden.pk}/ecrire/").status_code == 404


class TestProfile:
    def test_is_shown_and_changed(self, client, me):
        form = client.get(f"{SPACE}profil/").context["form"]
        assert form["name"].value() == "Fatima Benali"
        sent = {"name": "Fatima B.", "employer": "Ville", "departments": ["21"], "shows_phone": "on", "digest": "on"}
        me.user.email = "nouvelle@example.org"
        me.user.save()
        assert client.post(f"{SPACE}profil/", sent).status_code == 302
        me.refresh_from_db()
        assert (me.name, me.employer, me.shows_phone, me.listed, me.digest) == ("Fatima B.", "Ville", True, False, True)
        assert (me.email, me.version) == ("nouvelle@example.org", 1)
        assert client.post(f"{SPACE}profil/", {"name": ""}).status_code == 400

    def test_periods_are_added_and_taken_away(self, client, me, monkeypatch):
        page, sent = f"{SPACE}profil/disponibilites/", {"first_on": "2027-01-01", "last_on": "2027-06-30", "weekdays": ["1", "3"]}
        assert client.post(page, sent).status_code == 302
        assert client.get(page).context["periods"][0]["days"] == "mardi, jeudi"
        assert str(Availability.objects.get()) == "01/01/2027 – 30/06/2027"
        assert "Mardi, jeudi" in client.get(f"{SPACE}profil/").content.decode()
        wrong = client.post(page, sent | {"last_on": "2026-12-01"})
        assert "finit après" in wrong.context["form"].errors["last_on"][0]
        monkeypatch.setattr("vrl.area_profile.MOST_PERIODS", 1)
        assert client.post(page, sent).status_code == 400
        kept = Availability.objects.get()
        assert client.post(page, {"retirer": str(kept.pk)}).status_code == 302
        assert client.post(page, {"retirer": "x"}).status_code == 404
        assert not Availability.objects.exists()

    def test_own_data_are_given_after_the_password(self, client, browser, me):
        free(me, 1)
        page = f"{SPACE}profil/mes-donnees/"
        response = client.post(page)
        assert response.headers["Content-Type"] == "application/zip"
        late = browser()
        open_session(late, me.user, age=3600)
        assert "/compte/reauthenticate/" in late.post(page).headers["Location"]

    def test_copy_and_erasure_know_reports_and_periods(self, me):
        free(me, 1)
        session = vrl.session(state="realisee", days=(-3,), trainers=[me])
        vrl.report(session)
        labels = [section.label for section in person.found(me.email)]
        assert {"Comptes rendus de session", "Disponibilités"} <= set(labels)
        person.erase(me.email)
        assert Report.objects.get().author is None
        assert not Availability.objects.exists()


class TestLeaving:
    def test_everything_follows(self, client, me):
        free(me, 1)
        coming = vrl.session(title="À reprendre", days=(30,), trainers=[me, vrl.trainer()])
        invited = vrl.team_member(lacking(), me, Place.INVITED)
        past = vrl.session(state="cloturee", days=(-30,), trainers=[me])
        page = f"{SPACE}profil/partir/"
        assert [row["title"] for row in client.get(page).context["rows"]] == ["À reprendre"]
        assert client.post(page).status_code == 200  # without the button, nothing
        assert client.post(page, {"partir": "oui"}).headers["Location"] == "/"
        for row in (me, coming, invited, past):
            row.refresh_from_db()
        assert me.left_on == timezone.localdate()
        assert not me.user.groups.filter(name=TRAINERS).exists()
        assert me.habilitations.get().state == HabilitationState.LEFT
        assert (coming.owner, invited.state) == (None, Place.DECLINED)
        assert coming.team.get(trainer=me).state == Place.DECLINED
        assert past.owner == me
        assert client.get(SPACE).status_code == 404
        assert "À reprendre" in OutgoingMail.objects.get(kind=leaving.MAIL).body.text

    def test_password_is_asked_again(self, browser, me):
        late = browser()
        open_session(late, me.user, age=3600)
        response = late.post(f"{SPACE}profil/partir/", {"partir": "oui"})
        assert "/compte/reauthenticate/" in response.headers["Location"]
        me.refresh_from_db()
        assert me.left_on is None

    def test_nothing_to_replace(self, client, me):
        assert "Aucune session à venir ne dépend de vous" in client.get(f"{SPACE}profil/partir/").content.decode()
        assert leaving.leave(me, me.user) == 0
        assert "Aucune session à venir" in OutgoingMail.objects.get(kind=leaving.MAIL).body.text
