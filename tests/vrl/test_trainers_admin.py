"""Trainers as the coordination follows them: lists, flags, reminders, invitations, departures."""

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tests.factories import accounts, vrl
from trajectoire.core.models import Invitation
from trajectoire.core.roles import VRL
from trajectoire.core.sessions import UserSession
from vrl import habilitations
from vrl.models import Habilitation, Trainer
from vrl.vocabulary import HabilitationState

pytestmark = pytest.mark.usefixtures("world")
ADMIN = "/admin/vrl/trainer/"


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def ending(days: int, **given) -> Habilitation:
    return vrl.habilitation(vrl.trainer("", **given), expires_on=in_days(days))


@pytest.fixture
def coordinator(world, browser):
    return browser(accounts.in_role(VRL))


class TestIdle:
    def test_nobody_leads_for_24_months(self):
        idle = vrl.trainer()
        recent = vrl.trainer("")
        vrl.habilitation(recent, obtained_on=in_days(-200))
        for state, days in (("cloturee", -30), ("ouverte", 30)):
            vrl.session(state=state, days=(days,), trainers=[vrl.trainer()])
        long_ago = vrl.trainer()
        vrl.session(state="cloturee", days=(-800,), trainers=[long_ago])
        vrl.session(state="annulee", days=(-30,), trainers=[idle])
        vrl.trainer(state=HabilitationState.PAUSED)
        vrl.gone_trainer()
        assert set(habilitations.idle()) == {idle, long_ago}

    def test_owner_and_confirmed_members_lead_and_invited_ones_do_not(self):
        owner, member, invited = vrl.trainer(), vrl.trainer(), vrl.trainer()
        made = vrl.session(state="cloturee", days=(-30,), owner=owner)
        vrl.team_member(made, member)
        vrl.team_member(made, invited, "invitation")
        assert list(habilitations.idle()) == [invited]


class TestRenewing:
    def test_what_ends_within_three_months_is_to_renew(self):
        soon, over = ending(60), ending(-5)
        marked = vrl.trainer(state=HabilitationState.TO_RENEW).habilitations.get()
        ending(200)
        vrl.habilitation(vrl.gone_trainer(), "n1", expires_on=in_days(10))
        assert set(habilitations.to_renew()) == {soon, over, marked}

    def test_each_end_is_reminded_of_once(self, django_capture_on_commit_callbacks):
        soon = ending(60)
        ending(30, email="")
        ending(-5)
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                call_command("remind_habilitations")
        assert [sent.to for sent in mail.outbox] == [[soon.trainer.email]]
        assert "habilitation N2 prend fin le" in mail.outbox[0].subject
        soon.refresh_from_db()
        assert soon.reminded_at is not None
        assert habilitations.remind(timezone.now()) == 0
        Habilitation.objects.filter(pk=soon.pk).update(expires_on=in_days(700))
        assert habilitations.remind(timezone.now() + datetime.timedelta(days=620)) == 1

    def test_departments_short_of_trainers(self):
        vrl.trainer(departments=("21",))
        vrl.trainer(departments=("21", "25"))
        assert habilitations.short_departments() == ["25"]


class TestList:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"niveau": "n1"}, "Une"),
            ({"etat": "en-pause"}, "Deux"),
            ({"departement": "25"}, "Trois"),
            ({"a-regarder": "a-renouveler"}, "Trois"),
            ({"a-regarder": "sans-compte"}, "Quatre"),
            ({"a-regarder": "parties"}, "Cinq"),
            ({"a-regarder": "sans-session"}, "Six"),
            ({}, "Cinq Deux Quatre Six Trois Une"),
            ({"a-regarder": "inconnu"}, "Cinq Deux Quatre Six Trois Une"),
        ],
    )
    def test_filters(self, coordinator, query, expected):
        new = {"obtained_on": in_days(-10)}
        vrl.habilitation(vrl.trainer("", name="Une"), "n1", **new)
        vrl.habilitation(vrl.trainer("", name="Deux"), state="en-pause", **new)
        vrl.habilitation(vrl.trainer("", name="Trois", departments=("25",)), expires_on=in_days(30), **new)
        vrl.habilitation(vrl.trainer("", name="Quatre", user=False), **new)
        vrl.gone_trainer(name="Cinq")
        vrl.trainer(name="Six")
        rows = coordinator.get(ADMIN, query).context["cl"].result_list
        assert sorted(row.name for row in rows) == expected.split()

    def test_row_says_what_to_look_at(self, coordinator):
        one = vrl.trainer(name="Amina", departments=("21", "25"))
        vrl.session(state="cloturee", days=(-800,), trainers=[one])
        html = coordinator.get(ADMIN).content.decode()
        assert "Sans session depuis 24 mois" in html
        assert "N2, active, obtenue le" in html

    @pytest.mark.parametrize("count", [1, 3])
    def test_query_count(self, coordinator, count, django_assert_max_num_queries):
        for _ in range(count):
            vrl.trainer()
        coordinator.get(ADMIN)
        with django_assert_max_num_queries(14):
            coordinator.get(ADMIN)

    @pytest.mark.parametrize(("query", "expected"), [({}, 2), ({"echeance": "a-renouveler"}, 1), ({"departement": "25"}, 1)])
    def test_habilitations(self, coordinator, query, expected):
        one = ending(30, departments=("25",))
        Habilitation.objects.filter(pk=one.pk).update(reminded_at=timezone.now())
        vrl.trainer()
        assert coordinator.get("/admin/vrl/habilitation/", query).context["cl"].result_count == expected

    def test_history_of_a_habilitation_is_kept(self, coordinator):
        one = vrl.trainer().habilitations.get()
        one.state = HabilitationState.WITHDRAWN
        one.save()
        assert one.history.count() == 2
        assert coordinator.get(f"/admin/vrl/habilitation/{one.pk}/history/").status_code == 200

    def test_refused_without_the_role(self, documentalist):
        assert documentalist.get(ADMIN).status_code == 403


class TestChanges:
    def save(self, client, one, **changes):
        shown = client.get(f"{ADMIN}{one.pk}/change/").context["adminform"].form
        data = {
            name: value for name in shown.fields if (value := shown.get_initial_for_field(shown.fields[name], name)) is not None
        }
        data |= {name: [row.pk for row in data.get(name, [])] for name in ("departments", "audiences")}
        for prefix in ("habilitations", "availabilities"):
            data |= {f"{prefix}-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        response = client.post(f"{ADMIN}{one.pk}/change/", data | changes)
        assert response.status_code == 302, response.context["adminform"].form.errors
        one.refresh_from_db()

    def test_marked_as_left_loses_the_role_and_the_browsers_at_once(self, coordinator):
        one = vrl.trainer()
        UserSession.objects.create(user=one.user, ip="127.0.0.1", user_agent="x", session_key="abc")
        self.save(coordinator, one, left_on=in_days(-1))
        assert (one.left_on, one.user.groups.count(), UserSession.objects.count()) == (in_days(-1), 0, 0)
        assert one.habilitations.get().state == HabilitationState.LEFT
        self.save(coordinator, one, employer="Ville de Dijon")
        assert one.left_on == in_days(-1)

    def test_ordinary_change_keeps_the_role(self, coordinator):
        one = vrl.trainer()
        self.save(coordinator, one, employer="Ville de Dijon")
        assert (one.employer, one.user.groups.count()) == ("Ville de Dijon", 1)

    def test_those_without_an_account_are_invited_once(self, coordinator, django_capture_on_commit_callbacks):
        new, _ = vrl.trainer(user=False), vrl.trainer()
        chosen = {"action": "invite", "_selected_action": list(Trainer.objects.values_list("pk", flat=True))}
        for words in ("1 invitation envoyée", "attend déjà"):
            with django_capture_on_commit_callbacks(execute=True):
                html = coordinator.post(ADMIN, chosen, follow=True).content.decode().replace("\u00a0", " ")
            assert words in html
        assert [one.email for one in Invitation.objects.all()] == [new.email]
