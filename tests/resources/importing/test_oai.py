"""Harvesting another catalogue: our own answers, given by a server of this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from resources.importing import oai
from resources.models import Document
from resources.publishing import withdraw
from tests.factories.documents import document, many
from trajectoire.core import fetching
from trajectoire.core.importing import Unreadable
from trajectoire.core.importing.records import ImportRun

pytestmark = pytest.mark.django_db
EMPTY = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">%s</OAI-PMH>'


@contextmanager
def catalogue(*answers: bytes | int | tuple[int, dict[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """(its address, the queries it gets); it gives its answers in turn, the last one for ever."""
    waiting, asked = list(answers), []

    class Given(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path.partition("?")[2])
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            status, headers = (200, {}) if isinstance(answer, bytes) else answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer if isinstance(answer, bytes) else b"")

        def log_message(self, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Given)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oai", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def _here(monkeypatch):
    """This machine is let in."""
    fetch = fetching.fetch
    monkeypatch.setattr(fetching, "fetch", lambda url, **limits: fetch(url, **limits, allowed=lambda address: True))


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(oai, "REST", 0)
    monkeypatch.setattr(oai, "LONGEST_WAIT", 0)


@pytest.fixture
def ours(world, visitor, monkeypatch, settings) -> list[bytes]:
    """The two pages that our own /oai gives of four documents, one of them withdrawn; then the library is emptied."""
    from resources.oai import harvest

    settings.SITE_URL = "https://www.example.org"
    monkeypatch.setattr(harvest, "PAGE", 3)
    made = many(3)
    document(
        "Les conseils citoyens : un bilan",
        authors="Vauthier, Ana",
        isbn="978-2-906164-28-4",
        territories=("25",),
        publisher="FRMJC",
    )
    withdraw(Document.objects.filter(pk=made[0].pk))
    first = visitor.get("/oai", {"verb": "ListRecords", "metadataPrefix": "oai_dc"}).content
    token = first.split(b"<resumptionToken")[1].split(b">")[1].split(b"<")[0].decode()
    second = visitor.get("/oai", {"verb": "ListRecords", "resumptionToken": token}).content
    Document.objects.all().delete()
    return [first, second]


@pytest.mark.usefixtures("_here")
def test_our_own_catalogue_is_harvested_whole_and_twice_changes_nothing(ours, capsys):
    with catalogue(*ours) as (address, asked):
        call_command("harvest_oai", address, "--option", "since=2020-01-01", "--option", "set=type:synthese")
    assert asked[0] == "verb=ListRecords&from=2020-01-01&metadataPrefix=oai_dc&set=type%3Asynthese"
    assert asked[1].startswith("verb=ListRecords&resumptionToken=")
    run = ImportRun.objects.get()
    assert run.counts == {"nouveau": 3, "refuse": 1}
    assert run.lines.count() == 4
    assert "1 × La notice est supprimée dans le catalogue d’origine." in capsys.readouterr().out
    before = list(Document.objects.order_by("pk").values())
    with catalogue(*ours) as (address, _):
        call_command("harvest_oai", address)
    assert ImportRun.objects.exclude(pk=run.pk).get().counts == {"inchange": 3, "refuse": 1}
    assert list(Document.objects.order_by("pk").values()) == before
    made = Document.objects.get(isbn="978-2-906164-28-4")
    assert (made.title, made.authors, made.publisher) == ("Les conseils citoyens\u00a0: un bilan", "Vauthier, Ana", "FRMJC")
    assert (made.type.slug, made.language, str(made.date), made.licence) == ("synthese", "fr", "2024-05-22", "cc-by-sa")
    assert made.url == "https://www.example.org/ressources/les-conseils-citoyens-un-bilan/"
    assert [theme.slug for theme in made.themes.all()] == ["education"]
    assert [territory.code for territory in made.territories.all()] == ["25"]


@pytest.mark.usefixtures("_here")
def test_harvest_waits_when_it_is_asked_to(world):
    page = EMPTY % b"<ListRecords/>" + b"<!-- 0.2 s -->"
    with catalogue((503, {"Retry-After": "0"}), 429, page) as (address, asked):
        assert list(oai.read(address, {})) == []
    assert len(asked) == 3


@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (503, "Le catalogue a répondu par une erreur (503)"),
        (404, "Le catalogue a répondu par une erreur (404)"),
        (b"<html><body>Bonjour</body></html>", "pas celle d’un catalogue OAI-PMH"),
        (b"Bonjour", "pas celle d’un catalogue OAI-PMH"),
        (b"", "pas celle d’un catalogue OAI-PMH"),
        (EMPTY % b'<error code="badResumptionToken"/>', "refuse la moisson : BadResumptionToken."),
        (EMPTY[:-2] % b"<ListRecords/>", "arrivée coupée"),
        (EMPTY % b'<error code="noRecordsMatch"/>', "aucune notice qui réponde"),
        (EMPTY % b'<error code="badArgument">Ensemble inconnu</error>', "refuse la moisson : Ensemble inconnu."),
        (EMPTY % b"<ListRecords><resumptionToken>1</resumptionToken></ListRecords>", "redonne sans fin la même suite"),
        (b"<OAI-PMH>" + b"x" * 2_000, "réponse trop lourde"),
    ],
)
def test_catalogue_that_answers_badly_is_told(world, monkeypatch, answer, sentence):
    monkeypatch.setattr(oai, "PAGE", 1_000)
    with catalogue(answer) as (address, _), pytest.raises(Unreadable) as error:
        list(oai.read(address, {}))
    assert sentence in str(error.value)


@pytest.mark.usefixtures("_here")
def test_catalogue_that_never_ends_is_left(world, monkeypatch):
    monkeypatch.setattr(oai, "MOST_PAGES", 1)
    page = EMPTY % b"<ListRecords><resumptionToken>1</resumptionToken></ListRecords>"
    with catalogue(page) as (address, _), pytest.raises(Unreadable, match="ne finit pas"):
        list(oai.read(address, {}))


@pytest.mark.usefixtures("_here")
def test_catalogue_that_does_not_answer_is_told(world):
    with pytest.raises(CommandError, match="Ce catalogue ne répond pas"):
        call_command("harvest_oai", "http://127.0.0.1:9/oai")


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000/oai", "http://169.254.169.254/oai", "file:///etc/passwd"])
def test_address_of_this_network_is_refused(world, address):
    with pytest.raises(Unreadable, match="ne peut pas être moissonnée"):
        list(oai.read(address, {}))
