"""The sessions in the administration: the board, the form, what they change."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import accounts, vrl
from tests.factories.admin import shown as form_data
from trajectoire.core.roles import LIBRARIAN, VRL
from vrl import creating
from vrl.models import Session, SessionModel, TeamMember
from vrl.vocabulary import Place

pytestmark = pytest.mark.usefixtures("world")
BOARD = "/admin/vrl/session/tableau/"
ADD = "/admin/vrl/session/add/"


def change(session) -> str:
    return f"/admin/vrl/session/{session.pk}/change/"


@pytest.fixture
def coordination(browser):
    return browser(accounts.in_role(VRL))


def columns(page) -> dict[str, list[str]]:
    return {column["label"]: [card["title"] for card in column["cards"]] for column in page.context["columns"]}


def test_board_has_a_column_a_step(coordination):
    vrl.session(title="A", state="proposee")
    vrl.session("n2", title="B", department=vrl.department("25"), trainers=[vrl.trainer("n1"), vrl.trainer("n1")])
    vrl.session(title="C", state="cloturee", days=(-400,))
    assert columns(coordination.get(BOARD)) == {"Proposée": ["A"], "Ouverte": ["B"]}
    assert columns(coordination.get(BOARD, {"departement": "25"})) == {"Ouverte": ["B"]}
    assert columns(coordination.get(BOARD, {"niveau": "n3"})) == {"Proposée": ["A"]}
    year = timezone.localdate(Session.objects.get(event__title="C").event.starts_at).year
    assert "C" in columns(coordination.get(BOARD, {"annee": str(year)}))["Clôturée"]
    assert columns(coordination.get(BOARD, {"annee": "x", "niveau": "x", "departement": "99"})) == {}


def test_board_offers_the_next_step_and_what_is_missing(coordination):
    vrl.session(state="equipe", trainers=[vrl.trainer()])
    [column] = coordination.get(BOARD).context["columns"]
    [card] = column["cards"]
    assert [move["label"] for move in card["moves"]] == ["Ouvrir les inscriptions"]
    assert card["missing"] == "Il manque 1\u00a0personne dans l’équipe"


def test_board_costs_the_same_however_many(coordination, django_assert_num_queries):
    vrl.session(trainers=[vrl.trainer()])
    coordination.get(BOARD)
    with django_assert_num_queries(8):
        coordination.get(BOARD)
    for _ in range(3):
        vrl.session(state="equipe", trainers=[vrl.trainer()])
    with django_assert_num_queries(8):
        coordination.get(BOARD)


def test_too_many_sessions_are_said(coordination, monkeypatch):
    monkeypatch.setattr("vrl.board.MOST", 1)
    vrl.session()
    vrl.session()
    page = coordination.get(BOARD)
    assert page.context["more"]
    assert len(columns(page)["Ouverte"]) == 1


def test_step_is_taken_from_the_board(coordination):
    session = vrl.session(state="equipe", trainers=[vrl.trainer()])
    back = f"{BOARD}?niveau=n3"
    response = coordination.post(f"/admin/vrl/session/{session.pk}/etape/", {"to": "ouverte", "back": back})
    assert response.headers["Location"] == back
    session.refresh_from_db()
    assert session.state == "ouverte"


def test_step_that_cannot_be_is_said(coordination):
    session = vrl.session(state="equipe")
    for to, words in (("ouverte", "au moins une personne"), ("inconnue", "n’existe pas")):
        address = f"/admin/vrl/session/{session.pk}/etape/"
        page = coordination.post(address, {"to": to, "back": "https://example.com/"}, follow=True)
        assert page.redirect_chain == [(BOARD, 302)]
        assert words in page.content.decode()


def test_board_is_for_who_follows_the_plan(browser):
    session = vrl.session()
    other = browser(accounts.in_role(LIBRARIAN))
    assert other.get(BOARD).status_code == 403
    assert other.post(f"/admin/vrl/session/{session.pk}/etape/", {"to": "annulee"}).status_code == 403
    assert other.get(ADD).status_code == 403


# The form


def test_session_is_made_from_a_model(coordination):
    creating.load_models()
    day = timezone.localdate() + datetime.timedelta(days=10)
    data = {"model": SessionModel.objects.get(slug="n3-1-jour").pk, "department": vrl.department("25").pk, "day1": day}
    data["owner"] = vrl.trainer(state="en-pause").pk
    refused = coordination.post(ADD, data)
    assert refused.status_code == 400
    assert "en pause" in refused.content.decode()
    data["owner"] = ""
    response = coordination.post(ADD, data)
    made = Session.objects.get()
    assert response.headers["Location"] == change(made)
    assert made.state == "brouillon"
    assert coordination.get(ADD).status_code == 200


def test_form_shows_the_whole_life_and_takes_steps(coordination):
    session = vrl.session(state="a-cloturer", days=(-3,), trainers=[vrl.trainer()])
    report = vrl.report(session, met={"signes": 2})
    session.request = vrl.training_request("Centre social de Chenôve")
    session.save()
    page = coordination.get(change(session))
    text = page.content.decode()
    assert "Signes (2)" in text
    assert "Centre social de Chenôve" in text
    assert page.context["steps"] == [("cloturee", "Clôturer")]
    coordination.post(change(session), form_data(page) | {"_step": "cloturee", "why": "Relu."})
    report.refresh_from_db()
    assert report.accepted_by == coordination.user
    assert session.changes.get().note == "Relu."


def test_form_asks_trainers_and_answers_them(coordination):
    session = vrl.session(state="equipe")
    ana, zoe = vrl.trainer(name="Ana"), vrl.trainer(name="Zoé")
    page = coordination.get(change(session))
    coordination.post(change(session), form_data(page) | {"asks": str(ana.pk)})
    offered = vrl.team_member(session, zoe, Place.OFFERED)
    page = coordination.get(change(session))
    labels = dict(page.context["steps"])
    assert labels[f"confirmer-{offered.pk}"] == "Confirmer Zoé"
    for step in (f"confirmer-{offered.pk}", f"retirer-{offered.pk}", f"decliner-{session.team.get(trainer=ana).pk}"):
        coordination.post(change(session), form_data(coordination.get(change(session))) | {"_step": step})
    assert set(TeamMember.objects.values_list("state", flat=True)) == {Place.DECLINED}


def test_form_holds_the_cascade(coordination):
    session = vrl.session(trainers=[vrl.trainer("n2", name="Ana")])
    page = coordination.get(change(session))
    refused = coordination.post(change(session), form_data(page) | {"level": "n2"})
    assert "habilitées N1" in refused.content.decode()
    assert coordination.post(change(session), form_data(page) | {"level": "sensibilisation"}).status_code == 302
    page = coordination.get(change(session))
    paused = vrl.trainer(state="en-pause")
    refused = coordination.post(change(session), form_data(page) | {"asks": str(paused.pk)})
    assert "en pause" in refused.content.decode()
    member = session.team.get().trainer
    told = coordination.post(change(session), form_data(page) | {"asks": str(member.pk)}, follow=True)
    assert "déjà dans l’équipe" in told.content.decode()


def test_list_is_filtered_by_department_and_year(coordination):
    vrl.session(title="A", department=vrl.department("25"))
    year = timezone.localdate().year
    page = coordination.get("/admin/vrl/session/", {"departement": "25", "annee": str(year), "q": "a"})
    assert page.status_code == 200
    assert coordination.get("/admin/vrl/session/", {"annee": "x"}).context["cl"].result_count == 1


def test_changes_and_sessions_are_never_erased(coordination):
    session = vrl.session()
    assert coordination.post(f"/admin/vrl/session/{session.pk}/delete/", {"post": "yes"}).status_code == 403
    inlines = coordination.get(change(session)).context["inline_admin_formsets"]
    assert not any(inline.has_delete_permission for inline in inlines[2:])
