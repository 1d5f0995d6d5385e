"""The demonstration of the agenda: complete, plainly fictional, loaded once."""

import datetime
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from network.demo import loader as directory_loader
from network.events.demo import loader
from network.events.models import Event, Series
from network.events.vocabulary import EventKind, EventMode, EventStatus
from resources.demo import loader as library_loader
from resources.demo import texts
from resources.models import Document
from tests.factories import events


def run() -> str:
    out = StringIO()
    call_command("load_agenda_demo", stdout=out)
    return out.getvalue().strip()


def test_everything_is_loaded_once_and_kept_as_people_left_it(world, visitor):
    mine = events.event("Autre chose", slug="cafe-debat-ecrans-en-famille")
    assert run() == "Agenda de démonstration\u00a0: 19\u00a0événements."
    assert (Event.objects.filter(is_demo=True).count(), Series.objects.filter(is_demo=True).count()) == (19, 2)
    mine.refresh_from_db()
    assert mine.title == "Autre chose"
    assert run() == "Agenda de démonstration\u00a0: 0\u00a0événement."
    lead = Series.objects.get(slug="cycle-participation-habitante").lead
    assert lead.slug == "participation-habitante-1-qui-decide"
    assert lead.programme.count() == 4
    assert Event.objects.published().upcoming().count() == 14
    assert visitor.get("/agenda/?periode=passes").context["total"] == 5
    assert "pilotage" not in visitor.get("/agenda/").content.decode()


def test_it_shows_every_case():
    rows = loader.rows("event")
    assert {row.get("status", "programme") for row in rows} == set(EventStatus.values) - {EventStatus.POSTPONED}
    assert {row.get("mode", "presentiel") for row in rows} == set(EventMode.values)
    assert {row["kind"] for row in rows} <= set(EventKind.values)
    assert len({row["kind"] for row in rows}) > 10


def test_what_it_names_exists():
    named = {slug for row in loader.rows("event") for name in ("organisers", "partners") for slug in row.get(name, [])}
    assert named <= {row["slug"] for row in directory_loader.rows("organisations")}
    speakers = {slug for row in loader.rows("event") for item in row.get("programme", []) for slug in item.get("speakers", [])}
    assert speakers <= {row["slug"] for row in directory_loader.rows("people")}
    assert set(loader.event_of_document()) <= {text.slug for text in texts.read()}


def test_days_are_working_days_and_the_next_ones():
    monday = datetime.date(2026, 3, 2)
    assert loader.days({"days": [1, 5, 6, -1]}, monday) == [
        datetime.date(2026, 3, 3),
        datetime.date(2026, 3, 9),
        datetime.date(2026, 3, 9),
        datetime.date(2026, 3, 2),
    ]
    assert loader.days({"month_day": "12-09"}, monday) == [datetime.date(2026, 12, 9)]
    assert loader.days({"month_day": "12-09"}, datetime.date(2026, 12, 10)) == [datetime.date(2027, 12, 9)]
    assert loader.days({"on": ["2025-06-05"]}, monday) == [datetime.date(2025, 6, 5)]


def test_documents_of_the_demonstration_name_their_event(world):
    run()
    library_loader.load_types()
    slug = "diaporama-lire-les-donnees-dun-quartier"
    [wanted] = [text for text in texts.read() if text.slug == slug]
    values = wanted.values | {"themes": ["sante"], "territories": [], "audiences": []}
    library_loader.load_documents([replace(wanted, values=values)])
    assert Document.objects.get(slug=slug).event.slug == "webinaire-lire-les-donnees-d-un-quartier"


def test_vocabulary_must_come_first(db):
    with pytest.raises(CommandError, match="load_reference"):
        run()


def test_production_refuses_it(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        run()
