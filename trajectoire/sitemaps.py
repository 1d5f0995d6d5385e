"""sitemap.xml names the parts, sitemap-<part>.xml what a search engine may list."""

import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from network.events.models import Event, Series
from network.models import Initiative, Organisation, Territory
from resources.models import Collection, Document
from trajectoire.core.pages import PAGES
from vrl.models import Situation


def last_change(rows: QuerySet) -> datetime.datetime | None:
    """Django would read every row to find it."""
    return rows.order_by().aggregate(last=Max("updated_at"))["last"]


class Documents(Sitemap):
    limit = 5_000

    def items(self):
        return Document.objects.published().filter(access=Document.Access.PUBLIC).only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Document):
        return item.updated_at

    def get_latest_lastmod(self):
        return last_change(self.items())


class Collections(Sitemap):
    def items(self):
        return Collection.objects.order_by("pk")


class Territories(Sitemap):
    def items(self):
        return Territory.objects.with_pages().order_by("code")


class Directory(Sitemap):
    """Organisations and initiatives; people are found from inside the site, not from a search engine."""

    limit = 5_000

    def items(self):
        found = [
            model.objects.filter(published=True).only("slug", "updated_at").order_by("pk") for model in (Organisation, Initiative)
        ]
        return [entry for entries in found for entry in entries]

    def lastmod(self, item: Organisation | Initiative):
        return item.updated_at


class Events(Sitemap):
    """Public events, past ones included, and public series."""

    limit = 5_000

    def items(self):
        events = Event.objects.published().only("slug", "updated_at", "of_plan").order_by("pk")
        return [*events, *Series.objects.published().only("slug", "updated_at").order_by("pk")]

    def lastmod(self, item: Event | Series):
        return item.updated_at


class Situations(Sitemap):
    def items(self):
        return Situation.objects.published().only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Situation):
        return item.updated_at


class Pages(Sitemap):
    def items(self):
        return [
            "home",
            "resources:list",
            "events:list",
            "network:directory",
            "network:territory_list",
            "vrl:index",
            "vrl:sessions",
            "vrl:situations",
            "contact",
            "site_map",
            *PAGES,
        ]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {
    "ressources": Documents,
    "collections": Collections,
    "agenda": Events,
    "reseau": Directory,
    "territoires": Territories,
    "situations": Situations,
    "pages": Pages,
}
