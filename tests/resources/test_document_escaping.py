"""Whatever is typed in a document, its page shows it as text; rich text keeps what is allowed and nothing else."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from resources.fiches import SECTIONS
from resources.models import Collection, Document
from tests.factories.documents import document

pytestmark = pytest.mark.usefixtures("world")
EVIL = "<script>alert(x)</script>\"'>{{7*7}}{% now 'Y' %}"
TEXT_FIELDS = [
    "title",
    "subtitle",
    "summary",
    "authors",
    "publisher",
    "event_note",
    "cover_credit",
    "isbn",
    "issn",
    "hook",
    "carrier",
    "partners",
    "contact",
    "writer",
    "quote",
    "quote_author",
    "key_figures",
]


def page(client, made: Document) -> dict:
    return client.get(made.get_absolute_url()).context


def fiche(**fields) -> Document:
    texts = {name: f"<h2>Un titre</h2><p>Sur {name}.</p>" for name, _, _ in SECTIONS}
    return document(**{"title": "Une fiche", "type": "fiche-experience", "territories": ["QN02503M"]} | texts | fields)


def typed(name: str) -> str:
    """What somebody types in this field, as long as it may be."""
    size = Document._meta.get_field(name).max_length or 250
    evil = EVIL.replace("x", name, 1)
    return (f"12 | {evil}" if name == "key_figures" else evil)[:size]


class TestEscaping:
    def test_text_is_escaped_wherever_it_is_shown(self, visitor, documentalist):
        made = fiche(**{name: typed(name) for name in TEXT_FIELDS})
        drawn = [{"format": "webp", "width": 400, "height": 1, "name": "couvertures/a", "file": "a-400.webp"}]
        Document.objects.filter(pk=made.pk).update(cover_renditions=drawn)
        for url in (made.get_absolute_url(), "/", "/ressources/", "/ressources/?q=alert", "/recherche/?q=alert", "/vrl/"):
            html = visitor.get(url).content.decode()
            assert "<script>alert" not in html, url
            assert ">49" not in html, url
        assert "<script>alert" not in documentalist.get("/admin/resources/document/").content.decode()
        assert "<script>alert" not in documentalist.get(f"/admin/resources/document/{made.pk}/change/").content.decode()
        html = visitor.get(made.get_absolute_url()).content.decode()
        shown = set(re.findall(r"&lt;script&gt;alert\((\w+)\)", html))
        assert shown == {name for name in TEXT_FIELDS if f"alert({name})" in typed(name)}

    def test_suggestions_are_json(self, visitor):
        document(f"Zorro {EVIL}")
        response = visitor.get("/recherche/suggestions/", {"q": "zorro"})
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert json.loads(response.content)["suggestions"] != []

    def test_vocabularies_are_escaped(self, visitor, world):
        made = document(collection="cetavou")
        Collection.objects.filter(slug="cetavou").update(name=EVIL, publisher=EVIL, issn="<b>1</b>")
        made.themes.update(name=EVIL, short_name=EVIL[:40])
        from trajectoire.core.models import SiteVersion

        SiteVersion.bump()
        for url in (
            made.get_absolute_url(),
            "/",
            "/ressources/",
            "/ressources/collections/",
            "/ressources/collections/cetavou/",
            "/plan-du-site/",
        ):
            html = visitor.get(url).content.decode()
            assert "<script>alert" not in html, url
            assert "ISSN <b>" not in html, url


class TestCleaning:
    @pytest.mark.parametrize(
        "html",
        [
            "<script>alert(1)</script>",
            '<img src=x onerror="alert(1)">',
            '<p style="position:fixed">a</p>',
            '<iframe src="https://evil.example"></iframe>',
            "<svg><script>alert(1)</script></svg>",
            '<a href="javascript:alert(1)">x</a>',
            '<a href="data:text/html,x">x</a>',
            '<a href=" jAvAscript:alert(1)">x</a>',
            '<form action="/x"><input name="a"></form>',
            '<p class="MsoNormal" onmouseover=alert(1)>Word <o:p></o:p></p><!--[if gte mso 9]>x<![endif]-->',
            "<p><b>pas fermé <i>non plus <script>x",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
            '<base href="https://evil.example">',
            '<meta http-equiv="refresh" content="0">',
        ],
    )
    def test_save_cleans_whatever_the_way_in(self, visitor, html):
        made = fiche(body=html, context=html)
        made.refresh_from_db()
        for text in (made.body, made.context, visitor.get(made.get_absolute_url()).content.decode().split("<main", 1)[1]):
            assert not re.search(
                r"<script|onerror|<iframe|javascript:|data:text|<form action=\"/x|mso|<base|<meta|style=", text, re.I
            )

    def test_good_html_is_kept(self):
        html = '<h2>Titre</h2><p><strong>Gras</strong> et <em>italique</em>, <a href="https://example.org/">lien</a></p><ul><li>un</li></ul>'
        assert document(body=html).body.replace(' rel="noopener noreferrer"', "").replace(' rel="noopener"', "") == html

    @given(st.text(alphabet="<>/\"'= abcsriptonejv:&;!-", max_size=80))
    @hypothesis_settings(max_examples=60, deadline=None)
    def test_no_text_makes_a_script(self, text):
        from trajectoire.core.prose import clean_html

        assert not re.search(r"<\s*script|\son\w+\s*=|javascript:", re.sub(r">[^<]*<", "><", f">{clean_html(text)}<"), re.I)
