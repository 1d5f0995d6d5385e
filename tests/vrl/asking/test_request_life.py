"""What becomes of a request: each step from where it may be taken, told once; the screens of the team."""

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from network.events.registering import Refused
from tests.factories import accounts, vrl
from vrl import requesting
from vrl.models import Session, TrainingRequest, Volunteer
from vrl.vocabulary import HabilitationState, RequestState

pytestmark = pytest.mark.usefixtures("world")
ADMIN = "/admin/vrl/trainingrequest/"
State = RequestState
STEPS = {
    State.QUALIFIED: lambda asked, by: requesting.qualify(asked, by),
    State.OFFERED: lambda asked, by: requesting.offer(asked, by),
    State.REFUSED: lambda asked, by: requesting.refuse(asked, by, "Faute de place."),
    State.WITHDRAWN: lambda asked, by: requesting.withdraw(asked),
}


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """A function that takes a step and lets the mails leave."""

    def ran(step, *args, **given):
        with django_capture_on_commit_callbacks(execute=True):
            return step(*args, **given)

    return ran


@pytest.fixture
def by(db):
    return accounts.user(is_staff=True, name="Camille")


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def told(address: str) -> list[str]:
    return [sent.subject for sent in mail.outbox if sent.to == [address]]


@pytest.mark.parametrize("before", [state for state in State if state != State.DONE])
def test_steps_are_taken_from_where_the_table_says(run, by, before):
    for to, step in STEPS.items():
        asked = vrl.training_request(state=before)
        if before in (*requesting.FROM[to], to):
            run(step, asked, by)
            assert asked.state == to
        else:
            with pytest.raises(Refused, match="rechargez la page"):
                run(step, asked, by)
            assert asked.state == before


def test_step_taken_twice_writes_once(run, by):
    asked = vrl.training_request()
    for _ in range(2):
        run(requesting.qualify, asked, by)
    assert (asked.in_charge, told(asked.email)) == (by, ["Votre demande de formation\u00a0: qualifiée"])


def test_offer_writes_to_the_able_trainers_of_the_department_once(run, by):
    asked = vrl.training_request(state=State.QUALIFIED)
    here = vrl.trainer(name="Amina")
    vrl.trainer(departments=("25",))
    vrl.trainer(state=HabilitationState.PAUSED)
    vrl.trainer(email="")
    assert run(requesting.offer, asked, by) == 1
    assert run(requesting.offer, asked, by) == 0
    [sent] = [sent for sent in mail.outbox if sent.to == [here.email]]
    assert "Bonjour Amina" in sent.body
    assert asked.email not in sent.body


def test_refusal_needs_words_and_sends_them(run, by):
    asked = vrl.training_request()
    with pytest.raises(Refused, match="Écrivez à la structure"):
        run(requesting.refuse, asked, by, "  ")
    run(requesting.refuse, asked, by, "Toutes nos dates sont prises.")
    assert "Toutes nos dates sont prises." in mail.outbox[-1].body
    run(requesting.qualify, asked, by)
    assert "Toutes nos dates" not in mail.outbox[-1].body


def test_volunteer_is_noted_once_and_told_to_who_follows_the_request(run, by):
    asked = vrl.training_request(state=State.OFFERED, in_charge=by)
    one = vrl.trainer(name="Amina")
    for _ in range(2):
        run(requesting.volunteer, asked, one, "Le mardi")
    assert [(row.trainer, row.note) for row in Volunteer.objects.all()] == [(one, "Le mardi")]
    assert len(told(by.email)) == 1
    assert "Amina" in mail.outbox[-1].body


@pytest.mark.parametrize(
    ("state", "level", "sentence"),
    [(State.RECEIVED, "n2", "n’attend plus"), (State.OFFERED, "", "habilitées N1 ou N2")],
)
def test_volunteer_is_refused_when_not_awaited_or_not_able(run, state, level, sentence):
    with pytest.raises(Refused, match=sentence):
        run(requesting.volunteer, vrl.training_request(state=state), vrl.trainer(level))


def test_session_is_planned_once_with_everything_prefilled(run, by, one_day):
    asked = vrl.training_request(state=State.OFFERED, place="Salle Camus, Dijon", is_demo=False)
    owner = vrl.trainer()
    for _ in range(2):
        made = run(requesting.plan, asked, by, model=one_day, dates=[in_days(30)], owner=owner)
    assert (Session.objects.get(), made.request, made.owner) == (made, asked, owner)
    assert (made.event.venue, made.event.contact_name, made.department) == ("Salle Camus, Dijon", "", asked.department)
    assert told(asked.email) == ["Votre demande de formation\u00a0: session créée"]


def test_session_against_the_cascade_leaves_the_request_as_it_was(run, by, one_day):
    asked = vrl.training_request(state=State.QUALIFIED)
    owner = vrl.trainer(state=HabilitationState.WITHDRAWN)
    with pytest.raises(Refused, match="retirée"):
        run(requesting.plan, asked, by, model=one_day, dates=[in_days(30)], owner=owner)
    assert (asked.state, Session.objects.count(), mail.outbox) == (State.QUALIFIED, 0, [])


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["realisee"], State.DONE),
        (["annulee"], State.QUALIFIED),
        (["annulee", "ouverte"], State.PLANNED),
        (["reportee"], State.PLANNED),
    ],
)
def test_planned_request_follows_its_sessions(run, states, expected):
    asked = vrl.training_request(state=State.PLANNED)
    for state in states:
        vrl.session(request=asked, state=state)
    for _ in range(2):
        run(call_command, "keep_requests")
    asked.refresh_from_db()
    assert (asked.state, len(mail.outbox)) == (expected, int(expected != State.PLANNED))


def test_planned_again_after_a_cancelled_session_trainers_are_asked_again(run, by):
    asked = vrl.training_request(state=State.QUALIFIED)
    vrl.trainer()
    assert run(requesting.offer, asked, by) == 1
    TrainingRequest.objects.update(state=State.QUALIFIED)
    vrl.session(request=asked, state="annulee")
    assert run(requesting.offer, asked, by) == 1


def test_what_sleeps_is_told_to_the_centre_every_two_weeks(run, settings):
    settings.CONTACT_EMAIL = "centre@example.org"
    now = timezone.now()
    vrl.training_request("Qui dort", last_activity_at=now - datetime.timedelta(days=20))
    vrl.training_request("Qui vit")
    vrl.training_request("Refusée", state=State.REFUSED, last_activity_at=now - datetime.timedelta(days=20))
    for moment in (now, now + datetime.timedelta(hours=1)):
        run(requesting.remind, moment)
    assert len(mail.outbox) == 1
    assert "Qui dort (20 jours)" in mail.outbox[0].body
    assert "Qui vit" not in mail.outbox[0].body
    assert run(requesting.remind, now + datetime.timedelta(days=15)) == 2


def test_names_leave_three_years_after_and_numbers_stay():
    now = timezone.now()
    old = vrl.training_request("Vieille", last_activity_at=now - datetime.timedelta(days=1100), constraints="x")
    vrl.training_request("Neuve")
    assert (requesting.forget_old(now), requesting.forget_old(now)) == (1, 0)
    old.refresh_from_db()
    assert (old.name, old.email, old.constraints, old.structure, old.people) == ("", "", "", "Vieille", 12)


def test_anonymous_request_moves_without_a_mail(run, by):
    asked = vrl.training_request(email="", name="")
    run(requesting.qualify, asked, by)
    assert (asked.state, mail.outbox) == (State.QUALIFIED, [])


class TestAdmin:
    def save(self, client, asked, run, **changes):
        """The form as it stands, with these changes; `_step` is the button pressed."""
        page = client.get(f"{ADMIN}{asked.pk}/change/")
        shown = page.context["adminform"].form
        data = {
            name: value for name in shown.fields if (value := shown.get_initial_for_field(shown.fields[name], name)) is not None
        }
        for name in ("audiences",):
            data[name] = [one.pk for one in data.get(name, [])]
        data |= {f"volunteers-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        return run(client.post, f"{ADMIN}{asked.pk}/change/", data | changes, follow=True)

    def steps(self, client, asked):
        return [name for name, _ in client.get(f"{ADMIN}{asked.pk}/change/").context["steps"]]

    def test_buttons_follow_the_state(self, coordinator):
        expected = {
            State.RECEIVED: ["qualifiee", "refusee"],
            State.QUALIFIED: ["proposee", "refusee"],
            State.OFFERED: ["refusee"],
            State.PLANNED: [],
            State.REFUSED: ["qualifiee"],
        }
        for state, names in expected.items():
            assert self.steps(coordinator, vrl.training_request(state=state)) == names

    def test_button_saves_then_takes_the_step(self, coordinator, run):
        asked = vrl.training_request()
        page = self.save(coordinator, asked, run, people="25", _step="qualifiee")
        asked.refresh_from_db()
        assert (asked.people, asked.state, asked.in_charge) == (25, State.QUALIFIED, coordinator.user)
        assert "La demande est retenue" in page.content.decode()
        vrl.trainer()
        assert "formateurs : 1." in self.save(coordinator, asked, run, _step="proposee").content.decode().replace("\u00a0", " ")

    def test_refusal_without_words_says_what_to_do_and_keeps_what_was_written(self, coordinator, run):
        asked = vrl.training_request()
        page = self.save(coordinator, asked, run, note="Vue mardi", _step="refusee")
        asked.refresh_from_db()
        assert "Écrivez à la structure" in page.content.decode()
        assert (asked.state, asked.note) == (State.RECEIVED, "Vue mardi")
        assert "a reçu votre réponse" in self.save(coordinator, asked, run, answer="Complet.", _step="refusee").content.decode()

    def test_step_that_is_not_offered_is_refused(self, coordinator, run):
        asked = vrl.training_request()
        assert "n’est plus possible" in self.save(coordinator, asked, run, _step="realisee").content.decode()

    def test_plain_save_moves_nothing(self, coordinator, run):
        asked = vrl.training_request()
        self.save(coordinator, asked, run, people="9")
        asked.refresh_from_db()
        assert (asked.people, asked.state, mail.outbox) == (9, State.RECEIVED, [])

    def test_session_is_made_from_the_screen(self, coordinator, run, one_day):
        asked = vrl.training_request(state=State.OFFERED)
        vrl.trainer(name="Zoé")
        ready = vrl.trainer(name="Amina")
        vrl.trainer(name="Bruno")
        requesting.volunteer(asked, ready)
        url = f"{ADMIN}{asked.pk}/planifier/"
        owners = list(coordinator.get(url).context["form"].fields["owner"].queryset)
        assert [one.name for one in owners] == ["Amina", "Bruno", "Zoé"]
        wrong = run(coordinator.post, url, {"model": one_day.pk, "day1": in_days(30), "day2": in_days(31)})
        assert (wrong.status_code, "1 date" in wrong.content.decode().replace("\u00a0", " ")) == (400, True)
        assert coordinator.post(url, {}).status_code == 400
        page = run(coordinator.post, url, {"model": one_day.pk, "day1": in_days(30), "owner": ready.pk}, follow=True)
        asked.refresh_from_db()
        assert (asked.state, asked.sessions.get().owner) == (State.PLANNED, ready)
        assert "en brouillon" in page.content.decode()

    def test_screens_are_refused_without_the_role(self, documentalist):
        asked = vrl.training_request()
        assert documentalist.get(f"{ADMIN}{asked.pk}/change/").status_code == 403
        assert documentalist.get(f"{ADMIN}{asked.pk}/planifier/").status_code == 403

    @pytest.mark.parametrize(("work", "expected"), [("a-faire", 2), ("moi", 1), ("dort", 1), ("", 3)])
    def test_list_is_filtered_by_work(self, coordinator, work, expected):
        vrl.training_request(in_charge=coordinator.user)
        vrl.training_request(last_activity_at=timezone.now() - datetime.timedelta(days=20))
        vrl.training_request(state=State.DONE)
        assert coordinator.get(ADMIN, {"travail": work} if work else {}).context["cl"].result_count == expected

    def test_list_is_filtered_by_department_and_counts_offers(self, coordinator):
        asked = vrl.training_request(department=vrl.department("25"), state=State.OFFERED)
        requesting.volunteer(asked, vrl.trainer())
        vrl.training_request()
        page = coordinator.get(ADMIN, {"departement": "25"})
        assert [(row.pk, row.offers_count) for row in page.context["cl"].result_list] == [(asked.pk, 1)]

    def test_request_by_telephone_is_written_down(self, coordinator):
        assert coordinator.get(f"{ADMIN}add/").status_code == 200
