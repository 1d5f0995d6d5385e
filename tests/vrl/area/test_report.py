"""The report in five minutes."""

import pytest
from django.utils import timezone

from network.events import presence
from tests.factories import accounts, events, vrl
from vrl.models import Report, SituationMet

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return vrl.session(state="realisee", days=(-2,), trainers=[vrl.trainer()])


def page(session) -> str:
    return f"/vrl/espace/sessions/{session.event.slug}/compte-rendu/"


def test_numbers_come_from_presence(browser, session):
    for _ in range(3):
        events.registration(session.event)
    for slot in presence.slots(session.event):
        presence.mark_everyone(session.event, slot, None)
    shown = browser(session.owner.user).get(page(session))
    assert [figure["value"] for figure in shown.context["figures"]] == [3, 3, 3, 6]
    assert "aucune donnée permettant de reconnaître" in shown.content.decode()


def test_draft_then_handed_in_then_corrected(browser, session):
    client = browser(session.owner.user)
    sent = {
        "version": "0",
        "worked": "Les études de cas",
        "count_signes": "2",
        "text_signes": "au guichet",
        "action": "brouillon",
    }
    assert client.post(page(session), sent).headers["Location"] == page(session)
    report = Report.objects.get()
    assert (report.worked, report.sent_at, report.version) == ("Les études de cas", None, 1)
    shown = client.get(page(session))
    assert shown.context["form"]["count_signes"].value() == 2
    sent |= {"version": "1", "count_signes": "", "text_signes": "", "count_mixite": "1", "action": "remettre"}
    assert client.post(page(session), sent).headers["Location"] == f"/vrl/espace/sessions/{session.event.slug}/"
    report.refresh_from_db()
    assert report.sent_at
    assert report.author == session.owner
    assert list(SituationMet.objects.values_list("kind", "count")) == [("mixite", 1)]
    assert "Remis le" in client.get(page(session)).content.decode()
    assert "Relire le compte rendu" in client.get(f"/vrl/espace/sessions/{session.event.slug}/").content.decode()


def test_nothing_typed_is_lost_on_error(browser, session):
    sent = {"version": "0", "worked": "Gardé ici", "text_priere": "sans nombre", "action": "remettre"}
    response = browser(session.owner.user).post(page(session), sent)
    assert response.status_code == 400
    assert "indiquez combien de fois" in response.context["form"].errors["count_priere"][0]
    text = response.content.decode()
    assert "Gardé ici" in text
    assert "sans nombre" in text
    assert not Report.objects.exists()


@pytest.mark.parametrize("told", ["écrire à ada@example.org", "joindre au 03 80 12 34 56"])
def test_text_that_tells_who_is_refused(browser, session, told):
    response = browser(session.owner.user).post(page(session), {"version": "0", "hard": told, "action": "remettre"})
    assert "retirez-le" in response.context["form"].errors["hard"][0]


def test_two_people_writing_lose_nothing(browser, session):
    mate = vrl.trainer()
    vrl.team_member(session, mate)
    hers, his = browser(session.owner.user), browser(mate.user)
    hers.post(page(session), {"version": "0", "worked": "Le sien", "action": "brouillon"})
    response = his.post(page(session), {"version": "0", "worked": "L’autre", "action": "brouillon"})
    assert response.status_code == 400
    assert "L’autre" in response.content.decode()
    assert Report.objects.get().worked == "Le sien"
    assert (
        his.post(page(session), {"version": response.context["form"]["version"].value(), "worked": "L’autre"}).status_code == 302
    )


def test_awareness_counts_people_by_hand(browser):
    session = vrl.session("sensibilisation", state="realisee", days=(-1,), trainers=[vrl.trainer()], attests=False)
    client = browser(session.owner.user)
    assert client.get(page(session)).context["figures"] == []
    assert "people" in client.post(page(session), {"version": "0"}).context["form"].errors
    wrong = client.post(page(session), {"version": "0", "people": "10", "young_people": "12"})
    assert "plus de jeunes" in wrong.context["form"].errors["young_people"][0]
    client.post(page(session), {"version": "0", "people": "40", "young_people": "35", "action": "remettre"})
    assert list(Report.objects.values_list("people", "young_people")) == [(40, 35)]


def test_accepted_report_is_read_only(browser, session):
    report = vrl.report(
        session, met={"signes": 2}, accepted_at=timezone.now(), hard="Le temps", wishes="Un jour", people=4, young_people=1
    )
    client = browser(session.owner.user)
    text = client.get(page(session)).content.decode()
    for words in ("Accepté par la coordination", "Signes", "2 fois", "Le temps", "Un jour", "dont 1 de moins de 18 ans"):
        assert words in text
    response = client.post(page(session), {"version": "0", "worked": "Autre", "action": "remettre"})
    assert response.status_code == 400
    assert "ne change plus" in response.context["form"].non_field_errors()[0]
    report.refresh_from_db()
    assert report.worked == "Les études de cas."


def test_report_waits_for_the_session(browser):
    session = vrl.session(days=(5,), trainers=[vrl.trainer()])
    assert browser(session.owner.user).get(page(session)).status_code == 403


def test_coordination_may_write_it(browser, session):
    client = browser(accounts.administrator())
    client.post(page(session), {"version": "0", "worked": "Au téléphone", "action": "remettre"})
    assert Report.objects.get().author is None
