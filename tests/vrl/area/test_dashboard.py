"""The first page: what one owes, what comes, what is new."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from network.events import presence, questionnaires
from network.events.survey import Moment
from tests.factories import accounts, events, vrl
from vrl import owing
from vrl.area_dashboard import new_parts, own_figures
from vrl.models import Session
from vrl.vocabulary import Place

pytestmark = pytest.mark.django_db
SPACE = "/vrl/espace/"


def labels(*sessions: Session) -> list[str]:
    facts = list(owing.with_facts(Session.objects.filter(pk__in=[one.pk for one in sessions])))
    return [duty.button for duty in owing.duties(facts)]


def tick_all(session: Session, people: int = 1) -> None:
    for _ in range(people):
        events.registration(session.event)
    for slot in presence.slots(session.event):
        presence.mark_everyone(session.event, slot, None)


@pytest.mark.parametrize(
    ("state", "days", "found"),
    [
        ("brouillon", (60,), ["Ouvrir le brouillon"]),
        ("proposee", (60,), []),
        ("equipe", (60,), ["Compléter l’équipe"]),
        ("ouverte", (60,), ["Compléter l’équipe"]),
        ("ouverte", (10,), ["Confirmer", "Compléter l’équipe"]),
        ("confirmee", (60,), ["Compléter l’équipe"]),
        ("confirmee", (10,), ["Compléter l’équipe", "Préparer"]),
        ("confirmee", (0,), ["Cocher la présence", "Compléter l’équipe", "Préparer"]),
        ("realisee", (-2,), ["Écrire le compte rendu"]),
    ],
)
def test_each_state_has_its_duties(state, days, found):
    session = vrl.session(state=state, days=days, trainers=[vrl.trainer()])
    if days == (0,):
        date = session.event.dates.get()
        date.starts_at = timezone.now()
        date.ends_at = date.starts_at + datetime.timedelta(hours=3)
        date.save()
        session.event.keep_bounds()
    assert sorted(labels(session)) == sorted(found)


def test_offer_is_answered_before_the_team_is_completed():
    session = vrl.session(state="equipe", days=(60,), trainers=[vrl.trainer()])
    vrl.team_member(session, vrl.trainer(), Place.OFFERED)
    assert labels(session) == ["Répondre"]


def test_prepared_questionnaire_is_owed_no_more():
    session = vrl.session(state="confirmee", days=(10,), trainers=[vrl.trainer(), vrl.trainer()])
    questionnaires.prepare(session.event, Moment.HOT)
    assert labels(session) == []


def test_after_the_session_presence_then_attestations_then_nothing():
    session = vrl.session(state="realisee", days=(-2,), trainers=[vrl.trainer()])
    person = events.registration(session.event)
    assert labels(session) == ["Cocher la présence", "Écrire le compte rendu"]
    for slot in presence.slots(session.event):
        presence.mark_everyone(session.event, slot, None)
    assert labels(session) == ["Donner les attestations", "Écrire le compte rendu"]
    vrl.report(session)
    person.name = ""
    person.save()
    assert labels(session) == []


def test_dashboard_shows_what_waits(world, browser):
    me, other = vrl.trainer(), vrl.trainer("n1", name="Ada Martin")
    vrl.session(title="La mienne", days=(40,), trainers=[me])
    invited = vrl.session(title="Une invitation", days=(30,), trainers=[other])
    vrl.team_member(invited, me, Place.INVITED)
    over = vrl.session(title="Trop tard", days=(-3,), trainers=[other])
    vrl.team_member(over, me, Place.INVITED)
    vrl.session(title="On manque", state="equipe", days=(20,), trainers=[other])
    vrl.kit_part("Nouvelle étude de cas")
    page = browser(me.user).get(SPACE)
    assert [one["title"] for one in page.context["invitations"]] == ["Une invitation"]
    assert [one["by"] for one in page.context["invitations"]] == ["Ada Martin"]
    assert [one["title"] for one in page.context["coming"]] == ["La mienne"]
    assert [line["title"] for line in page.context["needs"]] == ["On manque"]
    assert [part["title"] for part in page.context["kit_news"]] == ["Nouvelle étude de cas"]
    assert [held["state"] for held in page.context["habilitations"]] == ["Active"]


def test_trainer_without_department_nor_habilitation_sees_an_empty_dashboard(browser):
    page = browser(vrl.trainer("", departments=()).user).get(SPACE)
    text = page.content.decode()
    assert page.context["needs"] == []
    assert "Rien ne vous attend" in text
    assert "Aucune habilitation" in text


def test_pause_and_renewal_are_said(browser):
    paused = browser(vrl.trainer(state="en-pause").user).get(SPACE)
    assert "Votre habilitation est en pause" in paused.content.decode()
    renewed = browser(vrl.trainer(state="a-renouveler").user).get(SPACE)
    assert renewed.context["habilitations"][0]["look"] == "wait"


def test_kit_is_new_until_it_is_noted_as_seen(world, browser):
    me = vrl.trainer()
    vrl.kit_part()
    client = browser(me.user)
    assert new_parts(me, me.user).count() == 1
    assert client.post(f"{SPACE}vu/").headers["Location"] == SPACE
    me.refresh_from_db()
    assert new_parts(me, me.user).count() == 0
    assert "Depuis le" in client.get(SPACE).content.decode()


def test_noting_as_seen_is_for_trainers(browser):
    assert browser(accounts.administrator()).post(f"{SPACE}vu/").status_code == 404


def test_own_figures_count_what_was_held():
    me = vrl.trainer()
    held = vrl.session(state="cloturee", days=(-9,), trainers=[me])
    tick_all(held, 3)
    vrl.session(state="ouverte", trainers=[me])
    assert [figure["value"] for figure in own_figures(me)] == ["1", "3", "6", "0"]


@pytest.mark.parametrize("count", [1, 3])
def test_dashboard_costs_the_same_whatever_the_number(world, browser, django_assert_num_queries, count):
    me, other = vrl.trainer(), vrl.trainer()
    for _ in range(count):
        tick_all(vrl.session(state="realisee", days=(-2,), trainers=[me]))
        vrl.session(state="equipe", days=(30,), trainers=[me])
        vrl.team_member(vrl.session(state="equipe", days=(40,), trainers=[other]), me, Place.INVITED)
        vrl.session(state="equipe", days=(50,), trainers=[other])
        vrl.training_request(state="qualifiee")
        vrl.kit_part()
    client = browser(me.user)
    with django_assert_num_queries(28):
        client.get(SPACE)


def test_one_logs_out_from_the_area(world):
    """With the check of forms that the client of tests leaves out."""
    browser = Client(enforce_csrf_checks=True)
    accounts.open_session(browser, vrl.trainer().user)
    form = browser.get(SPACE).content.decode().partition('action="/compte/logout/"')[2]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.partition("</form>")[0])[1]
    assert browser.post("/compte/logout/", {"csrfmiddlewaretoken": token}).status_code == 302
