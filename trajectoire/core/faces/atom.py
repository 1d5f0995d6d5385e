"""Atom feeds (RFC 4287), with the links from page to page of RFC 5005."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.utils.feedgenerator import rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from ..spreadsheets import UNWRITABLE
from .declarations import FeedEntry

MEDIA_TYPE = "application/atom+xml"
SITE = "Trajectoire Ressources"
FIRST_YEAR = 2026  # when the site began to hold its name, as tag URIs say it


@dataclass(frozen=True)
class Feed:
    """A page of a feed. `path` names it for good; links are (relation, address from the root, media type)."""

    path: str
    title: str
    subtitle: str
    updated: datetime.datetime
    links: Sequence[tuple[str, str, str]]
    entries: Sequence[FeedEntry]


def tag(what: str) -> str:
    """A name that outlives addresses (RFC 4151): « tag:example.org,2026:document/12 »."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{FIRST_YEAR}:{what}"


def write(feed: Feed) -> bytes:
    page = BytesIO()
    xml = Writer(page, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("feed", AttributesImpl({"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "fr"}))
    xml.text("id", tag(feed.path))
    xml.text("title", feed.title)
    xml.text("subtitle", feed.subtitle)
    xml.text("updated", rfc3339_date(max((entry.updated for entry in feed.entries), default=feed.updated)))
    xml.people([SITE])
    for relation, address, media_type in feed.links:
        xml.link(relation, address, media_type)
    for entry in feed.entries:
        xml.entry(entry)
    xml.endElement("feed")
    return page.getvalue()


class Writer(SimplerXMLGenerator):
    """The elements of Atom; what XML cannot hold is left out of the texts."""

    def text(self, name: str, text: str) -> None:
        self.addQuickElement(name, UNWRITABLE.sub("", text))

    def link(self, relation: str, address: str, media_type: str, **more: str) -> None:
        self.addQuickElement("link", attrs={"rel": relation, "href": settings.SITE_URL + address, "type": media_type, **more})

    def people(self, names: Iterable[str]) -> None:
        for name in names:
            self.startElement("author", AttributesImpl({}))
            self.text("name", name)
            self.endElement("author")

    def entry(self, entry: FeedEntry) -> None:
        self.startElement("entry", AttributesImpl({"xml:lang": entry.language}))
        self.text("id", tag(entry.key))
        self.text("title", entry.title)
        self.link("alternate", entry.url, "text/html")
        for file in entry.files:
            self.link("enclosure", file.url, file.media_type, length=str(file.size))
        self.text("published", rfc3339_date(entry.published))
        self.text("updated", rfc3339_date(entry.updated))
        self.people(entry.authors)
        for code, label in entry.categories:
            self.addQuickElement("category", attrs={"term": code, "label": UNWRITABLE.sub("", label)})
        if entry.summary:
            self.text("summary", entry.summary)
        self.endElement("entry")
