"""Who may know that a document exists: reserved, scheduled, draft and withdrawn ones, on every road that leads to them."""

import datetime

import pytest
import time_machine

from resources.models import Document
from tests.factories.documents import document, file, pages, tomorrow

pytestmark = pytest.mark.usefixtures("world")
SECRET = "Zibeline"


def hidden_fields(state: str) -> dict:
    return {
        "reserved": {"access": Document.Access.TRAINERS},
        "scheduled": {"publish_at": tomorrow()},
        "draft": {"status": Document.Status.DRAFT},
        "withdrawn": {"status": Document.Status.WITHDRAWN},
    }[state]


@pytest.fixture
def shelf():
    """A function that puts a hidden document between two public ones, with every link there can be."""

    def fill(state: str) -> Document:
        lettre = {
            "type": "lettre-information",
            "collection": "lettre-information",
            "themes": ["laicite"],
            "territories": ["25056"],
        }
        document("Lettre une", number=1, **lettre)
        hidden = document(
            f"{SECRET} deux",
            number=2,
            **lettre | hidden_fields(state),
            summary=f"Tout sur la {SECRET}.",
            date=datetime.date(2025, 1, 1),
        )
        pages(file(hidden), f"La {SECRET} à la page une")
        last = document("Lettre trois", number=3, **lettre)
        last.replaced_by = hidden
        last.save()
        document(f"{SECRET} ancienne", replaced_by=last, **hidden_fields(state))
        return hidden

    return fill


ROADS = [
    "/",
    "/ressources/",
    "/ressources/?q=Zibeline",
    "/ressources/?q=Zibeline&exact=1",
    "/ressources/?theme=laicite&tri=titre",
    "/recherche/?q=Zibeline",
    "/recherche/?q=Zibeline&genre=ressources",
    "/recherche/suggestions/?q=Zibel",
    "/ressources/collections/",
    "/ressources/collections/lettre-information/",
    "/ressources/lettre-une/",
    "/ressources/lettre-trois/",
    "/territoires/25056/",
    "/vrl/",
    "/plan-du-site/",
    "/sitemap-ressources.xml",
    "/ressources/flux.atom?q=Zibeline",
    "/ressources/export.json?q=Zibeline",
    "/ressources/export.csv?q=Zibeline",
    "/ressources/export.ris?q=Zibeline",
    "/publication/zibeline-deux/",
]


@pytest.mark.parametrize("state", ["reserved", "scheduled", "draft", "withdrawn"])
def test_hidden_document_is_on_no_road(visitor, stranger, shelf, state):
    shelf(state)
    for client in (visitor, stranger):
        for road in ROADS:
            text = client.get(road).content.decode()
            assert f"{SECRET} deux" not in text, road
            assert f"{SECRET} ancienne" not in text, road
            assert f"la {SECRET}" not in text, road


@pytest.mark.parametrize("state", ["reserved", "scheduled", "draft", "withdrawn"])
def test_hidden_document_counts_nowhere(visitor, shelf, state):
    shelf(state)
    context = visitor.get("/ressources/").context
    assert context["total"] == 2
    counts = {v["value"]: v["count"] for group in context["facets"] for v in group["values"]}
    assert counts == {"lettre-information": 2, "laicite": 2, "25": 2, "2024": 2}
    assert visitor.get("/").context["counts"]["documents"] == 2
    assert [c["count"] for c in visitor.get("/ressources/collections/").context["collections"]] == [2]


@pytest.mark.parametrize("actor", ["trainer", "documentalist", "administrator"])
def test_reserved_document_is_found_by_those_it_is_for(request, shelf, actor):
    client = request.getfixturevalue(actor)
    hidden = shelf("reserved")
    roads = [
        road
        for road in ROADS
        if road not in ("/sitemap-ressources.xml", "/plan-du-site/", "/recherche/?q=Zibeline&genre=ressources")
    ]
    for road in roads:
        if road == "/ressources/collections/":
            assert client.get(road).context["collections"][0]["count"] == 3
        elif road.startswith("/publication/"):
            assert client.get(road).headers["Location"] == hidden.get_absolute_url()
        else:
            assert f"{SECRET} deux" in client.get(road).content.decode(), road
    assert SECRET not in client.get("/sitemap-ressources.xml").content.decode()
    assert client.get(hidden.get_absolute_url()).status_code == 200


def test_reserved_document_is_marked(trainer, shelf):
    hidden = shelf("reserved")
    cards = {card["title"]: card["reserved"] for card in trainer.get("/ressources/").context["cards"]}
    assert cards[hidden.title] is True
    assert cards["Lettre une"] is False
    assert "Réservé aux formateurs et formatrices" in trainer.get(hidden.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["reserved", "scheduled", "draft"])
@pytest.mark.parametrize("actor", ["visitor", "stranger", "powerless", "deactivated"])
def test_hidden_document_does_not_exist(request, shelf, state, actor):
    hidden = shelf(state)
    assert request.getfixturevalue(actor).get(hidden.get_absolute_url()).status_code == 404


def test_trainer_is_not_shown_drafts(trainer, shelf):
    hidden = shelf("draft")
    assert trainer.get(hidden.get_absolute_url()).status_code == 404
    assert trainer.get(f"/ressources/apercu/{hidden.pk}/").status_code == 404


def test_scheduled_document_appears_at_its_time(visitor):
    now = datetime.datetime(2026, 3, 1, 9, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False) as clock:
        made = document("Demain", publish_at=now + datetime.timedelta(hours=1))
        assert made.is_scheduled
        assert visitor.get("/ressources/").context["total"] == 0
        assert visitor.get(made.get_absolute_url()).status_code == 404
        clock.shift(datetime.timedelta(hours=1, seconds=1))
        assert not made.is_scheduled
        assert [card["title"] for card in visitor.get("/ressources/").context["cards"]] == ["Demain"]
        assert visitor.get("/").context["counts"]["documents"] == 1
        assert visitor.get(made.get_absolute_url()).status_code == 200


def test_trainer_who_leaves_the_group_sees_nothing_at_the_next_request(trainer, shelf):
    hidden = shelf("reserved")
    assert trainer.get(hidden.get_absolute_url()).status_code == 200
    trainer.user.groups.clear()
    assert trainer.get(hidden.get_absolute_url()).status_code == 404
    assert trainer.get("/ressources/").context["total"] == 2


class TestWithdrawn:
    def test_says_so_and_names_what_replaces_it(self, visitor):
        new = document("Le nouveau guide")
        old = document("Le guide", status=Document.Status.WITHDRAWN, replaced_by=new)
        response = visitor.get(old.get_absolute_url())
        assert response.status_code == 410
        assert f'href="{new.get_absolute_url()}"' in response.content.decode()
        assert "Ce document a été retiré" in response.content.decode()

    def test_without_replacement(self, visitor):
        old = document("Le guide", status=Document.Status.WITHDRAWN)
        response = visitor.get(old.get_absolute_url())
        assert response.status_code == 410
        assert "remplacé" not in response.content.decode()

    @pytest.mark.parametrize("state", ["reserved", "scheduled", "draft"])
    def test_never_names_a_hidden_replacement(self, visitor, state):
        new = document(f"{SECRET} nouvelle", **hidden_fields(state))
        old = document("Le guide", status=Document.Status.WITHDRAWN, replaced_by=new)
        assert SECRET not in visitor.get(old.get_absolute_url()).content.decode()

    def test_reserved_does_not_exist_for_a_visitor(self, visitor, trainer):
        old = document("Le guide", status=Document.Status.WITHDRAWN, access=Document.Access.TRAINERS)
        assert visitor.get(old.get_absolute_url()).status_code == 404
        assert trainer.get(old.get_absolute_url()).status_code == 410


class TestReplacement:
    def test_newer_and_older_versions_are_linked(self, visitor):
        new = document("Le nouveau guide")
        old = document("Le guide", replaced_by=new)
        context = visitor.get(old.get_absolute_url()).context["document"]
        assert context["replaced_by"] == {"title": new.title, "url": new.get_absolute_url()}
        assert context["replaces"] == []
        context = visitor.get(new.get_absolute_url()).context["document"]
        assert context["replaced_by"] is None
        assert context["replaces"] == [{"title": old.title, "url": old.get_absolute_url()}]
