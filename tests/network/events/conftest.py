"""Events, and the form of registration as a person sends it."""

import uuid

import pytest

from network.events.models import Event
from tests.factories.directory import shown_a_minute_ago

SAID = {"name": "Ada Lovelace", "email": "ada@example.org", "status": "elu", "department": "25", "website": ""}


@pytest.fixture
def send(world, django_capture_on_commit_callbacks):
    """Fill the form of an event and send it, mails included; a value of None leaves the field out."""

    def sent(client, event: Event, **changes):
        shown = {"shown_at": shown_a_minute_ago(), "form_key": str(uuid.uuid4()), "action": "inscrire"}
        fields = {name: value for name, value in (SAID | shown | changes).items() if value is not None}
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"/agenda/{event.slug}/inscription/", fields)

    return sent
