"""Whoever may not know that something exists learns nothing of it, whatever the address, the method and the conditions asked."""

import datetime
import re

import pytest
from django.urls import reverse

from resources.models import Document
from tests.factories import events
from tests.factories.documents import document, file, pages, tomorrow
from trajectoire.core import search

pytestmark = pytest.mark.usefixtures("world")
SECRET = "Zibeline"
LATER = "Fri, 01 Jan 2100 00:00:00 GMT"
# Each is answered as for something that never was; a page half sent, or « not modified », would be a yes.
CONDITIONS = [
    {},
    {"Range": "bytes=0-10"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": LATER},
    {"If-Match": "*", "If-Unmodified-Since": LATER},
]
LISTS = [
    *(
        "/",
        "/ressources/",
        "/ressources/flux.atom",
        "/ressources/collections/",
        "/ressources/collections/cetavou/",
        "/plan-du-site/",
    ),
    *(f"/ressources/export.{name}" for name in ("json", "csv", "ris", "bib", "csl.json")),
    *("/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc"),
    *("/sitemap.xml", "/sitemap-ressources.xml", "/sitemap-agenda.xml", "/territoires/25/", "/vrl/", "/aide/"),
    *(
        "/agenda/",
        "/agenda/flux.atom",
        "/agenda/export.json",
        "/agenda/export.csv",
        "/agenda/agenda.ics",
        "/agenda/mois/2026/11/",
    ),
    *(f"/recherche/?q={SECRET}", f"/recherche/suggestions/?q={SECRET[:5]}", f"/agenda/?q={SECRET}", "/panier/?d=1"),
]


@pytest.fixture
def hidden_documents() -> list[Document]:
    """One of each kind beside a public one, with files."""
    shared = {"collection": "cetavou", "themes": ["laicite"], "territories": ["25"], "summary": f"Une {SECRET}."}
    states = [
        {"access": Document.Access.TRAINERS},
        {"publish_at": tomorrow()},
        {"status": Document.Status.DRAFT},
    ]
    made = [document(f"{SECRET} {number}", **shared | state) for number, state in enumerate(states)]
    for one in made:
        pages(file(one), f"La {SECRET} de la page une")
    document("Une notice", **shared | {"summary": "Une phrase."})
    search.rebuild()
    return made


@pytest.fixture
def hidden_events() -> list:
    private = events.event(f"{SECRET} réservée", private=True)
    draft = events.event(f"{SECRET} en préparation", published=False)
    events.registration(private, name=f"{SECRET} Personne")
    search.rebuild()
    return [private, draft]


def addresses_of(made: Document) -> list[str]:
    [attached] = made.files.all()
    here = made.get_absolute_url()
    digest = "a" * 16
    return [
        here,
        *(f"{here[:-1]}.{name}" for name in ("ris", "bib", "json")),
        f"{here}carte/{digest}.png",
        attached.get_absolute_url(),
        f"{here}couverture/a.webp",
        f"/publication/{made.slug}/",
    ]


def told(client, method: str, address: str, headers: dict[str, str], known: str) -> tuple:
    """What an answer says, without its own address."""
    answer = getattr(client, method)(address, headers=headers)
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    body = re.sub(r'nonce="[^"]+"', "", text.decode("utf-8", "replace")).replace(known, "X")
    return answer.status_code, answer.headers.get("Content-Type"), answer.headers.get("ETag"), body


@pytest.mark.parametrize("actor", ["visitor", "stranger"])
def test_each_address_of_a_hidden_document_is_one_that_never_was(request, hidden_documents, actor):
    client = request.getfixturevalue(actor)
    for made in hidden_documents:
        for address in addresses_of(made):
            never = "x" * len(made.slug)
            no = told(client, "get", address.replace(made.slug, never), {}, never)
            assert no[0] == 404
            assert [told(client, "get", address, headers, made.slug) for headers in CONDITIONS] == [no] * len(CONDITIONS), address
            head = told(client, "head", address, {}, made.slug)
            assert (head[0], head[1], head[3]) == (no[0], no[1], ""), address


@pytest.mark.parametrize("actor", ["visitor", "stranger"])
def test_each_address_of_a_hidden_event_is_one_that_never_was(request, hidden_events, actor):
    client = request.getfixturevalue(actor)
    for made in hidden_events:
        never = "x" * len(made.slug)
        for name in ("event", "register"):
            for headers in CONDITIONS:
                address = reverse(f"events:{name}", args=[made.slug])
                yes = told(client, "get", address, headers, made.slug)
                assert yes == told(client, "get", address.replace(made.slug, never), headers, never), (address, headers)
                assert yes[0] == 404


@pytest.mark.parametrize("actor", ["visitor", "stranger"])
def test_no_list_feed_map_nor_answer_names_what_is_hidden(request, hidden_documents, hidden_events, actor):
    client = request.getfixturevalue(actor)
    for address in LISTS:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        words = text.decode("utf-8", "replace").replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
        assert f"{SECRET} 0" not in words, address
        for title in (*(one.title for one in hidden_documents), *(one.title for one in hidden_events)):
            assert title not in words, address


def test_lists_do_name_what_is_public(visitor):
    """The other test looks at pages that would tell."""
    made = document(f"{SECRET} publique", collection="cetavou", territories=["25"])
    held = events.event(f"{SECRET} ouverte")
    search.rebuild()
    for address, title in (
        (LISTS[1], made.title),
        ("/oai?verb=ListRecords&metadataPrefix=oai_dc", made.title),
        ("/agenda/", held.title),
    ):
        assert title in visitor.get(address).content.decode(), address


@pytest.mark.parametrize("verb", ["GetRecord", "ListMetadataFormats"])
def test_harvester_is_told_nothing_of_a_hidden_record(visitor, hidden_documents, verb):
    prefix = {"metadataPrefix": "oai_dc"} if verb == "GetRecord" else {}
    for made in hidden_documents:
        answers = []
        for key in (made.pk, 999_999):
            identify = visitor.get("/oai", {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}).content.decode()
            stem = re.search(r"<identifier>([^<]+?)\d+</identifier>", identify)[1]
            text = visitor.get("/oai", {"verb": verb, "identifier": f"{stem}{key}", **prefix}).content.decode()
            answers.append(re.sub(r"<responseDate>[^<]+", "", text).replace(str(key), "N"))
        assert "idDoesNotExist" in answers[0]
        assert re.sub(r"N", "", answers[0]).replace(str(made.pk), "") == re.sub(r"N", "", answers[1]).replace(str(made.pk), "")


def test_numbers_before_and_after_are_the_same(visitor, hidden_documents):
    """A count is an answer too: hiding one more changes none."""
    numbers = [visitor.get(address).context["total"] for address in ("/ressources/", "/recherche/?q=notice")]
    document(f"{SECRET} encore", status=Document.Status.DRAFT, date=datetime.date(2026, 1, 1), collection="cetavou")
    search.rebuild()
    assert [visitor.get(address).context["total"] for address in ("/ressources/", "/recherche/?q=notice")] == numbers == [1, 1]
