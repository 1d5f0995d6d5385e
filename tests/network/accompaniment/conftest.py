"""Requests for help, and the forms as a person sends them."""

import time

import pytest
from django.core import signing

from network.accompaniment.requests import HelpRequest
from network.models import Territory

NEED = {"subject": "Créer un conseil citoyen", "details": "Un quartier, trois ans.", "place": "Planoise", "wanted": "mois"}
WHO = {"name": "Ada Lovelace", "email": "ada@example.fr", "structure": "MJC", "phone": "", "position": "", "website": ""}


@pytest.fixture
def send(world, django_capture_on_commit_callbacks):
    """Send both steps at once; what the first one shows is kept by hidden fields."""

    def sent(client, **changes):
        shown_at = signing.dumps(int(time.time()) - 60, salt="form")
        with django_capture_on_commit_callbacks(execute=True):
            return client.post("/accompagnement/", NEED | WHO | {"shown_at": shown_at, "etape": "envoi"} | changes)

    return sent


@pytest.fixture
def asked(world) -> HelpRequest:
    place = Territory.objects.get(code="QN02503M")
    return HelpRequest.objects.create(subject="Créer un conseil citoyen", name="Ada", email="ada@example.fr", territory=place)
