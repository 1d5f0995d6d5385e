"""A harvester that reads the answers as XML and checks each against the schemas."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

SCHEMAS = Path(__file__).resolve().parents[2] / "data" / "schemas"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
Ask = Callable[..., etree._Element]


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "oai-all.xsd")))


@pytest.fixture
def ask(visitor, schema, settings) -> Ask:
    """ask(verb="Identify", …): the checked answer, asked by GET (`method="post"`: by POST)."""
    settings.SITE_URL = "https://www.example.org"

    def asked(method: str = "get", **arguments: str | list[str]) -> etree._Element:
        given = {"from" if name == "from_" else name: value for name, value in arguments.items()}
        answer = getattr(visitor, method)("/oai", given)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        root = etree.fromstring(answer.content)
        schema.assertValid(root)
        return root

    return asked


def code(root: etree._Element) -> str:
    error = root.find(f"{OAI}error")
    return "" if error is None else error.get("code")


def numbers(root: etree._Element) -> list[int]:
    """The documents of an answer, those that went with a minus."""
    found = []
    for header in root.iter(f"{OAI}header"):
        pk = int(header.findtext(f"{OAI}identifier").rsplit(":", 1)[1])
        found.append(-pk if header.get("status") == "deleted" else pk)
    return found


def token(root: etree._Element) -> str:
    return root.findtext(f".//{OAI}resumptionToken") or ""
