"""Who opens the area, who acts in it, whose session it is."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404

from network.events import presence
from tests.factories import accounts, vrl
from tests.factories.admin import save
from trajectoire.core import inviting, joining
from trajectoire.core.invitation import Invitation
from trajectoire.core.models import TRAINERS
from trajectoire.core.roles import VRL, load_roles
from vrl import access, linking
from vrl.models import Trainer
from vrl.vocabulary import HabilitationState, Place

pytestmark = pytest.mark.django_db
SPACE = "/vrl/espace/"


def test_area_does_not_exist_for_others(visitor, stranger, former_trainer, partner, powerless, documentalist, deactivated):
    for client in (visitor, stranger, former_trainer, partner, powerless, documentalist, deactivated):
        for page in (SPACE, f"{SPACE}sessions/", f"{SPACE}profil/partir/"):
            assert client.get(page).status_code == 404
            assert client.post(page).status_code == 404


def test_pages_are_never_stored(trainer):
    assert "no-store" in trainer.get(SPACE).headers["Cache-Control"]


def test_trainer_is_found_in_one_query(django_assert_num_queries):
    user = vrl.trainer(departments=()).user
    with django_assert_num_queries(1):
        assert access.get_trainer_for(user) is access.get_trainer_for(user)


def test_role_taken_away_closes_the_area_at_once(browser):
    made = vrl.trainer(departments=())
    client = browser(made.user)
    assert client.get(SPACE).status_code == 200
    made.user.groups.clear()
    assert client.get(SPACE).status_code == 404


def test_date_of_departure_takes_the_role_away(browser):
    made = vrl.trainer(departments=())
    made.left_on = "2026-01-01"
    made.save()
    assert not made.user.groups.filter(name=TRAINERS).exists()
    assert browser(made.user).get(SPACE).status_code == 404


@pytest.mark.parametrize(
    ("states", "paused"),
    [([], False), (["en-pause"], True), (["en-pause", "active"], False), (["retiree"], False), (["a-renouveler"], False)],
)
def test_pause_is_a_paused_habilitation_and_none_to_lead_with(states, paused):
    made = vrl.trainer("", departments=())
    for number, state in enumerate(states):
        vrl.habilitation(made, obtained_on=f"202{number}-01-01", state=state)
    assert access.is_paused(made) is paused


def test_trainer_en_pause_reads_and_does_not_act(browser):
    made = vrl.trainer(state=HabilitationState.PAUSED)
    lacking = vrl.session(state="equipe", trainers=[vrl.trainer()])
    member = vrl.team_member(vrl.session(state="equipe"), made, Place.INVITED)
    asked = vrl.training_request(state="qualifiee")
    client = browser(made.user)
    for page in ("", "sessions/", "besoins/", "annuaire/", "profil/"):
        assert client.get(SPACE + page).status_code == 200, page
    refused = [
        client.get(f"{SPACE}sessions/nouvelle/"),
        client.post(f"{SPACE}besoins/session/{lacking.pk}/"),
        client.post(f"{SPACE}besoins/demande/{asked.pk}/"),
        client.post(f"{SPACE}invitations/{member.pk}/", {"reponse": "oui"}),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4
    assert "en pause" in refused[0].content.decode()
    with pytest.raises(PermissionDenied, match="en pause"):
        access.get_acting_trainer_for(made.user)


def test_own_session_is_of_its_owner_its_confirmed_team_and_coordination():
    load_roles()
    owner, mate, invited, stranger = (vrl.trainer() for _ in range(4))
    session = vrl.session(trainers=[owner, mate])
    vrl.team_member(session, invited, Place.INVITED)
    for user in (owner.user, mate.user, accounts.in_role(VRL), accounts.administrator()):
        assert access.get_own_session_for(user, session.event.slug) == session
    for user in (invited.user, stranger.user, accounts.user(), accounts.documentalist()):
        with pytest.raises(Http404):
            access.get_own_session_for(user, session.event.slug)
    with pytest.raises(Http404):
        access.get_own_session_for(accounts.administrator(), "inconnue")


def test_stranger_trainer_sees_no_page_of_people(browser):
    session = vrl.session(state="realisee", days=(-1,), trainers=[vrl.trainer()])
    client, slug = browser(vrl.trainer().user), session.event.slug
    own = f"{SPACE}sessions/{slug}/"
    for page in (own, f"{own}modifier/", f"{own}compte-rendu/"):
        assert client.get(page).status_code == 404, page
    for page in ("presence/", "presence/feuille.pdf", "attestations/", "questionnaire/resultats/"):
        assert client.get(f"/agenda/{slug}/{page}").status_code == 404, page


def test_trainer_ticks_her_own_sessions_and_no_other_event(browser):
    me = vrl.trainer()
    mine, other = vrl.session(days=(-1,), trainers=[me]), vrl.session(days=(-1,), trainers=[vrl.trainer()])
    client = browser(me.user)
    for page in ("presence/", "presence/feuille.pdf", "attestations/", "questionnaire/resultats/"):
        assert client.get(f"/agenda/{mine.event.slug}/{page}").status_code == 200, page
    assert not presence.may_tick(me.user, other.event)
    assert not presence.may_tick(accounts.user(), mine.event)


def test_coordination_opens_the_area_without_a_profile(browser):
    load_roles()
    client = browser(accounts.in_role(VRL))
    session = vrl.session(trainers=[vrl.trainer()])
    for page in ("", "sessions/", "sessions/?vue=passees", f"sessions/{session.event.slug}/", "besoins/", "annuaire/"):
        assert client.get(SPACE + page).status_code == 200, page
    assert "administration" in client.get(SPACE).content.decode()
    for page in ("profil/", "profil/disponibilites/", "sessions/nouvelle/"):
        assert client.get(SPACE + page).status_code == 404, page


def test_reserved_documents_do_not_exist_for_others():
    with pytest.raises(Http404):
        access.get_reserved_documents_for(accounts.user())


class TestLinking:
    def test_role_of_the_team_makes_no_trainer(self):
        joining.joined(accounts.documentalist())
        assert not Trainer.objects.exists()

    def accepted(self, email: str):
        load_roles()
        by = accounts.administrator()
        inviting.invite(by, email, Group.objects.get(name=TRAINERS), "Nour")
        return inviting.accept(Invitation.objects.get(email=email.lower()), "Nour Benali", accounts.PASSWORD)

    def test_invitation_accepted_makes_a_trainer(self):
        user = self.accepted("nour@example.org")
        assert (user.trainer.name, user.trainer.email) == ("Nour Benali", "nour@example.org")
        linking.link(user)
        assert Trainer.objects.count() == 1

    def test_invitation_accepted_takes_the_row_of_the_same_address(self):
        made = Trainer.objects.create(name="N. Benali", email="Nour@Example.org")
        user = self.accepted("nour@example.org")
        made.refresh_from_db()
        assert made.user == user
        assert made.name == "N. Benali"

    def test_row_made_by_coordination_takes_the_account(self):
        user = accounts.trainer()
        assert Trainer.objects.create(name="Ada", email=user.email.upper()).user == user
        assert Trainer.objects.create(name="Autre", email=user.email).user is None

    def test_account_given_the_role_in_the_administration_is_linked(self, administrator):
        load_roles()
        user = accounts.user("ada@example.org")
        page = f"/admin/core/user/{user.pk}/change/"
        assert save(administrator, page, groups=[Group.objects.get(name=TRAINERS).pk]).status_code == 302
        assert user.trainer.name == "ada"
