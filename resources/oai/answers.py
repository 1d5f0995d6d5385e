"""Answers of the protocol as XML, made with lxml: valid against OAI-PMH.xsd and oai_dc.xsd."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from lxml import etree

from ..metadata.dublin_core import terms
from . import harvest
from .harvest import LIFETIME, PREFIX, Harvest, Record
from .requests import OaiError, now, utc
from .sets import every_set

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
REFUSED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+", re.ASCII)
PLAIN = re.compile(r"[A-Za-z0-9:./_-]+")
NO_DOMAIN = "trajectoire-ressources.invalid"  # an address by numbers is not a namespace: the site is being tried
Element = Any  # lxml says nothing of its types


def base_url() -> str:
    return settings.SITE_URL + reverse("oai")


def namespace() -> str:
    """The domain in identifiers (OAI Identifier Format, 2.1)."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    return host if DOMAIN.fullmatch(host) else NO_DOMAIN


def identifier(pk: int) -> str:
    return f"oai:{namespace()}:{pk}"


def document_pk(name: str) -> int:
    """The number in an identifier. Raises OaiError."""
    number = name.removeprefix(f"oai:{namespace()}:")
    if number == name or not re.fullmatch(r"[1-9][0-9]{0,17}", number):
        raise OaiError("idDoesNotExist", "Cet identifiant n’existe pas.")
    return int(number)


def answer(given: dict[str, str]) -> bytes:
    """The answer to checked arguments. Raises OaiError."""
    root = _root(given)
    WRITERS[given["verb"]](etree.SubElement(root, f"{{{OAI}}}{given['verb']}"), given)
    return _bytes(root)


def refusal(error: OaiError, given: dict[str, str]) -> bytes:
    """An error; the arguments are not repeated when they are the fault, nor an identifier that could not be one."""
    kept = {} if error.code in ("badVerb", "badArgument") else given
    root = _root({name: value for name, value in kept.items() if name != "identifier" or PLAIN.fullmatch(value)})
    _add(root, "error", error.message, code=error.code)
    return _bytes(root)


def _root(given: dict[str, str]) -> Element:
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    _add(root, "responseDate", utc(now()))
    _add(root, "request", base_url(), **{name: _clean(value) for name, value in given.items()})
    return root


def _bytes(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    child = etree.SubElement(parent, f"{{{OAI}}}{tag}", attributes)
    if text:
        child.text = _clean(text)
    return child


def _clean(text: str) -> str:
    return REFUSED.sub("", text)


def _identify(node: Element, given: dict[str, str]) -> None:
    values = {
        "repositoryName": "Trajectoire Ressources",
        "baseURL": base_url(),
        "protocolVersion": "2.0",
        "adminEmail": settings.CONTACT_EMAIL,
        "earliestDatestamp": utc(harvest.earliest() or now()),
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }
    for tag, value in values.items():
        _add(node, tag, value)
    described = etree.SubElement(_add(node, "description"), f"{{{OAI_IDENTIFIER}}}oai-identifier", nsmap={None: OAI_IDENTIFIER})
    described.set(f"{{{XSI}}}schemaLocation", f"{OAI_IDENTIFIER} http://www.openarchives.org/OAI/2.0/oai-identifier.xsd")
    parts = {"scheme": "oai", "repositoryIdentifier": namespace(), "delimiter": ":", "sampleIdentifier": identifier(1)}
    for tag, value in parts.items():
        etree.SubElement(described, f"{{{OAI_IDENTIFIER}}}{tag}").text = value


def _formats(node: Element, given: dict[str, str]) -> None:
    if "identifier" in given:
        _found(given["identifier"])
    described = _add(node, "metadataFormat")
    for tag, value in {"metadataPrefix": PREFIX, "schema": DC_SCHEMA, "metadataNamespace": OAI_DC}.items():
        _add(described, tag, value)


def _sets(node: Element, given: dict[str, str]) -> None:
    if "resumptionToken" in given:
        raise OaiError("badResumptionToken", "La liste des ensembles tient en une réponse.")
    for spec, name in every_set():
        described = _add(node, "set")
        _add(described, "setSpec", spec)
        _add(described, "setName", name)


def _found(name: str) -> Record:
    record = harvest.find(document_pk(name))
    if record is None:
        raise OaiError("idDoesNotExist", "Cet identifiant n’existe pas.")
    return record


def _get(node: Element, given: dict[str, str]) -> None:
    record = _found(given["identifier"])
    if given["metadataPrefix"] != PREFIX:
        raise OaiError("cannotDisseminateFormat", f"Le seul format est {PREFIX}.")
    _record(node, record)


def _headers(node: Element, given: dict[str, str]) -> None:
    _list(node, given, _header)


def _records(node: Element, given: dict[str, str]) -> None:
    _list(node, given, _record)


def _list(node: Element, given: dict[str, str], write: Callable[[Element, Record], None]) -> None:
    asked = Harvest.of(given)
    records, asked, following = harvest.page(asked)
    if not records and not asked.after:
        raise OaiError("noRecordsMatch", "Aucune notice ne correspond.")
    for record in records:
        write(node, record)
    if following or asked.after:
        token = _add(node, "resumptionToken", following.token if following else "")
        token.set("completeListSize", str(max(asked.total, asked.cursor + len(records))))
        token.set("cursor", str(asked.cursor))
        if following:
            token.set("expirationDate", utc(now() + LIFETIME))


def _header(node: Element, record: Record) -> None:
    header = _add(node, "header", **({} if record.document else {"status": "deleted"}))
    _add(header, "identifier", identifier(record.pk))
    _add(header, "datestamp", utc(record.stamp))
    for spec in record.sets:
        _add(header, "setSpec", spec)


def _record(node: Element, record: Record) -> None:
    child = _add(node, "record")
    _header(child, record)
    if record.document:
        _dublin_core(_add(child, "metadata"), terms(record.document))


def _dublin_core(node: Element, values: Iterable[tuple[str, str]]) -> None:
    container = etree.SubElement(node, f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    container.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} {DC_SCHEMA}")
    for name, value in values:
        etree.SubElement(container, f"{{{DC}}}{name}").text = _clean(value)


WRITERS: dict[str, Callable[[Element, dict[str, str]], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _get,
    "ListIdentifiers": _headers,
    "ListRecords": _records,
}
