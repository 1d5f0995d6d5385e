"""The form of registration: one page, no account, bad input told in words, nothing of it trusted."""

import re
import uuid

import pytest
from django.core import mail

from network.events.models import Event, Question, Registration
from resources.alerts.models import Subscriber
from tests.factories import events
from tests.factories.events import in_days
from trajectoire.core import tokens

pytestmark = pytest.mark.usefixtures("world")
NBSP, NNBSP = "\u00a0", "\u202f"


def page(client, response) -> str:
    """The page that the form leads to."""
    assert response.status_code == 302, response.content.decode()
    return client.get(response.headers["Location"]).content.decode()


def heading(html: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", html)[1]


def test_form_asks_for_what_is_needed_and_no_more(visitor):
    html = visitor.get(f"/agenda/{events.event(title='Journée').slug}/inscription/").content.decode()
    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', html)) - {"q"}
    asked = {"name", "email", "phone", "structure", "position", "status", "department", "needs", "newsletter"}
    assert names == asked | {"website", "shown_at", "form_key", "collegues", "csrfmiddlewaretoken"}
    assert "Sans compte." in html


def test_form_asks_for_meal_motivation_list_and_questions_when_the_event_does(visitor, send):
    made = events.event(asks_meal=True, asks_motivation=True, shares_list=True)
    kinds = [("ligne", ""), ("texte", ""), ("oui-non", ""), ("choix", "Matin\nSoir")]
    rows = [
        Question.objects.create(event=made, text=f"Question {kind}", kind=kind, choices=choices, required=True, order=order)
        for order, (kind, choices) in enumerate(kinds)
    ]
    values = dict(zip([f"question_{row.pk}" for row in rows], ["a", "b", "on", "Soir"], strict=True))
    response = send(visitor, made, **dict.fromkeys(values), meal="")
    assert response.status_code == 400
    assert response.content.decode().count("Répondez à cette question") == 8  # in the summary, and at each field
    send(visitor, made, **values, meal="végétarien", motivation="Apprendre.", share="on")
    stored = Registration.objects.get()
    assert (stored.meal, stored.motivation) == ("végétarien", "Apprendre.")
    assert stored.list_wording.startswith("J’accepte que mon nom")
    assert list(stored.answers.values()) == ["a", "b", True, "Soir"]


def test_nothing_asks_for_a_religion(visitor):
    made = events.event(asks_meal=True)
    html = visitor.get(f"/agenda/{made.slug}/inscription/").content.decode().lower()
    assert not re.search(r"halal|casher|cacher|religi|confession|naissance", html)


def test_place_is_confirmed_at_once_and_by_mail(visitor, send):
    made = events.event(title="Journée d’étude")
    html = page(visitor, send(visitor, made, structure="MJC", phone="06 11 22 33 44"))
    assert heading(html) == "Votre place est confirmée"
    stored = Registration.objects.get()
    assert (stored.name, stored.structure, stored.status, stored.department) == ("Ada Lovelace", "MJC", "elu", "25")
    [sent] = mail.outbox
    assert sent.to == ["ada@example.org"]
    [token] = re.findall(r"/inscription/([^/\s]+)/", sent.body)
    assert tokens.unsign("inscription", token) == [stored.pk, 0]
    [(name, content, kind)] = sent.attachments
    assert (name, kind) == ("rendez-vous.ics", "text/calendar")
    assert "BEGIN:VEVENT" in content
    assert not re.search(r"/inscription/[^/]+:", html)  # the link goes to the mailbox only


def test_who_waits_knows_it_at_once(visitor, send):
    made = events.event(capacity=0)
    assert "M’inscrire en liste d’attente" in visitor.get(f"/agenda/{made.slug}/inscription/").content.decode()
    assert heading(page(visitor, send(visitor, made))) == "Vous êtes en liste d’attente"


def test_application_is_not_said_to_be_a_place(visitor, send):
    made = events.event(registering="candidature")
    assert "Envoyer ma candidature" in visitor.get(f"/agenda/{made.slug}/inscription/").content.decode()
    html = page(visitor, send(visitor, made))
    assert heading(html) == "Votre candidature est bien arrivée"
    assert "Ce n’est pas encore une inscription." in html


def test_known_address_gets_the_same_page_as_an_unknown_one(visitor, send):
    made = events.event(capacity=2)
    first = page(visitor, send(visitor, made))
    again = page(visitor, send(visitor, made, email="ADA@example.org", name="Quelqu’un"))
    assert first == again
    assert [one.body.count("rien n’est changé") for one in mail.outbox] == [0, 1]
    assert {one.to[0] for one in mail.outbox} == {"ada@example.org"}
    assert Registration.objects.get().name == "Ada Lovelace"


def test_known_and_unknown_cost_the_same_to_the_database(visitor, send, django_assert_max_num_queries):
    made = events.event()
    send(visitor, made)
    with django_assert_max_num_queries(60) as unknown:
        send(visitor, made, email="new@example.org")
    with django_assert_max_num_queries(60) as known:
        send(visitor, made)
    assert abs(len(unknown) - len(known)) <= 3


def test_form_sent_twice_registers_once_and_says_the_same(visitor, send):
    made, key = events.event(capacity=1), str(uuid.uuid4())
    pages = [page(visitor, send(visitor, made, form_key=key)) for _ in range(2)]
    assert [heading(html) for html in pages] == ["Votre place est confirmée"] * 2
    assert Registration.objects.count() == len(mail.outbox) == 1


def test_made_up_key_of_a_form_is_refused(visitor, send):
    made = events.event()
    assert send(visitor, made, form_key="x").status_code == 400
    assert send(visitor, made, form_key=None).status_code == 302


def test_two_tabs_register_once(visitor, send):
    made = events.event(capacity=1, waiting_list=False)
    send(visitor, made)
    response = send(visitor, made)
    assert response.status_code == 400
    assert "Si cette adresse avait déjà une inscription, elle est gardée" in response.content.decode()
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "ada", "Cette adresse e-mail n’est pas complète"),
        ("email", "a@b.fr\r\nBcc: c@d.fr", "Cette adresse e-mail n’est pas complète"),
        ("email", None, "Indiquez l’adresse e-mail"),
        ("name", " ", "Indiquez votre prénom et votre nom."),
        ("name", "Ada\r\nBcc: a@b.fr", "caractère interdit"),
        ("name", "x" * 121, "120"),
        ("structure", "x\ty", "caractère interdit"),
        ("status", "pape", "Sélectionnez un choix valide"),
        ("status", "", "Choisissez votre statut."),
        ("department", "75", "Sélectionnez un choix valide"),
        ("shown_at", "", "relisez votre message"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_written(visitor, send, field, value, sentence):
    response = send(visitor, events.event(), **{"needs": "boucle magnétique", field: value})
    html = response.content.decode()
    assert response.status_code == 400
    assert sentence in html
    assert 'value="boucle magnétique"' in html
    assert not Registration.objects.exists()
    assert mail.outbox == []


def test_hidden_fields_of_the_model_are_ignored(visitor, send):
    other, made = events.event(), events.event(capacity=0)
    send(
        visitor,
        made,
        state="confirmee",
        registration=other.pk,
        priority=9,
        walk_in="on",
        link_version=4,
        decision_note="x",
        user=1,
    )
    found = Registration.objects.values_list("event", "state", "priority", "walk_in", "link_version", "decision_note").get()
    assert found == (made.pk, "attente", 0, False, 0, "")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"closes_at": in_days(-1)}, "Les inscriptions sont closes depuis"),
        ({"opens_at": in_days(1)}, "Les inscriptions ouvriront"),
        ({"days": (-3,)}, "Cet événement a eu lieu."),
        ({"status": "annule"}, "Cet événement est annulé"),
        ({"status": "reporte"}, "Cet événement est reporté"),
        ({"registering": "aucune"}, "aucune inscription n’est demandée"),
        ({"registering": "ailleurs", "elsewhere_url": "https://example.org/"}, "sur un autre site"),
        ({"capacity": 0, "waiting_list": False}, "toutes les places sont prises"),
    ],
)
def test_closed_event_says_why_and_keeps_nothing(visitor, send, given, sentence):
    made = events.event(**given)
    shown = visitor.get(f"/agenda/{made.slug}/inscription/")
    assert sentence in shown.content.decode()
    assert 'name="email"' not in shown.content.decode()
    assert send(visitor, made).status_code == 400
    assert not Registration.objects.exists()


@pytest.mark.parametrize("given", [{"published": False}, {"private": True}])
def test_event_that_is_not_public_has_no_form(visitor, send, given):
    made = events.event(**given)
    assert visitor.get(f"/agenda/{made.slug}/inscription/").status_code == 404
    assert send(visitor, made).status_code == 404


def test_robot_is_led_away_quietly(visitor, send):
    made = events.event()
    codes = {send(visitor, made, website="http://x", shown_at="").status_code for _ in range(30)}
    assert codes == {302}
    assert send(visitor, made, website="http://x").status_code == 429
    assert not Registration.objects.exists()
    assert mail.outbox == []


def test_letter_is_asked_for_and_confirmed_from_the_mailbox(visitor, send):
    send(visitor, events.event(), newsletter="on")
    stored = Registration.objects.get()
    assert "lettre d’information" in stored.newsletter_wording
    subscriber = Subscriber.objects.get()
    assert (subscriber.email, subscriber.letter.confirmed_at) == ("ada@example.org", None)
    assert sorted(one.subject.split(":")[0].strip() for one in mail.outbox) == [
        "Confirmez votre abonnement à la lettre",
        "Inscription confirmée",
    ]


def test_letter_is_not_offered_when_nobody_sends_one(visitor, send, monkeypatch):
    monkeypatch.setattr("trajectoire.core.newsletter._known", [])
    made = events.event()
    assert 'name="newsletter"' not in visitor.get(f"/agenda/{made.slug}/inscription/").content.decode()
    send(visitor, made, newsletter="on")
    assert Registration.objects.get().newsletter_wording == ""


@pytest.mark.parametrize("result", ["", "faux", "other"])
def test_result_is_shown_to_its_own_event_only(visitor, send, result):
    made, other = events.event(), events.event()
    if result == "other":
        result = send(visitor, other).headers["Location"].split("resultat=")[1]
    html = visitor.get(f"/agenda/{made.slug}/inscription/?resultat={result}").content.decode()
    assert 'name="email"' in html


def test_session_of_a_cycle_leads_to_the_form_of_the_cycle(visitor):
    cycle = Event.series.field.related_model.objects.create(title="Cycle")
    lead, second = events.event(series=cycle), events.event(series=cycle)
    response = visitor.get(f"/agenda/{second.slug}/inscription/")
    assert response.headers["Location"] == f"/agenda/{lead.slug}/inscription/"


def test_what_the_person_wrote_is_escaped_in_the_mail(visitor, send):
    send(visitor, events.event(title="<b>Journée</b>"), name="<script>alert(1)</script>")
    assert "<script>" not in mail.outbox[0].alternatives[0].content
    assert "<b>" not in re.sub(r'"[^"]*"', "", mail.outbox[0].alternatives[0].content)


def test_pages_are_kept_by_nobody(visitor, send):
    made = events.event()
    assert "no-store" in visitor.get(f"/agenda/{made.slug}/inscription/").headers["Cache-Control"]
    shown = visitor.get(send(visitor, made).headers["Location"])
    assert "no-store" in shown.headers["Cache-Control"]
    assert shown.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("count", [1, 3])
def test_form_costs_the_same_whatever_the_number_of_people(visitor, count, django_assert_num_queries):
    made = events.event(capacity=50)
    for _ in range(count):
        events.registration(made)
    visitor.get(f"/agenda/{made.slug}/inscription/")
    with django_assert_num_queries(5):
        visitor.get(f"/agenda/{made.slug}/inscription/")
