"""The page at the door: with its script, without it, by code; late and repeated sendings; people added on the spot."""

import json
from urllib.parse import urlsplit

import pytest

from network.events import presence
from network.events.models import Presence, Registration, RegistrationState
from tests.factories import events

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return events.event("Une journée", days=(0,))


@pytest.fixture
def morning(day):
    return presence.slots(day)[0]


def path(day, more: str = "") -> str:
    return f"/agenda/{day.slug}/presence/{more}"


def form(slot, people, before=(), after=(), **more) -> dict:
    numbers = {"liste": people, "avant": before}
    given = {name: ",".join(str(person.pk) for person in rows) for name, rows in numbers.items()}
    return {"demi-journee": slot.key, "action": "cocher", "presente": [person.pk for person in after], **given, **more}


def send(client, day, ticks, slot="", now=100_000, **more):
    body = json.dumps({"now": now, "slot": slot, "ticks": ticks} | more)
    return client.post(path(day, "cocher/"), body, content_type="application/json")


def ticked(person, slot, at=100_000, present=True) -> dict:
    return {"who": person.pk, "slot": slot.key, "present": present, "at": at}


def test_page_lists_people_and_counts(administrator, day, morning):
    here, waiting = events.registration(day, name="Ada"), events.registration(day, RegistrationState.WAITING, name="Léo")
    presence.mark_everyone(day, morning, None)
    response = administrator.get(path(day), {"demi-journee": morning.key})
    assert [(row["pk"], row["present"], row["note"]) for row in response.context["rows"]] == [
        (here.pk, True, ""),
        (waiting.pk, False, "En liste d’attente"),
    ]
    assert (response.context["present_count"], response.context["expected_count"]) == (1, 1)
    assert "no-store" in response.headers["Cache-Control"]
    assert [choice["current"] for choice in response.context["slots"]] == [True, False]


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_whatever_the_people(administrator, day, count, django_assert_num_queries):
    for _ in range(count):
        events.registration(day)
    with django_assert_num_queries(7):  # session, account, event, dates twice, people, presence
        administrator.get(path(day))


def test_name_is_looked_for_without_accents(administrator, day):
    events.registration(day, name="Éloïse Bœuf"), events.registration(day, name="Ada")
    rows = administrator.get(path(day), {"q": "eloise boeuf"}).context["rows"]
    assert [row["name"] for row in rows] == ["Éloïse Bœuf"]
    assert "Personne ne correspond" in administrator.get(path(day), {"q": "zzz"}).content.decode()


def test_unknown_half_day_falls_back_on_the_one_under_way(administrator, day):
    assert administrator.get(path(day), {"demi-journee": "9-soir"}).status_code == 200


def test_event_without_date_says_so(administrator):
    response = administrator.get(path(events.event(days=())))
    assert "pas encore de date" in response.content.decode()


def test_form_changes_only_what_its_page_changed(administrator, day, morning):
    ada, leo, mia = (events.registration(day) for _ in range(3))
    presence.record(day, [presence.Tick(leo.pk, morning.key, True, events.in_days(-1))], None)
    # Shown with Léo present; meanwhile somebody else ticks Mia. The form ticks Ada and unticks Léo.
    presence.record(day, [presence.Tick(mia.pk, morning.key, True, events.in_days(-1))], None)
    response = administrator.post(path(day), form(morning, [ada, leo, mia], before=[leo], after=[ada]))
    assert response.status_code == 302
    assert presence.present_at(day, morning) == {ada.pk, mia.pk}
    assert Presence.objects.get(registration=ada).ticked_by == administrator.user
    assert "enregistrée" in administrator.get(response.headers["Location"]).content.decode()


def test_form_ignores_numbers_that_are_not(administrator, day, morning):
    ada = events.registration(day)
    given = form(morning, [ada]) | {"presente": ["x", "²", "9" * 30, str(ada.pk)]}
    assert administrator.post(path(day), given).status_code == 302
    assert presence.present_at(day, morning) == {ada.pk}


def test_everybody_then_without_one(administrator, day, morning):
    ada, leo = events.registration(day), events.registration(day)
    administrator.post(path(day), {"demi-journee": morning.key, "action": "tout"})
    assert presence.present_at(day, morning) == {ada.pk, leo.pk}
    administrator.post(path(day), form(morning, [ada, leo], before=[ada, leo], after=[ada]))
    assert presence.present_at(day, morning) == {ada.pk}


def test_person_added_on_the_spot_is_present(administrator, day, morning):
    given = {"demi-journee": morning.key, "action": "ajouter", "name": "Noa Passe", "email": "noa@example.org"}
    administrator.post(path(day), given)
    noa = Registration.objects.get(name="Noa Passe")
    assert (noa.walk_in, noa.state) == (True, RegistrationState.CONFIRMED)
    assert presence.present_at(day, morning) == {noa.pk}
    assert "Venue sans inscription" in administrator.get(path(day)).content.decode()


def test_person_added_twice_or_waiting_is_the_same_one(administrator, day, morning):
    waiting = events.registration(day, RegistrationState.WAITING, email="Lea@example.org", name="Léa")
    for name in ("Léa", "Léa bis"):
        given = {"demi-journee": morning.key, "action": "ajouter", "name": name, "email": "lea@EXAMPLE.org"}
        administrator.post(path(day), given)
    assert Registration.objects.get().state == RegistrationState.CONFIRMED
    assert presence.present_at(day, morning) == {waiting.pk}


@pytest.mark.parametrize(
    ("name", "email", "words"),
    [
        ("", "", "Indiquez le prénom et le nom."),
        ("Ada", "ada@", "doit ressembler à nom@exemple.fr"),
        ("A\tda", "", "caractère interdit"),
    ],
)
def test_person_badly_written_is_refused_with_words(administrator, day, morning, name, email, words):
    given = {"demi-journee": morning.key, "action": "ajouter", "name": name, "email": email}
    response = administrator.post(path(day), given)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not Registration.objects.exists()


def test_phone_sends_what_it_kept(administrator, day, morning):
    ada, leo = events.registration(day), events.registration(day)
    presence.record(day, [presence.Tick(leo.pk, morning.key, True, events.in_days(-1))], None)
    response = send(administrator, day, [ticked(ada, morning)], slot=morning.key)
    assert response.json() == {"present": [ada.pk, leo.pk]}
    assert send(administrator, day, [], slot="inconnue").json() == {"present": []}


def test_only_the_time_elapsed_is_believed_of_a_phone(administrator, day, morning):
    ada = events.registration(day)
    send(administrator, day, [ticked(ada, morning, at=90_000, present=False)], now=100_000)  # ten seconds ago
    send(administrator, day, [ticked(ada, morning, at=5, present=True)], now=1_005)  # another clock, one second ago
    assert presence.present_at(day, morning) == {ada.pk}
    send(administrator, day, [ticked(ada, morning, at=1, present=False)], now=2_000_000_000)  # three weeks ago, it says
    assert presence.present_at(day, morning) == {ada.pk}


def test_sending_again_is_harmless(administrator, day, morning):
    ada = events.registration(day)
    for _ in range(2):
        assert send(administrator, day, [ticked(ada, morning)]).status_code == 200
    assert Presence.objects.count() == 1


ONE = '"ticks": [{"who": 1, "slot": "", "present": 1, "at": 1}]'


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"now": 1, "slot": "", "ticks": [{}]}',
        '{"now": 1, "slot": "", "ticks": 3}',
        *(f'{{"now": {now}, "slot": "", {ONE}}}' for now in ('"x"', "1e400", "9e99")),
    ],
)
def test_what_is_not_ticks_is_refused(administrator, day, body):
    response = administrator.post(path(day, "cocher/"), body, content_type="application/json")
    assert response.status_code == 400


def test_sheet_is_given_to_who_ticks(administrator, day):
    response = administrator.get(path(day, "feuille.pdf"))
    assert response.headers["Content-Type"] == "application/pdf"
    assert f'filename="presence-{day.slug}.pdf"' in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]


def test_code_leads_to_the_person_alone(administrator, day):
    ada = events.registration(day, name="Ada")
    events.registration(day, name="Léo")
    response = administrator.get(urlsplit(presence.door_url(ada)).path)
    assert response.headers["Location"] == path(day, f"?personne={ada.pk}")
    page = administrator.get(response.headers["Location"])
    assert [row["name"] for row in page.context["rows"]] == ["Ada"]
    assert "Voir tout le monde" in page.content.decode()


@pytest.mark.parametrize("actor", ["stranger", "trainer", "powerless", "documentalist"])
def test_pages_do_not_exist_for_others(request, actor, day, morning):
    client, ada = request.getfixturevalue(actor), events.registration(day)
    assert client.get(path(day)).status_code == 404
    assert client.post(path(day), form(morning, [ada], after=[ada])).status_code == 404
    assert send(client, day, [ticked(ada, morning)]).status_code == 404
    assert client.get(urlsplit(presence.door_url(ada)).path).status_code == 404
    assert not Presence.objects.exists()


def test_ticks_need_their_token(day, morning):
    from django.test import Client

    from tests.factories import accounts

    client = Client(enforce_csrf_checks=True)
    client.force_login(accounts.administrator())
    assert send(client, day, [ticked(events.registration(day), morning)]).status_code == 403
