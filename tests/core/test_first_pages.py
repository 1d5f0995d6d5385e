"""The first texts of the editable pages: all there, true, and kept as staff writes them."""

import re
import tomllib

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve

from trajectoire.core.management.commands.load_pages import DATA, load
from trajectoire.core.models import Page
from trajectoire.core.pages import PAGES, VRL
from trajectoire.core.prose import clean_html, plain

TEXTS = tomllib.loads(DATA.read_text(encoding="utf-8"))


def test_every_page_of_the_site_has_a_text():
    assert set(TEXTS) == {*PAGES, VRL}


@pytest.mark.parametrize("slug", TEXTS)
def test_text_is_whole_and_clean(slug):
    page = TEXTS[slug]
    assert 20 < len(page["lead"]) <= 400
    assert len(plain(page["body"]).split()) > 200
    assert plain(clean_html(page["body"])) == plain(page["body"])
    assert "<h1" not in page["body"]


@pytest.mark.parametrize("slug", TEXTS)
def test_links_lead_somewhere(slug):
    links = re.findall(r'href="([^"]+)"', TEXTS[slug]["body"])
    assert links or slug == VRL  # its page is made of links already
    for link in links:
        if not link.startswith("https://"):
            try:
                resolve(link.split("?")[0])
            except Resolver404:
                pytest.fail(f"{link} leads nowhere")


@pytest.mark.parametrize("slug", TEXTS)
def test_no_count_of_quarters_is_written_by_hand(slug):
    assert not re.search(r"\b(?:58|62|soixante)\b", plain(TEXTS[slug]["body"]))


def test_accessibility_statement_has_the_imposed_parts():
    parts = re.findall(r"<h2>(.+?)</h2>", TEXTS["accessibilite"]["body"])
    assert parts == [
        "État de conformité",
        "Résultats des tests",
        "Contenus non accessibles",
        "Établissement de cette déclaration d’accessibilité",
        "Retour d’information et contact",
        "Voies de recours",
    ]
    assert "non conforme" in TEXTS["accessibilite"]["lead"]


def test_pages_are_created_once(db, capsys):
    assert load() == len(TEXTS)
    Page.objects.filter(slug="aide").update(title="Notre aide")
    Page.objects.filter(slug="vrl").delete()
    call_command("load_pages")
    assert "1\u00a0ajout." in capsys.readouterr().out
    assert Page.objects.get(slug="aide").title == "Notre aide"
    assert Page.objects.get(slug="vrl").history.count() == 1


def test_pages_are_shown(db, client):
    load()
    for slug, address in PAGES.items():
        answer = client.get(f"/{address}")
        assert answer.status_code == 200
        assert TEXTS[slug]["title"] in answer.content.decode()
