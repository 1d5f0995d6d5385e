"""The two forms of the public, as a person sends them; the models of sessions."""

import time

import pytest
from django.core import signing

from tests.factories import accounts
from trajectoire.core.roles import VRL
from vrl import creating
from vrl.models import SessionModel

REQUEST = {
    "wanted": "n3-1",
    "people": "14",
    "audiences": ["associations"],
    "audience_note": "Animatrices et animateurs de quartier",
    "department": "21",
    "place": "Dijon",
    "has_room": "on",
    "first_on": "",
    "last_on": "",
    "dates_note": "Le mardi",
    "constraints": "Fin à 16 h",
    "structure": "MJC des Grésilles",
    "name": "Ada Lovelace",
    "position": "Directrice",
    "email": "ada@example.org",
    "phone": "",
    "website": "",
}
CANDIDACY = {
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "phone": "",
    "structure": "MJC des Grésilles",
    "position": "Coordinatrice",
    "departments": ["21", "25"],
    "motivation": "Transmettre aux équipes.",
    "experience": "",
    "commitment": "on",
    "website": "",
}


@pytest.fixture
def send(world, django_capture_on_commit_callbacks):
    """A function that posts a form shown a minute ago, and lets mails leave."""

    def sent(client, url, form, **changes):
        shown_at = signing.dumps(int(time.time()) - 60, salt="form")
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url, form | {"shown_at": shown_at} | changes)

    return sent


@pytest.fixture
def coordinator(world, browser):
    return browser(accounts.in_role(VRL))


@pytest.fixture
def one_day(db) -> SessionModel:
    """A day of N3, from the models of the site."""
    creating.load_models()
    return SessionModel.objects.get(level="n3", days=1)
