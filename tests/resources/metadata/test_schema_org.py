"""JSON-LD: every type and every property exists in schema.org, where it is used; nothing in a title ends the element."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resources.metadata.schema_org import PLAIN, TYPES
from resources.models import DocumentType
from tests.factories.documents import document, file
from trajectoire.core import linked

pytestmark = pytest.mark.usefixtures("world")
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "data" / "schemas" / "schemaorg-used.json").read_text("utf-8"))
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def graph(client, address: str) -> list[dict[str, Any]]:
    [written] = SCRIPT.findall(client.get(address).content.decode())
    found = json.loads(written)
    assert found["@context"] == "https://schema.org"
    return found["@graph"]


def things(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from things(part)


def ancestors(kind: str) -> set[str]:
    return {kind}.union(*(ancestors(parent) for parent in SCHEMA["types"][kind]))


def faults(value: Any) -> list[str]:
    found = []
    for thing in things(value):
        kind = thing["@type"]
        if kind not in SCHEMA["types"]:
            found.append(kind)
            continue
        for name in thing.keys() - {"@type", "@id"}:
            if not ancestors(kind) & set(SCHEMA["properties"].get(name, ())):
                found.append(f"{kind}.{name}")
    return found


@pytest.mark.parametrize("kind", [*TYPES, "inconnu"])
def test_every_kind_is_said_in_words_of_schema_org(visitor, kind):
    type_, _ = DocumentType.objects.get_or_create(slug=kind, defaults={"name": kind, "plural": kind})
    made = document(
        "Un titre",
        kind,
        subtitle="Un sous-titre",
        authors="Ana Vauthier\nLe centre",
        territories=["25"],
        collection="lettre-information",
        number=3,
        isbn="978-2",
        pages=12,
        external=True,
        url="https://editeur.example/",
    )
    file(made)
    found = graph(visitor, made.get_absolute_url())
    assert faults(found) == []
    assert found[0]["@type"] == TYPES.get(kind, PLAIN)
    assert found[0]["author"] == [{"@type": "Person", "name": "Ana Vauthier"}, {"@type": "Organization", "name": "Le centre"}]
    assert type_.slug == kind


def test_empty_values_are_left_out(visitor):
    made = document(date=None, publisher="", summary="", themes=[], licence="reserved")
    found = graph(visitor, made.get_absolute_url())
    assert faults(found) == []
    left = {"datePublished", "publisher", "description", "about", "license", "author", "encoding", "isPartOf", "sameAs"}
    assert not left & found[0].keys()


def test_breadcrumb_of_a_document(visitor, settings):
    settings.SITE_URL = "https://www.example.org"
    made = document("Un titre", slug="titre", collection="cetavou")
    [_, way] = graph(visitor, made.get_absolute_url())
    assert [(step["position"], step["name"], step["item"]) for step in way["itemListElement"]] == [
        (1, "Accueil", "https://www.example.org/"),
        (2, "Ressources", "https://www.example.org/ressources/"),
        (3, "CETAVOU", "https://www.example.org/ressources/collections/cetavou/"),
        (4, "Un titre", "https://www.example.org/ressources/titre/"),
    ]


def test_collection(visitor):
    document(collection="lettre-information")
    found = graph(visitor, "/ressources/collections/lettre-information/")
    assert faults(found) == []
    assert (found[0]["@type"], found[0]["issn"]) == ("Periodical", "2109-5582")


def test_home(visitor):
    found = graph(visitor, "/")
    assert faults(found) == []
    assert found[0]["@type"] == "Organization"


def test_fault_would_be_seen():
    assert faults({"@type": "Inconnu"}) == ["Inconnu"]
    assert faults({"@type": "Report", "isbn": "1"}) == ["Report.isbn"]
    assert faults({"@type": "Report", "about": [{"@type": "Thing", "inconnu": 1}]}) == ["Thing.inconnu"]


@pytest.mark.parametrize("words", ["</script><script>alert(1)</script>", "<!--", "a & b", "\u2028\u2029", '"\\'])
def test_title_cannot_end_the_element(visitor, words):
    made = document(f"T {words}", slug="t")
    html = visitor.get(made.get_absolute_url()).content.decode()
    [written] = SCRIPT.findall(html)
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written)["@graph"][0]["name"] == f"T {words}"
    assert "<script>alert" not in html


@pytest.mark.parametrize("fields", [{"access": "formateurs"}, {"status": "draft"}])
def test_what_is_not_public_is_not_described(documentalist, fields):
    made = document(**fields)
    address = f"/ressources/apercu/{made.pk}/" if "status" in fields else made.get_absolute_url()
    assert SCRIPT.findall(documentalist.get(address).content.decode()) == []


def test_nothing_makes_no_element():
    assert linked.script({}) == ""
