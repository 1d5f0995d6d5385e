"""sitemap.xml, in parts: what a search engine may list."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from network.models import Territory
from resources.models import Collection, Document
from trajectoire.core.pages import PAGES


class Documents(Sitemap):
    limit = 5_000

    def items(self):
        return Document.objects.published().filter(access=Document.Access.PUBLIC).only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Document):
        return item.updated_at


class Collections(Sitemap):
    def items(self):
        return Collection.objects.order_by("pk")


class Territories(Sitemap):
    def items(self):
        return Territory.objects.with_pages().order_by("code")


class Pages(Sitemap):
    def items(self):
        return ["home", "resources:list", "network:territory_list", "vrl:index", "contact", "site_map", *PAGES]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {"ressources": Documents, "collections": Collections, "territoires": Territories, "pages": Pages}
