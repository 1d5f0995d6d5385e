"""Every list of the site has every face: same objects, same order, same reader, whatever the filters."""

import csv
import io
import json
import re
from collections.abc import Callable

import feedparser
import pytest
from lxml import etree
from python_calamine import load_workbook

from network.models import Theme
from tests.conftest import ROOT
from tests.factories import directory, events, vrl
from tests.factories.documents import document, tomorrow
from trajectoire.core import listing
from trajectoire.core.listing import Listing

pytestmark = pytest.mark.usefixtures("world")
ATOM = etree.RelaxNG(etree.parse(ROOT / "tests" / "data" / "schemas" / "atom.rng"))
SITE = "http://127.0.0.1:8000"
COMMON = ["flux.atom", "export.json", "export.csv", "export.ods", "export.xlsx"]


def documents() -> None:
    """Titles, dates and hours in different orders; some that visitors, or nobody, may read."""
    made = [
        ("Dijon lit", "education"),
        ("Auxerre lit", "sante"),
        ("Nevers lit & chante", "education"),
        ("Belfort roule", "sante"),
    ]
    for number, (title, theme) in enumerate(made, start=1):
        document(
            title,
            themes=[theme],
            territories=["25"],
            date=f"20{20 + number * 7 % 5}-03-01",
            publish_at=f"2026-02-0{number}T08:00Z",
        )
    document("Réservé lit", themes=["education"], access="formateurs", date="2026-01-01")
    document("Brouillon lit", themes=["education"], status="draft")
    document("Demain lit", themes=["education"], publish_at=tomorrow())
    document("Retiré lit", themes=["education"], status="withdrawn")


def entries() -> None:
    directory.organisation("Atelier lit", themes=["education"], territories=["25"])
    directory.person("Zoé Lit", themes=["education"], confirmed_on=directory.ago(30))
    directory.initiative("Marché lit", themes=["sante"], confirmed_on=directory.ago(60))
    directory.organisation("Bureau lit", themes=["education"], published=False)


def agenda() -> None:
    """Some to come, one that is over, some that nobody may know of."""
    made = [("Santé lit", "sante", 12), ("École lit", "education", 10), ("Planoise lit", "education", 30)]
    for title, theme, days in made:
        event = events.event(title, days=(days, days + 3))
        event.themes.set(Theme.objects.filter(slug=theme))
        event.announce(event.pk)
    events.event("Hier lit", days=(-1,))
    events.event("Brouillon lit", published=False)
    events.event("Privé lit", private=True)


def sessions() -> None:
    """Sessions of the plan to come, one over, one in preparation, and an event that is none."""
    for title, days in (("Nevers lit", 12), ("Beaune lit", 10), ("Dole lit", 30)):
        vrl.session(title=title, days=(days, days + 1))
    vrl.session(title="Hier lit", state="cloturee", days=(-1,))
    vrl.session(title="Préparée lit", state="equipe")
    events.event("Autre lit")


def situations() -> None:
    """Some on the site, one that is being written."""
    for number, title in enumerate(("La cantine lit", "Un agent lit", "L’école lit"), start=1):
        vrl.situation(title, up_to_date_on=f"2026-0{number}-01")
    vrl.situation("Brouillon lit", published=False)


# A list that is registered must say here how to fill it: [how, what a visitor sees, what a trainer sees].
FILLED: dict[str, tuple[Callable[[], None], int, int]] = {
    "ressources": (documents, 4, 5),
    "reseau": (entries, 3, 3),
    "agenda": (agenda, 3, 3),
    "formations": (sessions, 3, 3),
    "situations": (situations, 3, 3),
}
FILTERS = {"formations": ("niveau", "n3")}  # where there is no theme to choose
QUERIES = [
    {},
    {"tri": "date"},
    {"tri": "ajout"},
    {"theme": "education"},
    {"theme": ["education", "sante"], "territoire": "25", "tri": "titre"},
    {"q": "lit"},
    {"q": "lit", "theme": "education", "tri": "date"},
    {"q": "introuvable"},
    {"theme": "inconnu", "niveau": "inconnu", "page": "2"},
]


KEPT = ["ETag", "Last-Modified", "Cache-Control"]


def links(listed: Listing, name: str, content: bytes) -> list[str]:
    """The addresses of the objects in a face, in its order."""
    if name == "flux.atom":
        return [entry.link for entry in feedparser.parse(content).entries]
    if name == "export.json":
        return [item["url"] for item in json.loads(content)["items"]]
    if name == "export.csv":
        return [row["Adresse"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")]
    if name in ("export.ods", "export.xlsx"):
        head, *rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        return [row[head.index("Adresse")] for row in rows]
    # What an app adds is text that gives the address of each object once.
    return re.findall(rf"{SITE}{listed.url}[a-z0-9-]+/", content.decode())


def given(client, address: str, query: dict) -> bytes:
    response = client.get(address, query)
    assert response.status_code == 200, address
    return response.getvalue()


def names(listed: Listing) -> list[str]:
    return COMMON + [f"export.{face.extension}" for face in listed.faces.exports]


def test_every_registered_list_is_filled_here():
    assert set(FILLED) == {listed.name for listed in listing.registered()}
    assert [listed for listed in listing.registered() if listing.find(listed.name) is not listed] == []
    assert listing.find("inconnue") is None


@pytest.fixture(params=list(FILLED))
def listed(request) -> Listing:
    FILLED[request.param][0]()
    found = listing.find(request.param)
    assert found
    return found


@pytest.mark.parametrize("actor", ["visitor", "stranger", "trainer"])
def test_each_face_shows_what_the_page_shows(request, listed, actor):
    client = request.getfixturevalue(actor)
    asked = QUERIES if listed.name == "ressources" else QUERIES[::2]  # the list with the most faces is asked everything
    for query in asked if actor == "visitor" else QUERIES[:1]:
        page = client.get(listed.url, query).context
        expected = [SITE + card["url"] for card in page["cards"]]
        assert len(expected) == page["total"]
        if not query:
            assert len(expected) == FILLED[listed.name][2 if actor == "trainer" else 1]
        for name in names(listed):
            if name == "flux.atom" and "page" in query:
                continue
            assert links(listed, name, given(client, listed.url + name, query)) == expected, (name, query)


def test_each_face_is_linked_from_the_page_with_its_filters(visitor, listed):
    param, value = FILTERS.get(listed.name, ("theme", "education"))
    page = visitor.get(listed.url, {param: value, "tri": "titre", "page": "1"})
    found = re.findall(r'href="([^"]+)"', page.content.decode().partition('class="faces"')[2].partition("</details>")[0])
    asked = {address.replace("&amp;", "&") for address in found}
    for name in names(listed):
        order = "ajout" if name == "flux.atom" else "titre"
        default = order == listed.default_sort
        assert f"{listed.url}{name}?{param}={value}" + ("" if default else f"&tri={order}") in asked
    [feed] = re.findall(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', page.content.decode())
    assert visitor.get(feed.replace("&amp;", "&")).headers["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_feed_is_valid(visitor, listed):
    for query in QUERIES[::4]:
        content = given(visitor, f"{listed.url}flux.atom", query)
        ATOM.assertValid(etree.fromstring(content))
        assert not feedparser.parse(content).bozo


def test_faces_have_the_types_and_names_of_files(visitor, listed):
    for name in names(listed):
        response = visitor.get(listed.url + name)
        assert response.headers["Content-Type"].split(";")[0] not in ("", "text/html")
        attached = response.headers.get("Content-Disposition", "")
        if name in COMMON[:2]:
            assert attached == ""
        else:
            assert re.fullmatch(rf'attachment; filename="{listed.name}-\d{{4}}-\d\d-\d\d\.{name.partition(".")[2]}"', attached)


def test_unchanged_face_is_not_made_again(visitor, listed, django_assert_num_queries):
    for name in names(listed):
        first = visitor.get(listed.url + name)
        marks = {"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}
        for mark in marks:
            with django_assert_num_queries(3 if listed.faces.last_arrival() else 2):
                again = visitor.get(listed.url + name, headers=mark)
            assert again.status_code == 304
            assert again.content == b""
            assert {name: again.headers[name] for name in KEPT} == {name: first.headers[name] for name in KEPT}


def test_face_of_someone_logged_in_is_never_stored(trainer, stranger, listed):
    for client in (trainer, stranger):
        for name in names(listed):
            assert "no-store" in client.get(listed.url + name).headers["Cache-Control"]


OF_ITS_OWN = {"Content-Length", "X-Request-ID"}


def test_head_gives_the_headers_alone(visitor, listed):
    for name in names(listed):
        whole, head = visitor.get(listed.url + name), visitor.head(listed.url + name)
        assert (head.status_code, head.getvalue()) == (200, b"")
        assert {k: v for k, v in head.headers.items() if k not in OF_ITS_OWN} == {
            k: v for k, v in whole.headers.items() if k not in OF_ITS_OWN
        }
