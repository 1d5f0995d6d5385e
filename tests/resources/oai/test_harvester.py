"""A harvester that others wrote (oaipmh-scythe) takes everything from a running site while it changes."""

import pytest
from oaipmh_scythe import Scythe

from resources.models import Document
from resources.oai import harvest
from resources.publishing import withdraw
from tests.factories import vocabulary
from tests.factories.documents import document, many


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_harvester_misses_nothing_while_documents_change(live_server, monkeypatch, settings):
    settings.SITE_URL = "https://www.example.org"
    monkeypatch.setattr(harvest, "PAGE", 5)
    vocabulary.make()
    made = [row.pk for row in many(30)]
    new, seen = [], []
    with Scythe(f"{live_server.url}/oai") as harvester:
        assert harvester.identify().baseURL == "https://www.example.org/oai"
        for number, record in enumerate(harvester.list_records(metadata_prefix="oai_dc")):
            pk = int(record.header.identifier.rsplit(":", 1)[1])
            seen.append(-pk if record.header.deleted else pk)
            if number % 6 == 0 and number < 30:
                Document.objects.get(pk=made[number]).save()
                Document.objects.get(pk=made[-1 - number]).save()
                withdraw(Document.objects.filter(pk=made[number + 3]))
                new.append(document(slug=f"nouveau-{number}").pk)
    gone = set(Document.objects.filter(status=Document.Status.WITHDRAWN).values_list("pk", flat=True))
    assert len(gone) == len(new) == 5
    state: dict[int, bool] = {}
    for pk in seen:  # the last word on each
        state[abs(pk)] = pk > 0
    assert state == {pk: pk not in gone for pk in [*made, *new]}
    assert len(seen) < 30 + 4 * 5 + 1
