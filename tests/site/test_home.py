"""The home page, the plan du site, the sitemap, the addresses for machines and the old addresses."""

import datetime
import re

import pytest
from django.core.cache import cache

from resources.models import Document
from tests.factories.documents import document, many
from trajectoire.core import search
from trajectoire.core.pages import PAGES
from trajectoire.core.redirects import OldAddress

pytestmark = pytest.mark.usefixtures("world")


def test_home_shows_the_newest_of_the_house_first(visitor):
    for day in range(1, 7):
        document(f"Du {day}", date=datetime.date(2024, 1, day))
    document("D’ailleurs", external=True, date=datetime.date(2026, 1, 1))
    document("Sans date", date=None)
    assert [card["title"] for card in visitor.get("/").context["latest"]] == ["Du 6", "Du 5", "Du 4", "Du 3"]


def test_home_features_the_newest_fiche_not_shown_already(visitor):
    assert visitor.get("/").context["featured"] is None
    for day in range(1, 6):
        document(f"Fiche {day}", "fiche-experience", date=datetime.date(2024, 1, day))
    context = visitor.get("/").context
    assert context["featured"]["title"] == "Fiche 1"
    assert "Fiche 1" not in [card["title"] for card in context["latest"]]


def test_home_counts_each_theme_with_its_children(visitor):
    document(themes=["restauration-collective"])
    document(themes=["education", "laicite"])
    counts = {theme["label"]: theme["count"] for theme in visitor.get("/").context["themes"]}
    assert counts == {"Éducation": 1, "Santé": 0, "Mobilités": 0, "Laïcité": 2}
    context = visitor.get("/").context
    assert context["counts"] == {"documents": 2, "qpv": 1, "communes": 2, "departments": 2}


def test_home_links_lead_somewhere(visitor):
    document("Une fiche", "fiche-experience", collection="cetavou", territories=["25056"])
    html = visitor.get("/").content.decode()
    links = {link.replace("&amp;", "&") for link in re.findall(r'<a [^>]*href="(/[^"]*)"', html)}
    assert len(links) > 20
    assert {link for link in links if visitor.get(link).status_code not in (200, 302)} == set()
    assert "/compte/login/" in links


def test_home_says_how_accessible_the_site_is(visitor):
    assert "Accessibilité\u00a0: non conforme" in visitor.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 3, 500])
def test_query_count_of_the_home(visitor, django_assert_num_queries, count):
    many(count)
    search.rebuild()
    visitor.get("/")
    with django_assert_num_queries(9):
        visitor.get("/")


@pytest.mark.parametrize("address", PAGES.values())
def test_editable_pages_open(visitor, address):
    response = visitor.get(f"/{address}")
    assert response.status_code == 200
    assert "Un texte." in response.content.decode()
    assert "Page mise à jour le" in response.content.decode()


def test_long_page_has_a_table_of_contents(visitor):
    from trajectoire.core.models import Page

    page = Page.objects.get(slug="aide")
    page.body = "".join(f"<h2>Partie {n}</h2><p>a</p>" for n in range(4))
    page.save()
    assert [entry["id"] for entry in visitor.get("/aide/").context["page"]["toc"]] == [f"partie-{n}" for n in range(4)]


def test_missing_page_is_not_found(visitor):
    from trajectoire.core.models import Page

    Page.objects.all().delete()
    assert visitor.get("/aide/").status_code == 404
    assert visitor.get("/vrl/").status_code == 404


def test_plan_du_site_leads_everywhere(visitor):
    parts = visitor.get("/plan-du-site/").context["sitemap"]
    links = [link["url"] for part in parts for link in [part, *part["children"]]]
    assert len(links) > 20
    assert {link for link in links if visitor.get(link).status_code not in (200, 302)} == set()


def sitemap(client) -> str:
    """The text of every part that sitemap.xml names."""
    parts = re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    return "".join(client.get(part.replace("&amp;", "&")).content.decode() for part in parts)


def test_sitemap_of_a_large_library_names_every_part(visitor, monkeypatch):
    from trajectoire.sitemaps import Documents

    many(5)
    monkeypatch.setattr(Documents, "limit", 2)
    index = visitor.get("/sitemap.xml").content.decode()
    assert [f"/sitemap-ressources.xml{page}</loc>" in index for page in ("", "?p=2", "?p=3", "?p=4")] == [True, True, True, False]
    assert sitemap(visitor).count("/ressources/lot-") == 5


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_the_sitemap(visitor, django_assert_num_queries, count):
    many(count)
    with django_assert_num_queries(14):
        visitor.get("/sitemap.xml")
    with django_assert_num_queries(2):
        visitor.get("/sitemap-ressources.xml")


def test_sitemap_lists_what_is_public(visitor, settings):
    made = document("Une synthèse")
    text = sitemap(visitor)
    for address in (made.get_absolute_url(), "/", "/vrl/", "/aide/", "/territoires/25/", "/ressources/collections/cetavou/"):
        assert f"{address}</loc>" in text, address
    assert "<lastmod>" in text
    assert "/admin/" not in text


def test_robots(visitor, settings):
    response = visitor.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain"
    assert "Disallow: /admin/" in response.content.decode()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in response.content.decode()


def robot_may_read(rules: list[str], address: str) -> bool:
    """The longest rule that fits, as RFC 9309 says (2.2.2); `*` is anything, `$` the end."""
    fitting = []
    for rule in rules:
        word, _, path = rule.partition(": ")
        pattern = re.escape(path).replace(r"\*", ".*").replace(r"\$", "$")
        if word in ("Allow", "Disallow") and re.match(pattern, address):
            fitting.append((len(path), word == "Allow"))
    return max(fitting, default=(0, True))[1]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/", True),
        ("/ressources/une-synthese/", True),
        ("/ressources/une-synthese/fichiers/1/synthese.pdf", True),
        ("/ressources/", True),
        ("/ressources/?theme=sante", False),
        ("/ressources/flux.atom", True),
        ("/ressources/flux.atom?theme=sante&tri=ajout", True),
        ("/reseau/flux.atom", True),
        ("/ressources/export.csv", False),
        ("/ressources/export.json?page=2", False),
        ("/recherche/?q=x", False),
        ("/admin/", False),
        ("/compte/login/", False),
        ("/sitemap.xml", True),
        ("/sitemap-ressources.xml?p=2", True),
    ],
)
def test_what_robots_may_read(visitor, address, allowed):
    assert robot_may_read(visitor.get("/robots.txt").content.decode().splitlines(), address) is allowed


class TestHealth:
    def test_alive(self, visitor):
        search.rebuild()
        assert visitor.get("/healthz").json()["ok"] is True
        assert visitor.get("/healthz").json()["search"] is True

    def test_answer_is_of_this_moment(self, visitor, settings):
        settings.PAGE_CACHE_SECONDS = 60
        assert "no-store" in visitor.get("/healthz").headers["Cache-Control"]
        assert not [key for key in cache._cache if "page:" in key]

    def test_search_away_is_said_and_the_site_lives(self, visitor):
        assert visitor.get("/healthz").json() | {"version": 0} == {"ok": True, "search": False, "version": 0}


class TestOldAddresses:
    @pytest.mark.parametrize(("old", "new"), [("/le-plan-vrl/", "/vrl/"), ("/trajectoire-ressources/", "/la-structure/")])
    def test_fixed_ones(self, visitor, old, new):
        response = visitor.get(old)
        assert (response.status_code, response.headers["Location"]) == (301, new)

    def test_staff_s_table_comes_before_the_same_name(self, visitor):
        document("Le titre")
        OldAddress.objects.create(path="/publication/le-titre/", target="/ressources/?theme=sante")
        response = visitor.get("/publication/le-titre/")
        assert (response.status_code, response.headers["Location"]) == (301, "/ressources/?theme=sante")
        assert str(OldAddress.objects.get()) == "/publication/le-titre/"

    def test_document_of_the_same_name(self, visitor):
        document("Le titre")
        for old in ("/publication/le-titre/", "/actualite/le-titre/"):
            response = visitor.get(old)
            assert (response.status_code, response.headers["Location"]) == (301, "/ressources/le-titre/")

    def test_unknown_or_hidden(self, visitor):
        document("Caché", status=Document.Status.DRAFT)
        assert visitor.get("/publication/cache/").status_code == 404
        assert visitor.get("/publication/inconnu/").status_code == 404


def test_styleguide_is_for_staff(documentalist, trainer, visitor):
    document()
    assert documentalist.get("/styleguide/").status_code == 200
    for client in (trainer, visitor):
        assert client.get("/styleguide/").status_code == 302
