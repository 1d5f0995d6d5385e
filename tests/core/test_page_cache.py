"""Pages kept for a moment: never another's, never an old one, counted each time they are read."""

import datetime
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from network.events.models import Registration
from network.models import Theme
from resources.counts import DocumentCount
from resources.models import Document
from tests.consistency.addresses import public_gets
from tests.factories import accounts, events
from tests.factories.documents import document
from trajectoire.core import page_cache, search
from trajectoire.core.models import Page
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.search import Unavailable

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
READ = re.compile(r'(?:FROM|JOIN)\s+"?(\w+)"?', re.IGNORECASE)


@pytest.fixture(autouse=True)
def kept(settings, world):
    """Pages are kept, as in production, and the index is there."""
    settings.PAGE_CACHE_SECONDS = 60
    search.rebuild()
    page_cache.new_edition()


@pytest.fixture
def asked():
    """asked(client, address): whether the page had to be made."""

    def made(client: Client, address: str, **headers: str) -> bool:
        seen = []

        def watch(execute, sql, params, many, context):
            seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            response = client.get(address, headers=headers)
            assert response.status_code == 200
        return bool([sql for sql in seen if sql.startswith("SELECT")])

    return made


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """with committed(): what is written within is committed at its end."""

    def begin():
        connection.run_on_commit.clear()  # what the test wrote before is of another transaction
        return django_capture_on_commit_callbacks(execute=True)

    return begin


LIST = "/ressources/"


class TestSame:
    def test_second_reader_gets_the_same_answer_at_no_cost(self, visitor, asked):
        first = visitor.get(LIST)
        assert not asked(visitor, LIST)
        second = visitor.get(LIST)
        assert second.content == first.content
        ignored = {"X-Request-ID"}
        assert {n: v for n, v in second.headers.items() if n not in ignored} == {
            n: v for n, v in first.headers.items() if n not in ignored
        }
        assert second.headers["X-Request-ID"] != first.headers["X-Request-ID"]

    def test_who_has_it_is_told_so(self, visitor, asked):
        tag = visitor.get(LIST).headers["ETag"]
        again = visitor.get(LIST, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert visitor.get(LIST, headers={"If-None-Match": '"autre"'}).status_code == 200

    def test_page_is_made_anew_after_a_while(self, visitor, asked):
        visitor.get(LIST)
        with time_machine.travel(timezone.now() + datetime.timedelta(seconds=61)):
            assert asked(visitor, LIST)


class TestOthers:
    @pytest.mark.parametrize(
        "more",
        [
            {"cookie": "sessionid=x"},
            {"authorization": "Basic eDp5"},
            {"range": "bytes=0-5"},
            {"accept-encoding": "br"},
            {"accept-encoding": "gzip"},
            {"host": "127.0.0.1"},
        ],
    )
    def test_another_request_has_its_own_page(self, visitor, asked, settings, more):
        settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
        visitor.get(LIST)
        assert asked(visitor, LIST, **more)
        assert not asked(Client(), LIST)

    def test_another_query_is_another_page(self, visitor, asked):
        visitor.get(LIST)
        assert asked(visitor, f"{LIST}?theme=education")
        assert asked(visitor, f"{LIST}?page=1")

    def test_encoding_is_the_one_asked_for(self, visitor):
        for coding in ("br", "gzip", ""):
            for _ in range(2):
                said = visitor.get(LIST, headers={"Accept-Encoding": coding}).headers.get("Content-Encoding", "")
                assert said == coding

    def test_who_is_logged_in_never_meets_a_kept_page_nor_leaves_one(self, browser, visitor):
        staff = browser(accounts.documentalist())
        made = document("Réservé", access="formateurs")
        search.apply_changes()
        assert "Réservé" in staff.get(LIST).content.decode()
        assert "Réservé" not in visitor.get(LIST).content.decode()
        assert "Réservé" in staff.get(LIST).content.decode()
        assert staff.get(made.get_absolute_url()).status_code == 200
        assert visitor.get(made.get_absolute_url()).status_code == 404

    def test_host_that_is_not_ours_is_refused_whatever_is_kept(self, visitor):
        visitor.get(LIST)
        assert visitor.get(LIST, headers={"host": "evil.example"}).status_code == 400

    @pytest.mark.parametrize("address", ["/contact/", "/compte/login/", "/inconnue/"])
    def test_form_and_refusal_are_not_kept(self, visitor, address):
        visitor.get(address)
        assert [key for key in cache._cache if "page:" in key] == []

    def test_personal_page_is_not_kept(self, visitor):
        made = events.registration(events.event())
        assert visitor.get(f"/inscription/{made.token}/").status_code == 200
        assert [key for key in cache._cache if "page:" in key] == []

    def test_other_methods_pass(self, visitor):
        visitor.get(LIST)
        assert visitor.head(LIST).content == b""
        assert visitor.post(LIST).status_code == 405


def write_document():
    Document.objects.get(slug="un-document").save()


def write_link():
    Document.objects.get(slug="un-document").themes.set(Theme.objects.order_by("-pk")[:1])


def write_many():
    Document.objects.update(summary="Autre")


def write_page():
    Page.objects.update_or_create(slug="aide", defaults={"title": "Aide", "body": "x"})


def write_registration():
    Registration.objects.create(event=events.event(), name="Ada", email="ada@example.org")


def delete():
    Document.objects.get(slug="un-document").delete()


class TestFresh:
    """Each write in a public table makes every page anew, at once; no other does."""

    @pytest.mark.parametrize("write", [write_document, write_link, write_many, write_page, write_registration, delete])
    def test_edit_shows_at_once(self, visitor, asked, committed, write):
        document("Un document")
        visitor.get(LIST)
        assert not asked(visitor, LIST)
        with committed():
            write()
        assert asked(visitor, LIST)

    def test_what_readers_and_background_work_write_makes_nothing_anew(self, visitor, asked, committed):
        made = document("Un document")
        visitor.get(LIST)
        with committed():
            Session.objects.create(session_key="x", session_data="", expire_date=timezone.now())
            OutgoingMail.objects.create(kind="contact", recipient="a@example.org", subject="x", message_id="1")
            DocumentCount.objects.create(document=made, day=timezone.localdate(), kind="view", count=1)
        assert not asked(visitor, LIST)

    def test_what_is_rolled_back_makes_nothing_anew(self, visitor, asked, committed):
        document("Un document")
        visitor.get(LIST)
        with committed(), transaction.atomic():
            Document.objects.update(summary="Autre")
            transaction.set_rollback(True)
        assert not asked(visitor, LIST)

    def test_many_writes_of_one_transaction_ask_once(self, django_capture_on_commit_callbacks):
        connection.run_on_commit.clear()
        with django_capture_on_commit_callbacks() as waiting:
            for _ in range(20):
                Document.objects.update(summary="Autre")
        assert waiting.count(page_cache.new_edition) == 1

    def test_page_made_while_someone_writes_is_not_given_afterwards(self, visitor, asked, committed, monkeypatch):
        document("Un document")

        def late(execute, sql, params, many, context):
            answer = execute(sql, params, many, context)
            page_cache.new_edition()  # somebody commits while this page is made
            return answer

        with connection.execute_wrapper(late):
            visitor.get(LIST)
        assert asked(visitor, LIST)

    def test_page_that_shows_less_than_there_is_is_not_kept(self, visitor, asked, monkeypatch):
        def unreadable():
            raise Unavailable("L’index est abîmé.")

        with monkeypatch.context() as patched:
            patched.setattr("trajectoire.core.search.answering.read", unreadable)
            assert visitor.get(LIST).status_code == 200
        assert asked(visitor, LIST)


def test_no_kept_page_shows_a_table_whose_changes_are_not_noticed(visitor, concrete):
    """The proof that QUIET is right: each public page is made, and what it reads is looked at."""
    wrong, kept = {}, 0
    for pattern in public_gets():
        seen: set[str] = set()

        def watch(execute, sql, params, many, context, seen=seen):
            seen.update(READ.findall(sql) if sql.startswith("SELECT") else ())
            return execute(sql, params, many, context)

        cache.clear()
        page_cache.new_edition()
        visitor.cookies.clear()
        with connection.execute_wrapper(watch):
            visitor.get(concrete(pattern))
        if any("page:" in key for key in cache._cache):
            kept += 1
            quiet = {table for table in seen if page_cache.QUIET.fullmatch(table)} - {"core_siteversion", "core_searchchange"}
            if quiet:
                wrong[pattern] = quiet
    assert wrong == {}
    assert kept > 60


class TestCounted:
    @pytest.fixture
    def count(self):
        return lambda: sum(DocumentCount.objects.filter(kind="view").values_list("count", flat=True))

    def test_each_reader_is_counted_of_a_page_that_was_kept_for_a_robot(self, count):
        address = document("Un document").get_absolute_url()
        Client().get(address, headers={"User-Agent": "Googlebot"})
        assert count() == 0
        for number in (1, 2):
            Client(REMOTE_ADDR=f"192.0.2.{number}").get(address, headers=BROWSER)
            assert count() == number
        Client(REMOTE_ADDR="192.0.2.2").get(address, headers=BROWSER)
        assert count() == 2  # the same reading


class Away:
    """A cache whose server is not there."""

    def get_many(self, keys):
        raise ConnectionError("nobody at 127.0.0.1:6379")


def test_cache_away_is_as_if_it_were_empty(visitor, monkeypatch, caplog):
    monkeypatch.setattr(page_cache, "cache", Away())
    assert visitor.get(LIST).status_code == 200
    assert "the cache is away" in caplog.text


def test_cache_that_lost_everything_begins_again(visitor, asked):
    visitor.get(LIST)
    cache.clear()
    assert asked(visitor, LIST)
    assert asked(visitor, LIST)
    assert not asked(visitor, LIST)


def test_nothing_is_kept_without_a_shared_cache(settings, visitor, asked):
    settings.PAGE_CACHE_SECONDS = 0
    assert asked(visitor, LIST)
    assert asked(visitor, LIST)


def test_page_too_heavy_is_not_kept(visitor, asked, monkeypatch):
    monkeypatch.setattr(page_cache, "LARGEST", 10)
    assert asked(visitor, LIST)
    assert asked(visitor, LIST)
