"""Error pages: French, styled, with a way out, the right code, nothing of the machinery."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import path

from trajectoire import urls

CODES = ["400", "403", "404", "410", "413", "429", "500", "503", "csrf"]


def failing(request, kind: str):
    raise {
        "400": BadRequest("x"),
        "suspicious": SuspiciousOperation("x"),
        "403": PermissionDenied("x"),
        "404": Http404("x"),
        "500": RuntimeError("secret detail"),
    }[kind]


failing.login_required = False


class Failing:
    urlpatterns = [path("panne/<str:kind>/", failing), *urls.urlpatterns]
    handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("400", 400, "Cette demande n’a pas pu être lue"),
        ("suspicious", 400, "Cette demande n’a pas pu être lue"),
        ("403", 403, "Vous n’avez pas accès à cette page"),
        ("404", 404, "Cette page n’existe pas, ou plus"),
        ("500", 500, "Une erreur est survenue de notre côté"),
    ],
)
@override_settings(ROOT_URLCONF=Failing)
def test_failure_has_its_page(visitor, db, kind, status, words):
    visitor.raise_request_exception = False
    response = visitor.get(f"/panne/{kind}/")
    html = response.content.decode()
    assert response.status_code == status
    assert words in html
    assert "secret detail" not in html
    assert "Traceback" not in html
    assert "Django" not in html


@pytest.mark.parametrize("code", CODES)
def test_page_is_whole_and_needs_nothing(code):
    """Drawn without request, without database."""
    html = render_to_string(f"errors/{code}.html")
    assert '<html lang="fr">' in html
    assert 'rel="stylesheet"' in html
    assert html.count("<h1>") == 1
    assert 'href="/"' in html
    assert 'name="robots" content="noindex"' in html


@pytest.mark.parametrize(
    "url",
    [
        "/inconnu/",
        "/ressources/inconnu/",
        "/territoires/99999/",
        "/.git/config",
        "/.env",
        "/db.sqlite3",
        "/__debug__/",
        "/static/",
        "/medias-internes/",
        "/var/db.sqlite3",
    ],
)
def test_what_does_not_exist_is_not_found(visitor, db, url):
    response = visitor.get(url)
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.content.decode()
    assert 'action="/recherche/"' in response.content.decode()


def test_address_without_its_last_slash_is_completed(visitor, world):
    response = visitor.get("/ressources")
    assert (response.status_code, response.headers["Location"]) == (301, "/ressources/")
