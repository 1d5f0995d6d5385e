"""Registrations as they are written: joining, leaving, deciding; never more people than places, never a surprise."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from network.events import registering
from network.events.models import Event, Registration, RegistrationState
from network.events.registering import Refused, register, register_all
from tests.factories import events
from tests.factories.events import in_days
from trajectoire.core.models import SiteVersion
from trajectoire.core.outbox import OutgoingMail

pytestmark = pytest.mark.django_db
State = RegistrationState


def person(email: str, **given) -> dict:
    return {"name": email.partition("@")[0].title(), "email": email} | given


def join(event: Event, *names: str) -> list[str]:
    return [str(register(event, person(f"{name}@example.org")).state) for name in names]


def state_of(name: str) -> str:
    return Registration.objects.get(email_key=f"{name}@example.org").state


def written(name: str) -> list[str]:
    """The subjects of what was written to somebody, the oldest first, without the title of the event."""
    mails = OutgoingMail.objects.filter(recipient__iexact=f"{name}@example.org").order_by("pk")
    return [mail.subject.split(":")[0].strip() for mail in mails]


@pytest.mark.parametrize(
    ("capacity", "states"),
    [(None, ["confirmee"] * 3), (0, ["attente"] * 3), (2, ["confirmee", "confirmee", "attente"]), (100_000, ["confirmee"] * 3)],
)
def test_places_are_given_in_order_of_arrival(capacity, states):
    assert join(events.event(capacity=capacity), "ada", "bob", "cleo") == states


@pytest.mark.parametrize("capacity", [-1, 10**9])
def test_impossible_number_of_places_is_refused_with_words(capacity):
    with pytest.raises(ValidationError) as refused:
        Event(title="x", capacity=capacity).full_clean()
    assert list(refused.value.message_dict) == ["capacity"]


def test_each_state_is_told_by_its_own_mail():
    made = events.event(capacity=1)
    join(made, "ada", "bob")
    assert (written("ada"), written("bob")) == (["Inscription confirmée"], ["Liste d’attente"])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"closes_at": in_days(-1)}, "Les inscriptions sont closes"),
        ({"opens_at": in_days(1)}, "Les inscriptions ouvriront"),
        ({"days": (-3,)}, "Cet événement a eu lieu."),
        ({"status": "annule"}, "annulé"),
        ({"status": "complet"}, "Toutes les places viennent d’être prises."),
        ({"published": False}, "n’est pas public"),
        ({"capacity": 0, "waiting_list": False}, "Toutes les places viennent d’être prises."),
    ],
)
def test_closed_event_refuses_with_its_reason_and_keeps_nothing(given, words):
    with pytest.raises(Refused, match=words):
        join(events.event(**given), "ada")
    assert not Registration.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_same_address_in_another_case_is_the_same_person():
    made = events.event(capacity=2)
    join(made, "ada")
    again = register(made, person("ADA@Example.ORG", name="Quelqu’un d’autre"))
    assert (again.name, again.state, made.registrations.count()) == ("Ada", "confirmee", 1)
    assert written("ada") == ["Inscription confirmée"] * 2


def test_duplicate_gets_the_words_of_a_newcomer():
    made = events.event(capacity=2)
    join(made, "ada")
    [first] = register_all(made, [person("ada@example.org")])
    assert first.shown == "confirmee"
    join(made, "bob")
    [second] = register_all(made, [person("ada@example.org")])
    assert (second.shown, second.registration.state) == ("attente", "confirmee")


def test_duplicates_do_not_fill_a_mailbox():
    made = events.event()
    join(made, *["ada"] * 8)
    assert len(written("ada")) == 6


def test_same_form_sent_twice_tells_the_truth_and_writes_once():
    made, key = events.event(capacity=1), uuid.uuid4()
    people = [person("ada@example.org"), person("bob@example.org")]
    first = register_all(made, people, form_key=key)
    again = register_all(made, people, form_key=key)
    assert [one.shown for one in again] == [one.shown for one in first] == ["confirmee", "attente"]
    assert made.registrations.count() == OutgoingMail.objects.count() == 2
    [other] = register_all(made, [person("cleo@example.org")], form_key=key)
    assert other.shown == "attente"


def test_same_form_is_known_even_when_it_has_closed_since():
    made, key = events.event(capacity=1, waiting_list=False), uuid.uuid4()
    register_all(made, [person("ada@example.org")], form_key=key)
    assert register_all(made, [person("ada@example.org")], form_key=key)[0].shown == "confirmee"
    with pytest.raises(Refused, match="elle est gardée"):
        register_all(made, [person("ada@example.org")], form_key=uuid.uuid4())


def test_who_cancelled_may_come_back_as_new():
    made = events.event(capacity=1)
    join(made, "ada", "bob")
    registering.cancel(Registration.objects.get(email_key="ada@example.org"))
    back = register(made, person("ada@example.org", structure="MJC"))
    assert (back.state, back.structure, back.cancelled_at) == ("attente", "MJC", None)
    assert list(made.registrations.values_list("email_key", flat=True)) == ["bob@example.org", "ada@example.org"]


def test_only_what_a_person_says_is_stored():
    made = events.event()
    stored = register(made, person("ada@example.org", state="x", priority=9, walk_in=True, pk=7, event=None, link_version=3))
    assert (stored.state, stored.priority, stored.walk_in, stored.link_version) == ("confirmee", 0, False, 0)


def test_agreements_keep_their_wording_and_their_hour():
    stored = register(events.event(), person("ada@example.org", share=True, newsletter="J’accepte."))
    assert (stored.list_wording, stored.newsletter_wording) == (registering.LIST_WORDING, "J’accepte.")
    assert stored.consented_at is not None
    assert register(events.event(), person("bob@example.org")).consented_at is None


def test_cancelling_frees_the_place_for_the_first_in_line():
    made = events.event(capacity=1, accept_hours=0)
    join(made, "ada", "bob", "cleo")
    gone = Registration.objects.get(email_key="ada@example.org")
    registering.cancel(gone)
    registering.cancel(gone)
    assert gone.state == "annulee"
    assert (state_of("bob"), state_of("cleo")) == ("confirmee", "attente")
    assert written("ada") == ["Inscription confirmée", "Inscription annulée"]
    assert written("bob") == ["Liste d’attente", "Inscription confirmée"]


def test_nobody_leaves_once_it_has_begun_but_by_staff():
    made = events.event(capacity=1, days=(-1, 3))
    mine = events.registration(made)
    with pytest.raises(Refused, match="a commencé"):
        registering.cancel(mine)
    registering.cancel(mine, by_staff=True)
    assert mine.state == "annulee"


def test_event_without_a_date_may_be_left():
    mine = events.registration(events.event(days=()))
    registering.cancel(mine)
    assert mine.state == "annulee"


def test_person_changes_what_concerns_her_and_nothing_else():
    mine = events.registration(events.event(), name="Ada")
    registering.change(mine, {"name": "Ada L.", "email": "x@y.fr", "state": "annulee", "answers": {"1": "oui"}})
    mine.refresh_from_db()
    assert (mine.name, mine.answers, mine.state) == ("Ada L.", {"1": "oui"}, "confirmee")
    assert mine.email.startswith("inscription")


def test_new_link_makes_the_former_one_dead():
    mine = events.registration(events.event())
    before = mine.token
    registering.revoke_link(mine)
    assert mine.token != before


class TestStaff:
    def test_person_at_the_door_is_confirmed_beyond_the_places(self):
        made = events.event(capacity=1)
        join(made, "ada", "bob")
        registering.add(made, person("cleo@example.org"), walk_in=True)
        registering.add(made, {"name": "Sans adresse"}, walk_in=True)
        known = registering.add(made, person("bob@example.org", name="Robert"), walk_in=True)
        assert (known.state, known.name, known.walk_in) == ("confirmee", "Bob", False)
        assert made.registrations.confirmed().count() == 4
        assert made.registrations.get(name="Sans adresse").email_key == ""
        assert written("cleo") == []

    def test_person_added_by_staff_is_told(self):
        made = events.event(closes_at=in_days(-1))
        registering.add(made, person("ada@example.org"))
        registering.add(made, person("ada@example.org"))
        assert written("ada") == ["Inscription confirmée"]

    def test_application_is_accepted_or_refused_with_a_message(self):
        made = events.event(registering="candidature", capacity=1)
        assert join(made, "ada", "bob", "cleo") == ["candidature"] * 3
        ada, bob, cleo = made.registrations.order_by("pk")
        registering.decide(ada, True, "À bientôt.")
        registering.decide(bob, False, "Public non concerné.")
        registering.decide(cleo, True)
        assert [one.state for one in (ada, bob, cleo)] == ["confirmee", "refusee", "attente"]
        assert written("ada") == ["Candidature reçue", "Candidature acceptée"]
        assert "Public non concerné." in OutgoingMail.objects.get(subject__startswith="Votre candidature").body.text
        with pytest.raises(Refused, match="déjà reçu sa réponse"):
            registering.decide(ada, False)

    def test_application_refused_by_mistake_is_accepted_later(self):
        made = events.event(registering="candidature")
        mine = events.registration(made, State.REFUSED)
        registering.decide(mine, True)
        assert mine.state == "confirmee"

    def test_application_is_not_accepted_without_a_place_nor_a_line(self):
        made = events.event(registering="candidature", capacity=0, waiting_list=False)
        mine = events.registration(made, State.APPLIED)
        with pytest.raises(Refused, match="Aucune place n’est libre"):
            registering.decide(mine, True)

    def test_application_sent_again_changes_nothing(self):
        made = events.event(registering="candidature")
        mine = events.registration(made, State.REFUSED, email="ada@example.org")
        [found] = register_all(made, [person("ada@example.org")])
        assert (found.shown, found.registration.pk, found.registration.state) == ("candidature", mine.pk, "refusee")


def test_event_with_registrations_is_never_deleted():
    made = events.event()
    events.registration(made)
    with pytest.raises(ProtectedError):
        made.delete()
    assert Registration.objects.exists()


def test_registering_for_a_session_is_registering_for_the_cycle():
    cycle = events.Event.series.field.related_model.objects.create(title="Cycle")
    lead, second = events.event(series=cycle), events.event(series=cycle)
    stored = register(Event.objects.get(pk=second.pk), person("ada@example.org"))
    assert stored.event_id == lead.pk


def test_site_is_told_when_what_the_public_reads_changes_only():
    made = events.event(capacity=20)
    before = SiteVersion.current()
    join(made, "ada")
    assert SiteVersion.current() == before
    Event.objects.filter(pk=made.pk).update(capacity=2)
    join(made, "bob")
    assert SiteVersion.current() > before


def test_now_is_the_hour_of_the_place_in_line():
    made, before = events.event(capacity=0), timezone.now()
    join(made, "ada")
    assert before <= Registration.objects.get().queued_at <= timezone.now()
