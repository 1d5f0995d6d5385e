"""The list of the agenda: what is to come, what is over, facets, faces; nothing private in any of them."""

import datetime
import json

import pytest
import time_machine
from django.utils import timezone

from network.events.models import Event, EventDate
from tests.factories import directory, events
from trajectoire.core import search

pytestmark = pytest.mark.usefixtures("world")


def titles(client, query: str = "") -> list[str]:
    return [card["title"] for card in client.get(f"/agenda/{query}").context["cards"]]


def described(title: str, *, themes=(), territories=(), audiences=(), **given) -> Event:
    made = events.event(title, **given)
    for field, (vocabulary, code) in directory.VOCABULARIES.items():
        chosen = {"themes": themes, "territories": territories, "audiences": audiences}[field]
        getattr(made, field).set(vocabulary.objects.filter(**{f"{code}__in": chosen}))
    made.announce(made.pk)
    return made


def test_coming_events_come_the_soonest_first_and_past_ones_the_latest_first(visitor):
    for title, days in {"Demain": 1, "Dans un mois": 30, "Hier": -1, "Avant-hier": -2}.items():
        events.event(title, days=(days,))
    events.event("Commencé", days=(-3, 3))
    assert titles(visitor) == ["Commencé", "Demain", "Dans un mois"]
    assert titles(visitor, "?periode=passes") == ["Hier", "Avant-hier"]
    tabs = visitor.get("/agenda/").context["tabs"]
    assert [(tab["label"], tab["count"], tab["url"], tab["current"]) for tab in tabs] == [
        ("À venir", 3, "/agenda/", True),
        ("Passés", 2, "/agenda/?periode=passes", False),
    ]
    assert visitor.get("/agenda/?periode=passes").context["hidden_inputs"] == [("periode", "passes")]


def test_what_is_not_public_is_nowhere(visitor):
    events.event("Brouillon secret", published=False)
    events.event("Comité secret", private=True)
    passed = events.event("Passé secret", days=(-4,), private=True)
    today = timezone.localdate()
    pages = [
        "/agenda/",
        "/agenda/?periode=passes",
        "/agenda/?q=secret",
        "/recherche/?q=secret",
        "/recherche/suggestions/?q=secret",
    ]
    pages += [f"/agenda/{name}" for name in ("flux.atom", "export.json", "export.csv", "agenda.ics")]
    pages += ["/sitemap-agenda.xml", "/plan-du-site/", "/", f"/agenda/mois/{today.year}/{today.month}/"]
    for address in pages:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        content = answer.content.decode()
        for shown in ("Brouillon secret", "Comité secret", "Passé secret", "brouillon-secret", "comite-secret", "passe-secret"):
            assert shown not in content, address
    assert visitor.get(passed.get_absolute_url()).status_code == 404
    assert visitor.get(f"/agenda/{passed.slug}.ics").status_code == 404
    tabs = visitor.get("/agenda/").context["tabs"]
    assert [tab["count"] for tab in tabs] == [0, 0]


def test_an_event_made_private_leaves_every_list_at_once(visitor):
    made = events.event("Devient privé")
    assert titles(visitor) == ["Devient privé"]
    made.private = True
    made.save()
    assert titles(visitor) == []
    assert "Devient" not in visitor.get("/agenda/agenda.ics").content.decode()


def test_facets_count_and_filter(visitor):
    described("Santé à Planoise", kind="atelier", themes=["sante"], territories=["QN02503M"], audiences=["elus"])
    described("École en ligne", kind="webinaire", themes=["education"], mode="en-ligne")
    described("Déplacé", kind="webinaire", status="deplace-en-ligne", themes=["education"])
    full = described("Complet", capacity=1, themes=["sante"])
    events.registration(full)
    full.announce(full.pk)
    expected = {
        "?nature=webinaire": {"École en ligne", "Déplacé"},
        "?theme=sante": {"Santé à Planoise", "Complet"},
        "?territoire=25": {"Santé à Planoise"},
        "?territoire=QN02503M": {"Santé à Planoise"},
        "?public=elus": {"Santé à Planoise"},
        "?mode=en-ligne": {"École en ligne", "Déplacé"},
        "?places=reste": {"Santé à Planoise", "École en ligne", "Déplacé"},
        f"?mois={events.in_days(10):%Y-%m}": {"Santé à Planoise", "École en ligne", "Déplacé", "Complet"},
        "?mois=1999-01": set(),
        "?theme=sante&nature=webinaire": set(),
    }
    for query, found in expected.items():
        assert set(titles(visitor, query)) == found, query
    groups = {group["name"]: group for group in visitor.get("/agenda/").context["facets"]}
    assert list(groups) == ["nature", "mois", "theme", "territoire", "mode", "places", "public"]
    assert [(v["label"], v["count"]) for v in groups["places"]["values"]] == [("Il reste des places", 3)]
    assert [v["count"] for v in groups["mois"]["values"]] == [4]


def test_months_of_a_long_archive_are_chosen_by_year(visitor):
    for number in range(20):
        events.event(days=(-31 * (number + 1),))
    months = next(g for g in visitor.get("/agenda/?periode=passes").context["facets"] if g["name"] == "mois")
    labels = [value["label"] for value in months["values"]]
    assert labels == sorted(labels, reverse=True)
    assert all(len(label) == 4 for label in labels)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "2 événements à venir, les plus proches d’abord"),
        ("?periode=passes", "1 événement déjà passé"),
        ("?nature=webinaire&periode=passes", "1 webinaire dans les archives"),
        ("?nature=atelier&nature=webinaire", "2 ateliers et webinaires à venir, les plus proches d’abord"),
        ("?theme=sante&mode=en-ligne&places=reste&tri=titre", "Aucun événement à venir sur « Santé » en ligne avec des places"),
        ("?mois=2026-13&mois=2031&mois=0000-01", "Aucun événement à venir en 2026-13, 2031 ou 0000-01"),
        ("?mois=2031-02&mode=inconnu", "Aucun événement à venir en février 2031"),
        ("?nature=inconnue", "Aucun événement à venir"),
    ],
)
def test_sentence(visitor, query, words):
    described("Un", kind="atelier", days=(400,))
    described("Deux", kind="webinaire", days=(401,))
    described("Trois", kind="webinaire", days=(-1,))
    text = visitor.get(f"/agenda/{query}").content.decode().partition('id="phrase" tabindex="-1">')[2].partition("</p>")[0]
    assert text.replace("<mark>", "").replace("</mark>", "").replace("\u00a0", " ").replace("\u202f", " ") == words


def test_empty_list_says_what_to_try(visitor):
    page = visitor.get("/agenda/?theme=sante&q=ornithorynque")
    assert [choice["label"] for choice in page.context["empty"]["wider"]] == [
        "Retirer le filtre «\u00a0thème\u00a0»",
        "Voir tous les événements à venir",
    ]
    assert page.context["status_message"] == "Aucun événement"


def test_undated_event_is_to_come(visitor):
    events.event("Un jour", days=(), status="reporte")
    page = visitor.get("/agenda/")
    assert [(card["title"], card["meta"]) for card in page.context["cards"]] == [("Un jour", ["Date à préciser"])]
    assert "VEVENT" not in visitor.get("/agenda/agenda.ics").content.decode()


def test_a_list_of_one_and_of_three_asks_as_many_queries(visitor, django_assert_num_queries):
    described("Un", themes=["sante"], territories=["25"])
    visitor.get("/agenda/")
    with django_assert_num_queries(8):
        visitor.get("/agenda/")
    for title in ("Deux", "Trois"):
        made = described(title, themes=["sante", "education"], territories=["25", "21"])
        events.add_date(made, 20)
        events.registration(made)
    visitor.get("/agenda/")
    with django_assert_num_queries(8):
        visitor.get("/agenda/")


def test_indexing_asks_as_many_queries_for_one_and_for_three(django_assert_num_queries):
    source = next(source for source in search.sources() if source.kind == "event")
    described("Un", themes=["restauration-collective"], territories=["QN02503M", "21231"])
    with django_assert_num_queries(12):
        assert len([source.entry(row) for row in source.queryset()]) == 1
    for title in ("Deux", "Trois"):
        described(title, themes=["sante", "restauration-collective"], territories=["QN02503M", "21231"])
    with django_assert_num_queries(12):
        assert len([source.entry(row) for row in source.queryset()]) == 3


@pytest.mark.parametrize("night", ["2026-03-29T02:30", "2026-10-25T02:30"])
def test_the_night_of_a_clock_change_is_stored_in_utc_and_shown_in_paris(visitor, night):
    begins = timezone.make_aware(datetime.datetime.fromisoformat(night)).astimezone(datetime.UTC)
    with time_machine.travel("2026-01-15", tick=False):
        made = Event.objects.create(title="Nuit", published=True)
        EventDate.objects.create(event=made, starts_at=begins, ends_at=begins + datetime.timedelta(hours=1))
        made.keep_bounds()
        item = json.loads(visitor.get("/agenda/export.json").content)["items"][0]
        card = visitor.get("/agenda/").context["cards"][0]
    shown = {
        "2026-03-29T02:30": ("2026-03-29T01:30:00Z", "dimanche 29 mars 2026, 3 h 30 – 4 h 30"),
        "2026-10-25T02:30": (
            "2026-10-25T00:30:00Z",
            "dimanche 25 octobre 2026, 2 h 30 (heure d’été) – 2 h 30 (heure d’hiver)",
        ),
    }[night]
    assert (item["dates"][0]["start"], card["meta"][0].replace("\u00a0", " ")) == shown
