"""Proposing a session from a model, changing it before it is held."""

import datetime

import pytest
from django.utils import timezone

from network.events.models import Registration
from tests.factories import events, vrl
from vrl import creating, working_days
from vrl.models import Session, SessionModel
from vrl.vocabulary import SessionState

pytestmark = pytest.mark.django_db
NEW = "/vrl/espace/sessions/nouvelle/"


@pytest.fixture
def client(browser):
    creating.load_models()
    return browser(vrl.trainer("n2").user)


def model(level: str = "n3") -> SessionModel:
    return SessionModel.objects.filter(level=level, days=2 if level == "n3" else 3).get()


def filled(client, chosen: SessionModel, **changed):
    """What the form holds when it is shown, with these changes."""
    form = client.get(f"{NEW}?modele={chosen.slug}").context["form"]
    values = {name: form[name].value() for name in form.fields}
    values["department"] = "21"
    return {name: value for name, value in values.items() if value is not None} | changed


def send(client, chosen: SessionModel, **changed):
    return client.post(f"{NEW}?modele={chosen.slug}", filled(client, chosen) | changed)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),
        ("2026-11-28", False),  # Saturday
        ("2026-12-25", False),
        ("2027-03-29", False),  # Monday of Easter
        ("2027-05-06", False),  # Ascension
        ("2027-05-17", False),  # Monday of Pentecost
    ],
)
def test_working_days_leave_out_week_ends_and_holidays(day, works):
    assert working_days.is_working(datetime.date.fromisoformat(day)) is works


def test_following_days_jump_over_the_week_end():
    days = working_days.following(datetime.date(2026, 11, 27), 2)
    assert days == [datetime.date(2026, 11, 27), datetime.date(2026, 11, 30)]


def test_models_say_which_are_not_for_her(client):
    shown = {one["title"]: one["obstacle"] for one in client.get(NEW).context["models"]}
    assert shown[model("n3").title] == ""
    assert "N1" in shown[model("n2").title]
    assert client.get(f"{NEW}?modele=inconnu").status_code == 404


def test_draft_is_made_with_working_days(client):
    response = send(client, model(), action="brouillon", title="À Dijon")
    session = Session.objects.get()
    assert response.headers["Location"] == f"/vrl/espace/sessions/{session.event.slug}/"
    assert (session.state, session.event.title, session.department.code) == (SessionState.DRAFT, "À Dijon", "21")
    days = [timezone.localdate(date.starts_at) for date in session.event.dates.all()]
    assert len(days) == 2
    assert all(map(working_days.is_working, days))


def test_session_is_proposed_at_once(client):
    send(client, model(), action="proposer")
    assert Session.objects.get().state == SessionState.PROPOSED


def test_cascade_speaks_on_each_date(client, browser):
    first = timezone.localdate() + datetime.timedelta(days=60)
    me = vrl.trainer("")
    vrl.habilitation(me, "n2", expires_on=first)
    response = send(browser(me.user), model(), day_1=first, day_2=first + datetime.timedelta(days=1))
    errors = response.context["form"].errors
    assert response.status_code == 400
    assert list(errors) == ["day_2"]
    assert "elle ne couvre pas" in errors["day_2"][0]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"day_1": "2020-01-06"}, "day_1", "est passée"),
        ({"day_1": "2099-01-06"}, "day_1", "trois ans"),
        ({"day_1": "2027-02-02", "day_2": "2027-02-02"}, "day_2", "déjà donnée"),
        ({"day_1": ""}, "day_1", "Indiquez la date"),
        ({"capacity": "x"}, "capacity", "par exemple 15"),
        ({"department": ""}, "department", "Choisissez le département"),
    ],
)
def test_wrong_values_are_said_on_their_field(client, changed, field, said):
    response = send(client, model(), **changed)
    assert said in response.context["form"].errors[field][0]
    assert not Session.objects.exists()


def test_refusal_of_the_whole_is_said_and_keeps_what_was_typed(client):
    response = send(client, model("n2"), title="Gardé")
    assert response.status_code == 400
    assert response.context["form"].errors["day_1"]
    assert "Gardé" in response.content.decode()


def test_refused_by_the_writer_nothing_is_stored(client, monkeypatch):
    chosen = model()
    values = filled(client, chosen)
    SessionModel.objects.filter(pk=chosen.pk).update(starts_at="02:30")
    response = client.post(f"{NEW}?modele={chosen.slug}", values | {"day_1": "2027-03-28", "day_2": "2027-03-30"})
    assert response.status_code == 400  # that hour does not exist that night
    assert response.context["form"].non_field_errors()
    assert not Session.objects.exists()


class TestChange:
    @pytest.fixture
    def session(self):
        return vrl.session(state="ouverte", days=(40, 41), trainers=[vrl.trainer()], capacity=1, venue="Salle 1")

    def change(self, browser, session, **changed):
        client = browser(session.owner.user)
        page = f"/vrl/espace/sessions/{session.event.slug}/modifier/"
        form = client.get(page).context["form"]
        return client.post(page, {name: form[name].value() or "" for name in form.fields} | changed)

    def test_place_and_title(self, browser, session):
        assert self.change(browser, session, title="Autre titre", venue="Salle 2").status_code == 302
        session.event.refresh_from_db()
        assert (session.event.title, session.event.venue, session.event.sequence) == ("Autre titre", "Salle 2", 1)

    def test_dates_are_checked_for_the_whole_team(self, browser, session):
        mate = vrl.trainer("")
        soon = timezone.localdate() + datetime.timedelta(days=50)
        vrl.habilitation(mate, "n2", expires_on=soon)
        vrl.team_member(session, mate)
        later = soon + datetime.timedelta(days=5)
        response = self.change(browser, session, day_2=later)
        assert "elle ne couvre pas" in response.context["form"].errors["day_2"][0]
        assert self.change(browser, session, day_2=soon).status_code == 302
        assert timezone.localdate(session.event.dates.last().starts_at) == soon

    def test_day_moved_before_the_other(self, browser, session):
        before = timezone.localdate() + datetime.timedelta(days=30)
        assert self.change(browser, session, day_2=before).status_code == 302
        assert timezone.localdate(session.event.dates.first().starts_at) == before

    def test_more_places_serve_the_line(self, browser, session):
        events.registration(session.event)
        waits = events.registration(session.event, state="attente")
        assert self.change(browser, session, capacity="2").status_code == 302
        assert Registration.objects.get(pk=waits.pk).state == "proposee"

    def test_refusal_of_the_writer_stores_nothing(self, browser, session, monkeypatch):
        client = browser(session.owner.user)
        page = f"/vrl/espace/sessions/{session.event.slug}/modifier/"
        form = client.get(page).context["form"]
        sent = {name: form[name].value() or "" for name in form.fields} | {"title": "Non", "day_1": "2027-03-28"}
        session.event.dates.update(starts_at="2027-01-12T01:30:00Z", ends_at="2027-01-12T08:00:00Z")
        response = client.post(page, sent)
        session.event.refresh_from_db()
        assert response.status_code == 400
        assert session.event.title != "Non"

    def test_held_session_does_not_change(self, browser):
        session = vrl.session(state="realisee", days=(-3,), trainers=[vrl.trainer()])
        response = browser(session.owner.user).get(f"/vrl/espace/sessions/{session.event.slug}/modifier/")
        assert response.status_code == 403
        assert "ne se modifie plus" in response.content.decode()

    def test_coordination_changes_it_too(self, administrator, session):
        assert administrator.get(f"/vrl/espace/sessions/{session.event.slug}/modifier/").status_code == 200
