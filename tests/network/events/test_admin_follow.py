"""One screen an event: what to do next, the people, and what the team decides."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail

from network.events import steps
from network.events.admin_follow import people
from network.events.models import Question, Registration, RegistrationState, Series
from tests.factories.admin import messages
from tests.factories.documents import document
from tests.factories.events import add_date, event, in_days, registration

State = RegistrationState


def page(made) -> str:
    return f"/admin/events/event/{made.pk}/suivi/"


def decide(person: Registration) -> str:
    return f"{page(person.event)}{person.pk}/"


def to_do(made) -> list[str]:
    return [step.label.replace("\u00a0", " ") for step in steps.steps(made, steps.numbers(made))]


@pytest.fixture
def act(administrator, django_capture_on_commit_callbacks):
    """Press one button of the page of a person."""

    def pressed(person: Registration, button: str, **data):
        with django_capture_on_commit_callbacks(execute=True):
            answer = administrator.post(decide(person), {button: "1", **data}, follow=True)
        person.refresh_from_db()
        return " ".join(messages(answer))

    return pressed


class TestSteps:
    def test_draft_says_all_that_is_missing(self, db):
        made = event(days=(), published=False, mode="mixte")
        assert to_do(made) == [
            "Fixer au moins une date",
            "Mettre en ligne, une fois l’aperçu relu",
            "Donner l’adresse de la visioconférence",
            "Donner le lieu",
        ]

    def test_what_is_near_comes_first(self, db):
        made = event(days=(3,), published=False, mode="presentiel")
        assert to_do(made) == ["Donner le lieu", "Mettre en ligne, une fois l’aperçu relu"]

    def test_people_who_wait_are_urgent(self, db):
        made = event(venue="MJC", capacity=3, promotes=False)
        for state in (State.APPLIED, State.APPLIED, State.WAITING, State.CONFIRMED):
            registration(made, state)
        assert to_do(made) == ["Examiner 2 candidatures", "2 places libres : choisir dans la liste d’attente"]

    def test_more_people_than_places_is_said(self, db):
        made = event(venue="MJC", capacity=1)
        registration(made)
        registration(made, State.OFFERED)
        assert to_do(made) == ["1 personne de plus que de places : augmenter les places, ou en parler avec elles"]

    def test_full_event_without_problem_has_nothing_to_do(self, db):
        made = event(venue="MJC", capacity=1)
        registration(made)
        registration(made, State.WAITING)
        assert to_do(made) == []

    def test_after_the_event_presence_then_attestations(self, db):
        made = event(days=(-2,), venue="MJC", attests=True)
        people = [registration(made), registration(made)]
        materials = "Publier ce qu’il en reste : synthèse, diaporama, photos"
        assert to_do(made) == ["Cocher la présence : il reste 4 demi-journées", materials]
        for person in people:
            for half in ("matin", "apres-midi"):
                person.presences.create(date=made.dates.get(), half_day=half, present=person == people[0])
        assert to_do(made) == ["Donner 1 attestation", materials]
        assert steps.numbers(made).present == 1
        made.attests = False
        assert to_do(made) == [materials]

    def test_nothing_is_left_once_its_documents_are_there(self, world):
        made = event(days=(-2,), venue="MJC")
        document(event=made)
        assert to_do(made) == []
        assert to_do(event(days=(-2,), private=True)) == []

    def test_cancelled_event_has_only_people_to_tell(self, db):
        made = event(days=(), status="annule", published=False)
        assert to_do(made) == []
        made.untold = {}
        assert to_do(made) == ["Prévenir les personnes de ce qui a changé"]


class TestPage:
    def test_shows_steps_numbers_and_people(self, administrator):
        made = event("Journée", capacity=5)
        registration(made, State.WAITING, name="Zoé Tard", priority=2)
        registration(made, name="Ada Lovelace", needs="Boucle magnétique", meal="végétarien", position="élue")
        registration(made, State.CANCELLED, name="", email="")
        html = administrator.get(page(made)).content.decode()
        for words in ("Donner le lieu", "1 sur 5", "Ada Lovelace", "Boucle magnétique", "priorité 2", "Inscription anonyme"):
            assert words in html
        assert made.get_absolute_url() in html

    def test_event_without_limit_nor_people(self, administrator):
        html = administrator.get(page(event(published=False))).content.decode()
        assert "Personne ici pour le moment." in html
        assert "Aperçu de la page" in html

    def test_people_are_in_the_order_of_what_they_wait_for(self, db):
        made = event()
        for name, state, priority in [
            ("Zoé", State.CONFIRMED, 0),
            ("Éric", State.CONFIRMED, 0),
            ("Léa", State.WAITING, 0),
            ("Ali", State.WAITING, 5),
            ("Tom", State.APPLIED, 0),
        ]:
            registration(made, state, name=name, priority=priority)
        assert [person.name for person in people(made)] == ["Tom", "Ali", "Léa", "Éric", "Zoé"]
        assert [person.name for person in people(made, state="attente")] == ["Ali", "Léa"]
        assert [person.name for person in people(made, words="ERIC")] == ["Éric"]
        assert len(people(made, state="rien")) == 5

    def test_session_shows_the_people_of_its_cycle(self, administrator):
        series = Series.objects.create(title="Cycle", scope="ensemble")
        first = event("Première", series=series)
        second = event("Seconde", days=(20,), series=series)
        registration(first, name="Ada Lovelace")
        html = administrator.get(page(second)).content.decode()
        assert "Ada Lovelace" in html
        assert page(first) in html

    def test_asks_as_much_for_one_as_for_many(self, administrator, django_assert_num_queries):
        made = event()
        registration(made)
        with django_assert_num_queries(8):
            administrator.get(page(made))
        for _ in range(5):
            registration(made)
        with django_assert_num_queries(8):
            administrator.get(page(made))

    def test_who_reads_events_sees_no_name(self, documentalist):
        made = event()
        person = registration(made, name="Ada Lovelace")
        html = documentalist.get(page(made)).content.decode()
        assert "Ada Lovelace" not in html
        assert documentalist.get(decide(person)).status_code == 403
        assert documentalist.get(f"{page(made)}ajouter/").status_code == 403

    def test_who_may_only_look_decides_nothing(self, powerless):
        for name in ("view_event", "view_registration"):
            powerless.user.user_permissions.add(Permission.objects.get(codename=name))
        made = event()
        registration(made, name="Ada Lovelace")
        shown = powerless.get(page(made))
        assert "Ada Lovelace" in shown.content.decode()
        assert next(label for label, _ in shown.context["links"]) == "Badges (PDF)"
        assert "Décider" not in shown.content.decode()

    def test_others_see_nothing(self, powerless, trainer, administrator):
        made = event()
        assert powerless.get(page(made)).status_code == 403
        assert trainer.get(page(made)).status_code == 302
        assert administrator.get("/admin/events/event/0/suivi/").status_code == 404
        assert administrator.post(page(made)).status_code == 405


class TestDeciding:
    def test_page_shows_what_the_person_said(self, administrator):
        made = event(registering="candidature")
        asked = Question.objects.create(event=made, text="Quel atelier ?")
        person = registration(
            made, State.APPLIED, motivation="Mieux faire", status="elu", answers={str(asked.pk): "Le premier", "0": "perdu"}
        )
        html = administrator.get(decide(person)).content.decode()
        for words in ("Mieux faire", "Quel atelier", "Le premier", "Élue ou élu", "Message joint à la réponse"):
            assert words in html
        assert "perdu" not in html
        assert "Priorité" not in html

    def test_candidate_is_accepted_with_a_message(self, act):
        person = registration(event(registering="candidature"), State.APPLIED)
        assert "candidature est acceptée" in act(person, "accept", note="Bienvenue !")
        assert (person.state, person.decision_note) == (State.CONFIRMED, "Bienvenue !")
        assert "Bienvenue !" in mail.outbox[0].body

    def test_candidate_is_refused(self, act):
        person = registration(event(registering="candidature"), State.APPLIED)
        assert "candidature est refusée" in act(person, "refuse")
        assert person.state == State.REFUSED

    def test_place_is_given_by_hand(self, act):
        person = registration(event(capacity=3, promotes=False), State.WAITING)
        assert "reçoit un e-mail" in act(person, "offer")
        assert person.state == State.OFFERED

    def test_place_that_is_not_free_is_not_given(self, act):
        person = registration(event(capacity=0), State.WAITING)
        assert "Aucune place n’est libre" in act(person, "offer")
        assert person.state == State.WAITING

    def test_priority_is_kept(self, act, administrator):
        person = registration(event(capacity=0), State.WAITING)
        assert "priorité est enregistrée" in act(person, "priority", priority="7")
        assert person.priority == 7
        act(person, "priority", priority="")
        assert person.priority == 0
        assert administrator.post(decide(person), {"priority": "beaucoup"}).status_code == 400

    def test_registration_is_cancelled_then_made_again(self, act):
        person = registration(event())
        assert "inscription est annulée" in act(person, "cancel")
        assert person.state == State.CANCELLED
        assert "est inscrite" in act(person, "confirm")
        assert person.state == State.CONFIRMED

    def test_button_that_came_too_late_does_nothing(self, act):
        person = registration(event(), State.REFUSED)
        assert "a changé d’état" in act(person, "cancel")
        assert person.state == State.REFUSED

    def test_anonymous_person_and_person_of_another_event_do_not_exist(self, administrator):
        gone = registration(event(), name="", email="", anonymous_since=in_days(0))
        assert administrator.get(decide(gone)).status_code == 404
        assert administrator.get(f"{page(event())}{registration(event()).pk}/").status_code == 404


class TestAdding:
    def test_person_who_telephoned_is_confirmed(self, administrator, django_capture_on_commit_callbacks):
        made = event(capacity=0)
        with django_capture_on_commit_callbacks(execute=True):
            data = {"name": "Ada Lovelace", "email": "Ada@example.org", "structure": "MJC", "status": "elu"}
            answer = administrator.post(f"{page(made)}ajouter/", data, follow=True)
        person = Registration.objects.get()
        assert (person.name, person.state, person.email_key, person.status) == (
            "Ada Lovelace",
            "confirmee",
            "ada@example.org",
            "elu",
        )
        assert "Ada Lovelace est dans la liste" in messages(answer)[0]
        assert [sent.to for sent in mail.outbox] == [["Ada@example.org"]]

    def test_without_address_no_mail(self, administrator, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            administrator.post(f"{page(event())}ajouter/", {"name": "Ada"})
        assert Registration.objects.get().email == ""
        assert mail.outbox == []

    def test_bad_input_is_refused(self, administrator):
        made = event()
        response = administrator.post(f"{page(made)}ajouter/", {"name": "A\r\nBcc: x", "email": "ada"})
        assert response.status_code == 400
        assert "La personne n’est pas inscrite" in response.content.decode()
        assert administrator.get(f"{page(made)}ajouter/").status_code == 200


def test_step_counts_the_half_days_of_every_date(db):
    made = event(days=(-4,))
    add_date(made, -2, afternoon=False)
    registration(made)
    assert steps.numbers(made).to_tick == 3
