"""The public list of sessions and the page of one."""

import json
import re

import pytest

from network.events.models import Event, Registration
from network.models import Territory
from tests.factories import accounts, events, vrl
from trajectoire.core.roles import VRL
from vrl.session_pages import led_by

pytestmark = pytest.mark.usefixtures("world")
LIST = "/vrl/formations/"


def titles(client, **query) -> list[str]:
    return [card["title"] for card in client.get(LIST, query).context["cards"]]


def counts(page, name: str) -> dict[str, int]:
    [found] = [group for group in page.context["facets"] if group["name"] == name]
    return {value["value"]: value["count"] for value in found["values"]}


@pytest.fixture
def plan():
    """Three sessions to come, one over, one in preparation, and an event that is none."""
    vrl.session("n3", title="Doubs en deux jours", department=vrl.department("25"), days=(10, 11))
    vrl.session("n2", title="Formateurs", days=(30,), capacity=0, waiting_list=False)
    vrl.session("n3", title="Un jour à Dijon", length="1-jour", days=(20,))
    vrl.session("n3", title="Déjà tenue", state="cloturee", days=(-20,))
    vrl.session("n3", title="En préparation", state="equipe")
    events.event("Autre formation", kind="formation")


def test_list_shows_the_public_sessions_alone(visitor, plan):
    page = visitor.get(LIST)
    assert [card["title"] for card in page.context["cards"]] == ["Doubs en deux jours", "Un jour à Dijon", "Formateurs"]
    assert page.context["cards"][0]["url"] == "/vrl/formations/doubs-en-deux-jours/"
    assert page.context["cards"][0]["type_name"] == "N3\u00a0· 2 jours"
    assert titles(visitor, periode="passes") == ["Déjà tenue"]


def test_facets_count_what_ticking_them_would_give(visitor, plan):
    page = visitor.get(LIST)
    assert counts(page, "niveau") == {"n2": 1, "n3": 2}
    assert counts(page, "duree") == {"1-jour": 1, "2-jours": 1, "3-jours": 1}
    assert counts(page, "departement") == {"21": 2, "25": 1}
    assert counts(page, "places") == {"reste": 2}
    assert titles(visitor, niveau="n3", departement="21") == ["Un jour à Dijon"]
    assert titles(visitor, plan="autre", niveau="n1") == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "3 sessions à venir, les plus proches d’abord"),
        ({"niveau": "n3", "departement": "25"}, "1 session N3 à venir dans le Doubs"),
        ({"duree": "2-jours", "places": "reste"}, "1 session à venir de 2 jours avec des places"),
        ({"periode": "passes"}, "1 session déjà tenue"),
        ({"niveau": "n1", "mois": "2020-05"}, "Aucune session N1 à venir en mai 2020"),
        ({"tri": "titre"}, "3 sessions à venir, par ordre alphabétique"),
    ],
)
def test_sentence_says_what_is_listed(visitor, plan, query, sentence):
    said = re.sub("<[^>]+>", "", visitor.get(LIST, query).context["sentence"])
    assert said.replace("\u00a0", " ") == sentence


def test_empty_list_offers_wider_ones(visitor):
    page = visitor.get(LIST, {"niveau": "n1"})
    assert [choice["label"] for choice in page.context["wider"]] == [
        "Retirer le filtre «\u00a0niveau\u00a0»",
        "Voir toutes les sessions à venir",
    ]


def test_list_costs_the_same_however_long(visitor, django_assert_num_queries):
    vrl.session()
    visitor.get(LIST)
    with django_assert_num_queries(8):
        visitor.get(LIST)
    for _ in range(3):
        vrl.session()
    visitor.get(LIST)
    with django_assert_num_queries(8):
        visitor.get(LIST)


def test_list_is_a_calendar_to_subscribe_to(visitor, plan):
    text = visitor.get(f"{LIST}agenda.ics").content.decode()
    assert text.count("BEGIN:VEVENT") == 5  # what ended less than a year ago stays
    assert "Formations du plan" in text
    assert "Autre formation" not in text


def test_changing_the_session_changes_the_list(visitor, plan):
    session = Event.objects.get(title="Formateurs").training
    session.length = "2-jours"
    session.save()
    assert titles(visitor, duree="2-jours") == ["Doubs en deux jours", "Formateurs"]


# One session


def page_of(client, session):
    return client.get(session.get_absolute_url())


def test_page_says_what_the_session_is(visitor):
    session = vrl.session(trainers=[vrl.trainer(name="Claire Morel", public=True), vrl.trainer(name="Nom caché")])
    page = page_of(visitor, session)
    assert page.context["session"]["led_by"] == "Animée par Claire Morel et une autre personne."
    assert page.context["registering"]["url"] == f"/agenda/{session.event.slug}/inscription/"
    assert "Nom caché" not in page.content.decode()
    assert [step["label"] for step in page.context["breadcrumb"]][-3:] == [
        "Valeurs de la République et laïcité",
        "Formations",
        session.event.title,
    ]


@pytest.mark.parametrize(
    ("public", "hidden", "words"),
    [
        (0, 0, ""),
        (0, 1, "Animée par une personne."),
        (0, 2, "Animée par deux personnes."),
        (0, 5, "Animée par 5\u00a0personnes."),
        (1, 0, "Animée par A0."),
        (2, 0, "Animée par A0 et A1."),
        (2, 2, "Animée par A0, A1 et deux personnes de plus."),
    ],
)
def test_only_those_who_agreed_are_named(public, hidden, words):
    named = [vrl.trainer(name=f"A{number}", public=True, user=False, departments=()) for number in range(public)]
    session = vrl.session(trainers=named + [vrl.trainer(user=False, departments=()) for _ in range(hidden)])
    vrl.team_member(session, vrl.trainer(public=True), "invitation")
    assert led_by(session) == words


def test_n1_is_led_from_paris(visitor):
    assert page_of(visitor, vrl.session("n1")).context["session"]["led_by"] == "Animée par l’équipe nationale."


def test_n2_leads_to_the_candidacy(visitor):
    session = vrl.session("n2", registering=Event.Registering.BY_STAFF)
    registering = page_of(visitor, session).context["registering"]
    assert registering["url"] == f"/vrl/devenir-formateur/?session={session.event.slug}"
    ordinary = visitor.get(f"/agenda/{session.event.slug}/inscription/")
    assert (ordinary.status_code, ordinary.headers["Location"]) == (302, registering["url"])
    over = vrl.session("n2", state="cloturee", days=(-5,))
    assert page_of(visitor, over).context["registering"]["url"] == ""


def test_agenda_leads_to_the_one_page(visitor):
    session = vrl.session()
    response = visitor.get(f"/agenda/{session.event.slug}/")
    assert (response.status_code, response.headers["Location"]) == (301, f"{LIST}{session.event.slug}/")


def test_event_that_is_no_session_has_no_page_here(visitor):
    event = events.event()
    assert visitor.get(f"{LIST}{event.slug}/").status_code == 404


def test_session_in_preparation_is_seen_by_who_leads_it(browser, visitor):
    leader = vrl.trainer()
    session = vrl.session(state="equipe", trainers=[leader])
    assert page_of(visitor, session).status_code == 404
    assert page_of(browser(vrl.trainer().user), session).status_code == 404
    assert page_of(browser(leader.user), session).status_code == 200
    assert page_of(browser(accounts.in_role(VRL)), session).status_code == 200


def test_page_is_described_as_a_course(visitor):
    text = page_of(visitor, vrl.session(days=(10, 11))).content.decode()
    [found] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text, re.S)
    described = json.loads(found)
    [course] = [thing for thing in described["@graph"] if thing["@type"] == "Course"]
    assert course["hasCourseInstance"]["courseWorkload"] == "PT14H"
    assert course["hasCourseInstance"]["courseMode"] == "Onsite"


def test_page_costs_the_same_however_many_lead(visitor, django_assert_num_queries):
    one, many = vrl.session(trainers=[vrl.trainer()]), vrl.session(trainers=[vrl.trainer() for _ in range(3)], days=(4, 5, 6))
    page_of(visitor, one)
    for session in (one, many):
        with django_assert_num_queries(10):
            page_of(visitor, session)


def test_department_page_and_sitemap_show_the_session(visitor):
    session = vrl.session(title="Se former dans le Doubs", department=vrl.department("25"))
    session.event.territories.add(Territory.objects.get(code="25"))
    coming = visitor.get("/territoires/25/").context["events"]["coming"]
    assert [card["url"] for card in coming] == [session.get_absolute_url()]
    assert session.get_absolute_url() in visitor.get("/sitemap-agenda.xml").content.decode()


def test_registration_from_the_home_page_takes_three_pages(visitor):
    """The list, the session, the form: the fourth answer says that the place is hers."""
    session = vrl.session(title="Se former")
    assert "/vrl/" in visitor.get("/").content.decode()
    assert titles(visitor) == ["Se former"]
    assert visitor.get(page_of(visitor, session).context["registering"]["url"]).status_code == 200
    assert not Registration.objects.exists()
