"""The list of one's sessions, and the page where one is led."""

import pytest

from network.events import presence
from network.events.models import Attestation, Presence, Survey
from network.events.registrations import SentNotice
from tests.factories import accounts, events, vrl
from trajectoire.core.models import OutgoingMail
from vrl import area_rows
from vrl.models import TeamMember
from vrl.vocabulary import Place, SessionState

pytestmark = pytest.mark.django_db
SPACE = "/vrl/espace/"


def page_of(session) -> str:
    return f"{SPACE}sessions/{session.event.slug}/"


def act(client, session, action: str, **sent):
    """The sentences said after a button of the page."""
    response = client.post(page_of(session), {"action": action} | sent, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def me():
    return vrl.trainer()


@pytest.fixture
def client(browser, me):
    return browser(me.user)


def test_list_is_cut_in_three(client, me):
    vrl.session(title="À venir", days=(40,), trainers=[me])
    vrl.session(title="Passée", state="cloturee", days=(-40,), trainers=[me])
    vrl.session(title="Annulée", state="annulee", days=(40,), trainers=[me])
    vrl.session(title="D’une autre", days=(40,), trainers=[vrl.trainer()])
    here = f"{SPACE}sessions/"
    titles = lambda view: [row["title"] for row in client.get(f"{here}?vue={view}").context["rows"]]  # noqa: E731
    assert titles("a-venir") == ["À venir"]
    assert sorted(titles("passees")) == ["Annulée", "Passée"]
    page = client.get(here)
    assert [duty.button for duty in page.context["duties"]] == ["Compléter l’équipe"]
    assert [tab["count"] for tab in page.context["tabs"]] == [1, 1, 2]
    assert "1\u00a0personne manque dans l’équipe" in client.get(f"{here}?vue=a-venir").content.decode()


def test_session_without_a_date_is_listed_too(client, me):
    session = vrl.session(state="brouillon", days=(), trainers=[me])
    assert client.get(f"{SPACE}sessions/?vue=a-venir").context["rows"][0]["leaf"]["month"] == "à fixer"
    assert ("Dates", "À fixer") in client.get(page_of(session)).context["facts"]


def test_empty_lists_say_what_to_do(client):
    assert "Rien ne vous attend" in client.get(f"{SPACE}sessions/").content.decode()
    assert "Aucune session ici" in client.get(f"{SPACE}sessions/?vue=passees").content.decode()


def test_long_list_has_pages(client, me, monkeypatch):
    monkeypatch.setattr("vrl.area_sessions.A_PAGE", 2)
    for _ in range(5):
        vrl.session(days=(40,), trainers=[me])
    text = client.get(f"{SPACE}sessions/?vue=a-venir&page=2").content.decode()
    assert "Page 2 sur 3" in text
    assert "Page précédente" in text
    assert "Page suivante" in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_whatever_the_number(client, me, django_assert_num_queries, count):
    for _ in range(count):
        vrl.session(days=(40,), trainers=[me, vrl.trainer()])
    with django_assert_num_queries(10):
        client.get(f"{SPACE}sessions/?vue=a-venir")


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_whatever_the_number(client, me, django_assert_num_queries, count):
    session = vrl.session(state="equipe", days=(40,), trainers=[me])
    for _ in range(count):
        events.registration(session.event)
        vrl.team_member(session, vrl.trainer(), Place.OFFERED)
        vrl.trainer()
        session.changes.create(before="brouillon", after="equipe", by=me.user)
    with django_assert_num_queries(22):
        client.get(page_of(session))


def test_moment_of_awareness_is_named_without_a_length():
    assert area_rows.facts(vrl.session("sensibilisation"))[0] == "Sensibilisation"


def test_page_says_people_line_and_facts(client, me):
    asked = vrl.training_request("Mission locale")
    session = vrl.session(trainers=[me], request=asked, owner=None, capacity=None, venue="Salle 2")
    events.registration(session.event, name="En attente", state="attente")
    events.registration(session.event, name="Ada Confirmée", needs="boucle magnétique")
    session.changes.create(before="equipe", after="ouverte", note="Salle trouvée")
    page = client.get(page_of(session))
    assert [one["name"] for one in page.context["people"]] == ["Ada Confirmée", "En attente"]
    facts = dict(page.context["facts"])
    assert (facts["Portée par"], facts["Places"], facts["Lieu"]) == ("La coordination", "Sans limite", "Salle 2")
    assert facts["Répond à la demande de"] == "Mission locale"
    text = page.content.decode()
    assert "boucle magnétique" in text
    assert "Salle trouvée" in text
    assert "Le site" in text


def test_awareness_without_people_shows_no_list(client, me):
    session = vrl.session("sensibilisation", days=(40,), trainers=[me], attests=False)
    page = client.get(page_of(session))
    assert not page.context["shows_people"]
    assert "Les personnes inscrites" not in page.content.decode()


def test_co_trainer_is_invited_accepts_and_leads(client, me, browser):
    session = vrl.session(state="equipe", days=(40,), trainers=[me])
    mate = vrl.trainer(name="Grace")
    assert [one["pk"] for one in client.get(page_of(session)).context["candidates"]] == [mate.pk]
    assert "Grace est invitée ou invité" in act(client, session, "inviter", personne=mate.pk)[0]
    member = TeamMember.objects.get(trainer=mate)
    hers = browser(mate.user)
    assert hers.post(f"{SPACE}invitations/{member.pk}/", {"reponse": "oui"}).headers["Location"] == page_of(session)
    assert hers.get(page_of(session)).status_code == 200


def test_invitation_is_declined_from_the_dashboard(client, me):
    member = vrl.team_member(vrl.session(days=(40,), trainers=[vrl.trainer()]), me, Place.INVITED)
    assert client.post(f"{SPACE}invitations/{member.pk}/", {"reponse": "non"}).headers["Location"] == SPACE
    member.refresh_from_db()
    assert member.state == Place.DECLINED
    again = client.post(f"{SPACE}invitations/{member.pk}/", {"reponse": "non"}, follow=True)
    assert "n’attend plus de réponse" in " ".join(map(str, again.context["messages"]))


def test_invitation_of_another_does_not_exist(client):
    member = vrl.team_member(vrl.session(trainers=[vrl.trainer()]), vrl.trainer(), Place.INVITED)
    assert client.post(f"{SPACE}invitations/{member.pk}/", {"reponse": "oui"}).status_code == 404


def test_team_is_decided_on_the_page(client, me):
    session = vrl.session(state="equipe", days=(40,), trainers=[me])
    first, second = (vrl.team_member(session, vrl.trainer(name=name), Place.OFFERED) for name in ("Ada", "Grace"))
    assert act(client, session, "confirmer", membre=first.pk) == ["Ada est dans l’équipe."]
    assert "Grace n’animera pas" in act(client, session, "decliner", membre=second.pk)[0]
    assert act(client, session, "quitter", membre=first.pk) == ["Ada n’est plus dans l’équipe."]
    assert act(client, session, "inviter", personne="x") == ["Choisissez dans la liste la personne à inviter."]
    assert client.post(page_of(session), {"action": "confirmer", "membre": "0"}).status_code == 404


def test_steps_are_taken_and_refused_with_a_sentence(client, me):
    session = vrl.session(state="brouillon", days=(40,), trainers=[me])
    assert [one["to"] for one in client.get(page_of(session)).context["moves"]] == ["proposee", "annulee"]
    assert "« Proposée »" in act(client, session, "etape", etape="proposee", note="Prête.")[0].replace("\u00a0", " ")
    assert session.changes.get().note == "Prête."
    assert "est déjà à l’étape" in act(client, session, "etape", etape="cloturee")[0]
    assert client.post(page_of(session), {"action": "etape", "etape": "inconnue"}).status_code == 404
    assert client.post(page_of(session), {"action": "autre"}).status_code == 404


def test_coordination_acts_without_a_habilitation(browser):
    session = vrl.session(state="proposee", days=(40,), trainers=[vrl.trainer()])
    client = browser(accounts.administrator())
    assert "/admin/vrl/session/" in client.get(page_of(session)).content.decode()
    act(client, session, "etape", etape="equipe")
    session.refresh_from_db()
    assert session.state == SessionState.TEAM


def test_from_held_to_attestations_in_two_clicks(world, client, me):
    session = vrl.session(state="realisee", days=(-1,), trainers=[me])
    for _ in range(2):
        events.registration(session.event)
    for slot in presence.slots(session.event):
        presence.mark_everyone(session.event, slot, None)
    [duty] = [one for one in client.get(SPACE).context["duties"] if "attestations" in one.button]
    assert duty.url == f"{page_of(session)}#apres"
    said = act(client, session, "attestations")
    assert said[0].replace("\u00a0", " ").startswith("2 attestations données. 2 personnes viennent de recevoir")
    assert Attestation.objects.count() == SentNotice.objects.count() == OutgoingMail.objects.count() == 2
    assert act(client, session, "attestations")[0].startswith("0")
    assert OutgoingMail.objects.count() == 2
    assert "2 attestations données" in client.get(page_of(session)).content.decode()


def test_attestations_wait_for_the_last_day(client, me):
    session = vrl.session(days=(5,), trainers=[me])
    assert act(client, session, "attestations") == ["Les attestations se donnent à partir du dernier jour."]
    assert not Presence.objects.exists()


def test_questionnaire_is_prepared_on_the_page(client, me):
    session = vrl.session(state="confirmee", trainers=[me])
    assert "Le questionnaire est prêt" in act(client, session, "questionnaire")[0]
    assert Survey.objects.get().event == session.event
    assert "Voir le questionnaire" in client.get(page_of(session)).content.decode()
