"""The pages that must work alone, and what holds for every template."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string

TEMPLATES = settings.BASE_DIR / "templates"
ERRORS = sorted(path.stem for path in (TEMPLATES / "errors").glob("*.html"))
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:")


def page_context() -> dict:
    return {
        "nav": [{"label": "Ressources", "url": "/ressources/", "current": True}],
        "accessibility_status": "non conforme",
        "canonical": "/styleguide/",
        "map_svg": "",
    }


def included_by(name: str, seen: set[str]) -> set[str]:
    if name not in seen:
        seen.add(name)
        for other in re.findall(r'{% (?:include|extends) "([^"]+)"', (TEMPLATES / name).read_text(encoding="utf-8")):
            included_by(other, seen)
    return seen


def test_error_pages_are_all_there():
    assert {"400", "403", "404", "410", "413", "429", "500", "503", "csrf"} <= set(ERRORS)


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_without_context_is_french_and_shows_a_way_out(name):
    page = render_to_string(f"errors/{name}.html")
    assert '<html lang="fr">' in page
    assert len(re.findall("<h1>[^<]+</h1>", page)) == 1
    assert re.search("<title>[^<]{10,}\\sTrajectoire Ressources</title>", page)
    assert '<a href="/">' in page
    assert "{{" not in page
    assert "{%" not in page


def test_gone_page_names_the_document_and_what_replaces_it():
    newer = SimpleNamespace(title="Contrats de ville <2030>", get_absolute_url="/ressources/nouveau/")
    page = render_to_string("errors/410.html", {"document": SimpleNamespace(title="Ancien"), "replacement": newer})
    assert "Ancien" in page
    assert '<a href="/ressources/nouveau/">Contrats de ville &lt;2030&gt;</a>' in page


def test_templates_hold_no_inline_style_or_script():
    found = [path.name for path in TEMPLATES.rglob("*.html") if INLINE.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_every_component_is_on_the_style_guide():
    components = {f"components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}
    assert components - included_by("styleguide/index.html", set()) == set()


def test_style_guide_has_one_title_and_no_identifier_twice():
    page = render_to_string("styleguide/index.html", page_context())
    identifiers = re.findall(r'\sid="([^"]+)"', page)
    assert page.count("<h1") == 1
    assert sorted(identifiers) == sorted(set(identifiers))
