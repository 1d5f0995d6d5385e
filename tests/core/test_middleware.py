"""What every answer satisfies: headers, caches, methods, input, and a database that is away."""

import errno
import gzip
import re

import brotli
import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse

from tests.factories.documents import document
from trajectoire.core.middleware import RedisError, _same_for_all, something_away
from trajectoire.core.models import SiteVersion, version_seen
from trajectoire.core.storing import Away


class TestHeaders:
    pytestmark = pytest.mark.usefixtures("world")

    @pytest.mark.parametrize(("url", "vary"), [("/ressources/", "Accept-Encoding"), ("/recherche/suggestions/?q=zz", None)])
    def test_public_answer_does_not_vary_by_cookie(self, visitor, url, vary):
        assert visitor.get(url).headers.get("Vary") == vary

    @pytest.mark.parametrize("url", ["/", "/ressources/", "/contact/", "/inconnu/", "/healthz", "/robots.txt", "/compte/login/"])
    def test_every_answer_is_guarded(self, visitor, url):
        headers = visitor.get(url).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=(), display-capture=(), geolocation=()" in headers["Permissions-Policy"]
        policy = headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        for directive in (
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "connect-src 'self'",
        ):
            assert directive in policy

    @pytest.mark.parametrize("url", ["/", "/ressources/", "/territoires/", "/aide/"])
    def test_nothing_comes_from_elsewhere(self, visitor, url):
        html = visitor.get(url).content.decode()
        loaded = re.findall(
            r'<(?:script|img|source|iframe|video|audio|link rel="(?:stylesheet|preload|icon)")[^>]*?(?:src|href|srcset)="([^"]+)"',
            html,
        )
        assert loaded
        assert [address for address in loaded if not address.startswith("/")] == []

    def test_public_page_is_asked_again_and_private_one_is_never_stored(self, visitor, stranger):
        assert visitor.get("/aide/").headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        kept = stranger.get("/aide/").headers["Cache-Control"]
        assert "no-store" in kept
        assert "private" in kept
        assert "public" not in kept

    def test_page_with_a_form_is_never_stored(self, visitor):
        assert "no-store" in visitor.get("/contact/").headers["Cache-Control"]

    def test_old_session_cookie_makes_a_page_private(self, visitor):
        visitor.cookies["sessionid"] = "x" * 32
        assert "no-store" in visitor.get("/aide/").headers["Cache-Control"]

    def test_unchanged_page_is_not_sent_twice_and_a_changed_one_is(self, visitor):
        made = document("Titre")
        first = visitor.get(made.get_absolute_url())
        mark = {"If-None-Match": first.headers["ETag"]}
        assert visitor.get(made.get_absolute_url(), headers=mark).status_code == 304
        made.title = "Titre revu"
        made.save()
        again = visitor.get(made.get_absolute_url(), headers=mark)
        assert again.status_code == 200
        assert "Titre revu" in again.content.decode()


class TestCompression:
    pytestmark = pytest.mark.usefixtures("world")

    @pytest.mark.parametrize(
        ("accepted", "coding", "read"), [("gzip, br;q=1.0", "br", brotli.decompress), ("gzip, deflate", "gzip", gzip.decompress)]
    )
    def test_page_is_compressed(self, visitor, accepted, coding, read):
        plain = visitor.get("/aide/")
        assert "Content-Encoding" not in plain.headers
        small = visitor.get("/aide/", headers={"Accept-Encoding": accepted})
        assert small.headers["Content-Encoding"] == coding
        assert small.headers["Content-Length"] == str(len(small.content))
        assert "Accept-Encoding" in small.headers["Vary"]
        assert len(small.content) < len(plain.content) / 2
        assert "</html>" in read(small.content).decode()

    def test_compressed_page_answers_not_modified(self, visitor):
        accept = {"Accept-Encoding": "br"}
        first = visitor.get("/aide/", headers=accept)
        assert first.headers["ETag"].startswith('W/"')
        assert visitor.get("/aide/", headers=accept | {"If-None-Match": first.headers["ETag"]}).status_code == 304

    def test_page_that_is_never_stored_is_compressed_without_a_mark(self, visitor):
        headers = visitor.get("/contact/", headers={"Accept-Encoding": "br"}).headers
        assert headers["Content-Encoding"] == "br"
        assert "ETag" not in headers

    def test_short_answer_is_left_as_it_is(self, visitor):
        assert "Content-Encoding" not in visitor.get("/healthz", headers={"Accept-Encoding": "br"}).headers


class TestInput:
    pytestmark = pytest.mark.usefixtures("world")

    @pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "XYZ"])
    def test_unknown_methods_are_refused(self, visitor, method):
        response = visitor.generic(method, "/")
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"

    @pytest.mark.parametrize(
        "url", ["/ressources/%00/", "/recherche/?q=%00", "/ressources/?theme=a%00b", "/%00", "/ressources/x/fichiers/1/a%00.pdf"]
    )
    def test_nul_in_an_address_is_refused(self, visitor, url):
        response = visitor.get(url)
        assert response.status_code == 400
        assert "Cette demande n’a pas pu être lue" in response.content.decode()

    def test_nul_in_a_form_is_refused(self, visitor):
        from trajectoire.core.models import ContactMessage

        for field in ("name", "email", "subject", "message"):
            sent = {"name": "Ada", "email": "a@example.org", "subject": "Bonjour", "message": "Oui"} | {field: "a\0b"}
            assert visitor.post("/contact/", sent).status_code in (302, 400)
        assert not ContactMessage.objects.exists()

    def test_nul_in_the_name_of_an_account_is_refused(self, visitor):
        assert visitor.post("/compte/login/", {"login": "a\0@example.org", "password": "x\0"}).status_code == 200

    def test_long_address_is_refused(self, visitor):
        assert visitor.get("/recherche/", {"q": "a" * 9_000}).status_code == 414
        assert visitor.get("/recherche/", {"q": "a" * 7_000}).status_code == 200

    def test_too_many_parameters_are_refused(self, visitor):
        assert visitor.post("/contact/", {f"p{n}": "1" for n in range(5_000)}).status_code == 400

    def test_broken_multipart_is_refused(self, visitor):
        from trajectoire.core.models import ContactMessage

        for body, kind in ((b"--x\r\nbroken", "multipart/form-data; boundary=x"), (b"x", "multipart/form-data")):
            response = visitor.generic("POST", "/contact/", body, content_type=kind)
            assert response.status_code == 400
        assert not ContactMessage.objects.exists()

    def test_too_heavy_form_is_refused(self, visitor):
        assert visitor.post("/contact/", {"message": "a" * 3_000_000}).status_code in (400, 413)

    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a b", ""])
    def test_unknown_host_is_refused(self, visitor, host, settings):
        settings.ALLOWED_HOSTS = ["localhost", "testserver"]
        assert visitor.get("/", headers={"Host": host} if host else None, SERVER_NAME=host or "evil").status_code == 400

    def test_forwarded_host_is_ignored(self, visitor):
        for url in ("/", "/compte/password/reset/", "/sitemap.xml", "/robots.txt"):
            assert "evil.example" not in visitor.get(url, headers={"X-Forwarded-Host": "evil.example"}).content.decode()

    def test_host_of_the_request_never_reaches_a_link(self, visitor, settings):
        settings.ALLOWED_HOSTS = ["autre.example"]
        html = visitor.get("/aide/", headers={"Host": "autre.example"}).content.decode()
        assert "autre.example" not in html
        assert f'<link rel="canonical" href="{settings.SITE_URL}/aide/">' in html

    def test_naughty_strings_break_nothing(self, visitor):
        strings = [
            "' OR 1=1 --",
            "{{7*7}}",
            "${7*7}",
            "\r\nSet-Cookie: a=b",
            "*)(uid=*",
            "%0d%0aX: y",
            "\u202e",
            "𝕏" * 50,
            "a" * 199,
            "؀",
            "(" * 60,
            '"' * 61,
            "AND OR NOT",
            "-",
            "*",
            "théme:",
            "😀",
        ]
        for text in strings:
            for url in ("/ressources/", "/recherche/", "/recherche/suggestions/", "/territoires/"):
                response = visitor.get(
                    url, {"q": text, "theme": text, "territoire": text, "annee": text, "page": text, "tri": text, "genre": text}
                )
                assert response.status_code == 200, (url, text)
                assert "49" not in response.context["sentence"] if url == "/ressources/" else True
                assert "Set-Cookie" not in response.headers


class TestDatabaseAway:
    """The real connection points at nothing: a folder that is not there, a port where nobody listens."""

    @pytest.fixture
    def away(self, django_db_setup, django_db_blocker, monkeypatch):
        with django_db_blocker.unblock():
            connection.close()
            wrong = {"NAME": "/nowhere/at/all.sqlite3"} if connection.vendor == "sqlite" else {"PORT": "1"}
            with monkeypatch.context() as patch:
                for name, value in wrong.items():
                    patch.setitem(connection.settings_dict, name, value)
                yield
                connection.close()

    @pytest.mark.parametrize(
        "url",
        [
            "/",
            "/ressources/",
            "/ressources/x/",
            "/recherche/?q=a",
            "/aide/",
            "/territoires/",
            "/healthz",
            "/sitemap.xml",
            "/vrl/",
        ],
    )
    def test_page_says_come_back(self, visitor, away, url):
        response = visitor.get(url)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"
        assert response.headers["Cache-Control"] == "no-store"
        assert "Le site revient dans un instant" in response.content.decode()

    @pytest.mark.parametrize("url", ["/aide/", "/vrl/espace/", "/admin/"])
    def test_person_logged_in_is_told_too(self, visitor, away, url):
        visitor.cookies["sessionid"] = "x" * 32
        visitor.raise_request_exception = False
        response = visitor.get(url)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"

    def test_what_needs_no_database_answers(self, visitor, away):
        assert visitor.get("/robots.txt").status_code == 200
        assert visitor.get("/inconnu/").status_code == 404
        assert visitor.get("/%00").status_code == 400


def test_version_is_read_once_a_request(db, django_assert_num_queries):
    SiteVersion.bump()
    token = version_seen.set({})
    try:
        with django_assert_num_queries(1):
            first = SiteVersion.current()
            assert SiteVersion.current() == first
        SiteVersion.bump()
        assert SiteVersion.current() == first + 1
    finally:
        version_seen.reset(token)
    with django_assert_num_queries(2):
        assert SiteVersion.current() == SiteVersion.current() == first + 1
    assert str(SiteVersion.objects.get()) == str(first + 1)


@pytest.mark.parametrize(("said", "kept"), [("Cookie, Accept", "Accept"), ("cookie", None), ("", None)])
def test_what_a_public_page_varies_by(said, kept):
    response = HttpResponse(headers={"Vary": said} if said else {})
    _same_for_all(response)
    assert response.headers.get("Vary") == kept


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("nobody"), "Le site revient dans un instant"),
        (RedisError("nobody"), "Le site revient dans un instant"),
        (Away("nobody"), "Un fichier ne peut être ni lu ni gardé"),
        (OSError(errno.ENOSPC, "No space left on device"), "Un fichier ne peut être ni lu ni gardé"),
        (OSError(errno.EACCES, "denied"), ""),
        (ValueError(), ""),
    ],
)
def test_what_is_away_is_told_in_french_and_nothing_else_is_hidden(rf, error, words):
    answer = something_away(lambda request: HttpResponse()).process_exception(rf.get("/"), error)
    if not words:
        assert answer is None
        return
    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (503, "30", "no-store")
    assert words in answer.content.decode()
