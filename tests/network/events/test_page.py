"""The page of an event: when, where, how to register, who speaks; what machines read; who may see it."""

import datetime
import json
import re

import pytest
import time_machine
from django.utils import timezone

from network.events.models import Event, EventDate, ProgrammeItem, Series
from network.models import Audience, Territory, Theme
from tests.factories import directory, events

pytestmark = pytest.mark.usefixtures("world")


def context(client, made: Event):
    return client.get(made.get_absolute_url()).context


def linked(client, made: Event) -> dict:
    html = client.get(made.get_absolute_url()).content.decode()
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return json.loads(script)["@graph"][0]


def dated(begins: str, ends: str, **given) -> Event:
    made = Event.objects.create(**{"title": "Rencontre", "published": True} | given)
    EventDate.objects.create(
        event=made, starts_at=datetime.datetime.fromisoformat(begins), ends_at=datetime.datetime.fromisoformat(ends)
    )
    made.keep_bounds()
    return made


@pytest.mark.parametrize(
    ("begins", "ends", "day", "hours"),
    [
        ("2025-05-22T13:00+02:00", "2025-05-22T14:00+02:00", "jeudi 22 mai 2025", "13 h – 14 h"),
        ("2025-05-01T09:30+02:00", "2025-05-01T12:15+02:00", "jeudi 1er mai 2025", "9 h 30 – 12 h 15"),
        ("2025-05-22T20:00+02:00", "2025-05-23T01:00+02:00", "", "du jeudi 22 mai 2025, 20 h au vendredi 23 mai 2025, 1 h"),
        ("2026-03-29T00:30Z", "2026-03-29T01:30Z", "dimanche 29 mars 2026", "1 h 30 – 3 h 30"),
        (
            "2026-10-25T00:30Z",
            "2026-10-25T01:30Z",
            "dimanche 25 octobre 2026",
            "2 h 30 (heure d’été) – 2 h 30 (heure d’hiver)",
        ),
        ("2026-10-24T10:00Z", "2026-10-24T15:00Z", "samedi 24 octobre 2026", "12 h – 17 h"),
        ("2026-10-26T10:00Z", "2026-10-26T15:00Z", "lundi 26 octobre 2026", "11 h – 16 h"),
    ],
)
def test_dates_are_said_in_paris(visitor, begins, ends, day, hours):
    [shown] = context(visitor, dated(begins, ends))["event"]["dates"]
    assert (shown["day"], shown["hours"].replace("\u00a0", " ")) == (day, hours)


def test_dates_that_are_over_are_told_while_others_come(visitor):
    made = events.event("Cycle", days=(-2, 5))
    page = visitor.get(made.get_absolute_url())
    assert [date["past"] for date in page.context["event"]["dates"]] == [True, False]
    assert page.content.decode().count("(passée)") == 1
    assert page.context["event"]["when"].startswith("2\u00a0dates, du ")


def test_where(visitor):
    place = Territory.objects.get(code="25056")
    made = events.event(
        "Rencontre",
        venue="MJC",
        address="24 rue des Roses",
        place=place,
        accessibility=["moteur", "inconnu"],
        access_note="Bus 3",
    )
    where = context(visitor, made)["event"]["where"]
    assert where == {
        "mode": "Présentiel",
        "online_note": "",
        "venue": "MJC",
        "address": "24 rue des Roses",
        "place": [{"label": "Besançon", "url": "/territoires/25056/"}],
        "access_note": "Bus 3",
        "accessibility": ["moteur"],
    }


@pytest.mark.parametrize("given", [{"mode": "en-ligne"}, {"status": "deplace-en-ligne"}])
def test_online_event_shows_no_place_and_no_address_of_the_meeting(visitor, given):
    made = events.event("En ligne", venue="Salle", online_url="https://visio.example.org/secret", **given)
    page = visitor.get(made.get_absolute_url())
    where = page.context["event"]["where"]
    assert (where["mode"], where["venue"], where["place"]) == ("En ligne", "", [])
    assert "avant le début" in where["online_note"]
    assert "visio.example.org" not in page.content.decode()
    assert "avant le début" in context(visitor, events.event(mode="mixte"))["event"]["where"]["online_note"]


@pytest.mark.parametrize(
    ("given", "banner"),
    [
        ({}, None),
        ({"status_note": "Entrée par la cour."}, "À noter"),
        ({"status": "annule"}, "Cet événement est annulé."),
        ({"status": "reporte"}, "Cet événement est reporté."),
        ({"status": "reprogramme"}, "La date a changé."),
        ({"status": "deplace-en-ligne"}, "Cet événement aura lieu en ligne."),
        ({"status": "complet"}, "Cet événement est complet."),
    ],
)
def test_banner(visitor, given, banner):
    shown = context(visitor, events.event(**given))["event"]["banner"]
    assert (shown and shown["title"]) == banner


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({}, "S’inscrire"),
        ({"capacity": 0}, "S’inscrire en liste d’attente"),
        ({"capacity": 0, "waiting_list": False}, ""),
        ({"registering": "candidature"}, "Proposer sa candidature"),
        ({"registering": "ailleurs", "elsewhere_url": "https://ailleurs.example.org/"}, "S’inscrire sur l’autre site"),
        ({"registering": "aucune"}, ""),
        ({"days": (-3,)}, ""),
        ({"status": "annule"}, ""),
    ],
)
def test_registration_box(visitor, given, label):
    made = events.event("Rencontre", **given)
    box = context(visitor, made)["registering"]
    assert box["label"] == label
    wanted = (
        "https://ailleurs.example.org/" if "ailleurs" in label or "autre" in label else f"{made.get_absolute_url()}inscription/"
    )
    assert box["url"] == (wanted if label else "")


def test_programme_names_people_of_the_directory(visitor):
    made = events.event("Rencontre", days=(3, 10))
    first, second = made.dates.all()
    ada = directory.person("Ada Lovelace", role="Mathématicienne", organisation=directory.organisation("Les Lilas"))
    hidden = directory.person("Grace Hopper", published=False, role="Amirale")
    items = [("Accueil", None, datetime.time(9)), ("Matin", first, datetime.time(10, 30)), ("Soir", second, None)]
    for order, (title, date, time) in enumerate(items):
        item = ProgrammeItem.objects.create(
            event=made, title=title, date=date, time=time, order=order, other_speakers="Une troupe"
        )
        item.speakers.set([ada, hidden] if title == "Matin" else [])
    parts = context(visitor, made)["event"]["programme"]
    assert [bool(part["title"]) for part in parts] == [False, True, True]
    [item] = parts[1]["items"]
    assert (item["time"], item["title"], item["others"]) == ("10\u00a0h\u00a030", "Matin", "Une troupe")
    assert sorted(item["speakers"], key=lambda one: one["label"]) == [
        {"label": "Ada Lovelace", "url": ada.get_absolute_url(), "detail": "Mathématicienne, Les Lilas"},
        {"label": "Grace Hopper", "url": "", "detail": ""},
    ]
    assert parts[2]["items"][0]["time"] == ""


def test_who_organises(visitor):
    made = events.event("Rencontre", contact_name="Ada", contact_email="ada@example.org")
    assert "Trajectoire Ressources</li>" in visitor.get(made.get_absolute_url()).content.decode()
    made.organisers.add(directory.organisation("Les Lilas"))
    made.partners.add(directory.organisation("Cachée", published=False))
    made.themes.set(Theme.objects.filter(slug="sante"))
    made.audiences.set(Audience.objects.filter(slug="elus"))
    shown = context(visitor, made)["event"]
    assert shown["organisers"] == [{"label": "Les Lilas", "url": "/reseau/les-lilas/"}]
    assert shown["partners"] == [{"label": "Cachée", "url": ""}]
    assert shown["themes"] == [{"label": "Santé", "url": "/agenda/?theme=sante"}]
    assert shown["audiences"] == [{"label": "élus et élues", "url": "/agenda/?public=elus"}]


@pytest.mark.parametrize("given", [{"published": False}, {"private": True}])
def test_event_that_is_not_public_does_not_exist_but_for_staff(visitor, stranger, administrator, given):
    made = events.event("Secret", **given)
    for client in (visitor, stranger):
        assert client.get(made.get_absolute_url()).status_code == 404
    page = administrator.get(made.get_absolute_url())
    assert "Aperçu" in page.content.decode()
    assert (page.context["linked"], page.context["elements"]) == ("", [])
    assert page.context["edit_url"] == f"/admin/events/event/{made.pk}/change/"


def test_structured_data(visitor):
    place = Territory.objects.get(code="25056")
    made = dated("2026-05-22T11:00Z", "2026-05-22T12:00Z", venue="MJC", place=place, mode="mixte", capacity=20)
    made.themes.set(Theme.objects.filter(slug="sante"))
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False):
        data = linked(visitor, made)
    assert (data["@type"], data["startDate"], data["endDate"]) == (
        "Event",
        "2026-05-22T13:00:00+02:00",
        "2026-05-22T14:00:00+02:00",
    )
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [where["@type"] for where in data["location"]] == ["Place", "VirtualLocation"]
    assert data["location"][0]["address"]["addressLocality"] == "Besançon"
    assert (data["offers"]["price"], data["offers"]["availability"]) == ("0", "https://schema.org/InStock")
    assert data["maximumAttendeeCapacity"] == 20
    assert data["organizer"]["name"] == "Trajectoire Ressources"


@pytest.mark.parametrize(
    ("given", "status", "mode"),
    [
        ({"status": "annule"}, "EventCancelled", "Offline"),
        ({"status": "reporte"}, "EventPostponed", "Offline"),
        ({"status": "reprogramme"}, "EventRescheduled", "Offline"),
        ({"status": "deplace-en-ligne"}, "EventMovedOnline", "Online"),
        ({"status": "complet"}, "EventScheduled", "Offline"),
        ({"mode": "en-ligne"}, "EventScheduled", "Online"),
    ],
)
def test_structured_status(visitor, given, status, mode):
    data = linked(visitor, events.event(days=(3, 4), **given))
    assert data["eventStatus"] == f"https://schema.org/{status}"
    assert data["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
    assert len(data["subEvent"]) == 2
    assert ("offers" in data) == (given.get("status") not in ("annule", "reporte"))
    if given.get("status") == "complet":
        assert data["offers"]["availability"].endswith("SoldOut")


def test_structured_data_of_an_event_with_parts_and_organisers(visitor):
    made = events.event("Cycle", days=(3,))
    events.add_date(made, 4, label="Synthèse")
    made.organisers.add(directory.organisation("Les Lilas"))
    data = linked(visitor, made)
    assert [part["name"] for part in data["subEvent"]] == ["Cycle", "Cycle\u00a0: Synthèse"]
    assert data["organizer"] == [{"@type": "Organization", "name": "Les Lilas"}]


def test_hostile_title_ends_no_element(visitor):
    made = events.event("</script><script>alert(1)</script><b>", summary='"><img src=x onerror=alert(1)>')
    html = visitor.get(made.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html
    assert "\\u003c/script\\u003e" in html
    assert linked(visitor, made)["name"] == "</script><script>alert(1)</script><b>"


def test_open_graph(visitor):
    made = events.event("Rencontre", summary="En deux mots.")
    found = {element["name"]: element["content"] for element in context(visitor, made)["elements"]}
    assert found["og:title"] == "Rencontre"
    assert found["og:description"].endswith("En deux mots.")
    assert found["og:url"].endswith("/agenda/rencontre/")


def test_event_of_a_cycle_shows_the_others(visitor):
    cycle = Series.objects.create(title="Un cycle", published=True)
    first, second = (events.event(f"Séance {number}", series=cycle, days=(number,)) for number in (3, 9))
    events.event("Séance cachée", series=cycle, private=True)
    shown = context(visitor, second)["series"]
    assert [(one["label"], one["current"]) for one in shown["sessions"]] == [
        ("Séance 1".replace("1", "3"), False),
        ("Séance 9", True),
    ]
    box = context(visitor, second)["registering"]
    assert box["url"] == f"{first.get_absolute_url()}inscription/"
    assert box["note"] == "Une seule inscription pour toutes les séances du cycle."
    cycle.published = False
    cycle.save()
    assert context(visitor, second)["series"] is None


def test_undated_event(visitor):
    made = events.event("Un jour", days=(), status="reporte")
    page = visitor.get(made.get_absolute_url())
    assert "Date à préciser" in page.content.decode()
    assert page.context["event"]["ics_url"] == ""
    assert "startDate" not in linked(visitor, made)


def test_query_count_of_an_event(visitor, django_assert_num_queries):
    made = events.event("Rencontre", series=Series.objects.create(title="Un cycle", published=True))
    for count in (1, 2):
        for number in range(count * 2 - 1):
            item = ProgrammeItem.objects.create(event=made, title=f"Point {number}")
            item.speakers.add(directory.person())
            made.organisers.add(directory.organisation())
            made.territories.set(Territory.objects.filter(code__in=["25", "21"]))
            events.add_date(made, 20 + number)
            events.event(f"Séance {count} {number}", series=made.series)
        visitor.get(made.get_absolute_url())
        with django_assert_num_queries(15):
            visitor.get(made.get_absolute_url())


def test_today_stands_out_in_the_month(visitor):
    today = timezone.localdate()
    events.event("Aujourd’hui", days=(0,))
    page = visitor.get(f"/agenda/mois/{today.year}/{today.month}/")
    days = [day for week in page.context["weeks"] for day in week]
    [shown] = [day for day in days if day["today"] and day["inside"]]
    assert [entry["title"] for entry in shown["entries"]] == ["Aujourd’hui"]
    assert "(aujourd’hui)" in page.content.decode()
