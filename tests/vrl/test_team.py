"""The team of a session: who joins it, who decides, who is told."""

import pytest

from tests.factories import accounts, vrl
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.roles import VRL
from vrl import team
from vrl.models import Session, TeamMember
from vrl.vocabulary import Place

pytestmark = pytest.mark.django_db
P = Place


@pytest.fixture
def owner():
    return vrl.trainer(name="Olga")


@pytest.fixture
def session(owner):
    return vrl.session(state="equipe", trainers=[owner])


@pytest.fixture
def other():
    return vrl.trainer(name="Ana")


def told() -> list[tuple[str, str]]:
    return [(mail.recipient, mail.subject.split("\u00a0")[0]) for mail in OutgoingMail.objects.order_by("pk")]


def test_invited_says_yes_and_the_owner_knows(session, owner, other):
    member = team.invite(session, other, owner.user)
    assert team.confirm(member, other.user).state == P.CONFIRMED
    assert told() == [(other.email, "Invitation"), (owner.email, "Équipe")]
    assert team.missing(session) == 0


def test_offer_is_taken_by_the_owner_and_she_knows(session, owner, other):
    member = team.offer(session, other, "Libre ce jour-là.")
    assert team.confirm(member, owner.user).answered_at is not None
    assert told() == [(owner.email, "Proposition"), (other.email, "Équipe")]
    assert "Libre ce jour-là." in OutgoingMail.objects.earliest("pk").body.text


def test_both_ways_at_once_make_a_place(session, owner, other):
    team.offer(session, other)
    assert team.invite(session, other, owner.user).state == P.CONFIRMED
    again = vrl.trainer()
    team.invite(session, again, owner.user)
    assert team.offer(session, again).state == P.CONFIRMED


def test_who_declined_may_be_asked_again(session, owner, other):
    member = team.decline(team.invite(session, other, owner.user), other.user)
    assert member.state == P.DECLINED
    assert team.offer(session, other).state == P.OFFERED
    assert TeamMember.objects.filter(trainer=other).count() == 1


def test_offer_not_needed_is_declined_with_thanks(session, owner, other):
    team.decline(team.offer(session, other), owner.user)
    assert told()[-1] == (other.email, "Équipe")
    assert "Merci de votre disponibilité." in OutgoingMail.objects.latest("pk").body.text


def test_leaving_tells_the_owner_and_leaves_a_place_to_fill(session, owner, other):
    member = vrl.team_member(session, other)
    assert team.leave(member, other.user).state == P.DECLINED
    assert told() == [(owner.email, "Équipe")]
    assert team.missing(session) == 1


def test_coordination_is_told_when_nobody_holds_the_session(settings, other):
    settings.CONTACT_EMAIL = "coordination@example.org"
    team.offer(vrl.session(state="equipe"), other)
    assert told() == [("coordination@example.org", "Proposition")]


def test_owner_is_not_told_of_her_own_answer(session, owner):
    member = session.team.get()
    team.leave(member, owner.user)
    assert told() == []


def test_coordination_decides_for_every_session(session, other):
    staff = accounts.in_role(VRL)
    assert team.confirm(team.invite(session, other, staff), staff).state == P.CONFIRMED
    assert "La coordination vous propose" in OutgoingMail.objects.earliest("pk").body.text


# (function, place she has, who asks, why not)
REFUSED = [
    (team.confirm, P.OFFERED, "herself", "décident de l’équipe"),
    (team.confirm, P.OFFERED, "stranger", "décident de l’équipe"),
    (team.confirm, P.INVITED, "stranger", "décident de l’équipe"),
    (team.confirm, P.CONFIRMED, "owner", "n’attend plus de réponse"),
    (team.confirm, P.DECLINED, "owner", "n’attend plus de réponse"),
    (team.decline, P.INVITED, "stranger", "décident de l’équipe"),
    (team.decline, P.CONFIRMED, "herself", "n’attend plus de réponse"),
    (team.leave, P.CONFIRMED, "stranger", "décident de l’équipe"),
    (team.leave, P.INVITED, "herself", "n’est pas dans l’équipe"),
]


def test_answers_that_are_not_ones_to_give_are_refused(session, owner):
    stranger = vrl.trainer()
    for act, state, who, sentence in REFUSED:
        trainer = vrl.trainer()
        member = vrl.team_member(session, trainer, state)
        by = {"herself": trainer, "owner": owner, "stranger": stranger}[who].user
        with pytest.raises(team.Refused, match=sentence):
            act(member, by)
        member.refresh_from_db()
        assert member.state == state
    with pytest.raises(team.Refused, match="décident de l’équipe"):
        team.invite(session, vrl.trainer(), stranger.user)


def test_nobody_is_asked_or_offers_twice(session, owner, other):
    vrl.team_member(session, other)
    with pytest.raises(team.Refused, match="déjà dans l’équipe"):
        team.invite(session, other, owner.user)
    with pytest.raises(team.Refused, match="déjà notée"):
        team.offer(session, other)


def test_cascade_stands_at_each_door(session, owner):
    paused = vrl.trainer(name="Zoé", state="en-pause")
    with pytest.raises(team.Refused, match="en pause"):
        team.invite(session, paused, owner.user)
    with pytest.raises(team.Refused, match="en pause"):
        team.offer(session, paused)
    member = vrl.team_member(session, paused, P.INVITED)
    with pytest.raises(team.Refused, match="en pause"):
        team.confirm(member, paused.user)


def test_team_of_a_past_session_does_not_change(owner, other):
    with pytest.raises(team.Refused, match="ne change plus"):
        team.offer(vrl.session(state="realisee", trainers=[owner]), other)


def test_who_has_left_is_not_written_to(owner):
    session = vrl.session(trainers=[owner])
    gone = vrl.gone_trainer()
    team.leave(vrl.team_member(session, gone), owner.user)
    assert told() == []


def test_sessions_lacking_trainers_are_counted_once(owner, django_assert_num_queries):
    short = vrl.session(trainers=[owner])
    vrl.team_member(short, vrl.trainer(), P.INVITED)
    vrl.session(trainers=[owner, vrl.trainer()])
    vrl.session(state="brouillon", trainers=[owner])
    vrl.session(days=(-2,), trainers=[owner])
    vrl.session("n1")
    with django_assert_num_queries(1):
        [found] = Session.objects.lacking_trainers()
        assert (found, team.missing(found)) == (short, 1)
