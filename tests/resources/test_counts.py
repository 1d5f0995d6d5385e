"""Pages read and files given are counted by document and day: after the answer, for browsers, and nothing of who."""

import datetime
import threading

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from resources import counts, delivery, views
from resources.counts import DocumentCount
from resources.models import Document
from tests.factories import vocabulary, vrl
from tests.factories.documents import document, file
from trajectoire.core.counting import is_robot

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
VIEW, DOWNLOAD = DocumentCount.Kind
DAY = datetime.date(2026, 3, 12)


@pytest.fixture
def made(world) -> Document:
    return document("Une synthèse")


def read(client, url: str, **headers: str):
    """A whole answer, ended as a server ends it."""
    response = client.get(url, headers=BROWSER | headers)
    if response.streaming:
        b"".join(response.streaming_content)
    client.end()
    return response


def found() -> dict[str, int]:
    return dict(DocumentCount.objects.values_list("kind", "count"))


def test_page_read_is_counted_that_day(visitor, made):
    with time_machine.travel(datetime.datetime(2026, 3, 12, 23, 30, tzinfo=datetime.UTC)):
        read(visitor, made.get_absolute_url())
    counted = DocumentCount.objects.get()
    assert (counted.document, counted.kind, counted.day, counted.count) == (made, VIEW, datetime.date(2026, 3, 13), 1)
    assert str(counted) == "13/03/2026\u00a0: 1 lectures de la page"


def test_same_client_counts_once_an_hour(visitor, made):
    with time_machine.travel(datetime.datetime(2026, 3, 12, 9, tzinfo=datetime.UTC)) as clock:
        for _ in range(3):
            read(visitor, made.get_absolute_url())
        assert found() == {VIEW: 1}
        clock.shift(3700)
        read(visitor, made.get_absolute_url())
        assert found() == {VIEW: 2}


def test_page_kept_by_the_browser_counts_when_it_is_asked_again(visitor, made):
    with time_machine.travel(datetime.datetime(2026, 3, 12, 9, tzinfo=datetime.UTC)) as clock:
        tag = read(visitor, made.get_absolute_url()).headers["ETag"]
        clock.shift(3700)
        assert read(visitor, made.get_absolute_url(), **{"If-None-Match": tag}).status_code == 304
    assert found() == {VIEW: 2}


def test_file_given_counts_whole_or_by_its_first_part(visitor, made):
    whole, pieces = file(made), file(document())
    read(visitor, whole.get_absolute_url())
    for part in ("bytes=0-9", "bytes=10-19", "bytes=20-", "bytes=0-9"):
        assert read(visitor, pieces.get_absolute_url(), Range=part).status_code == 206
    assert read(visitor, pieces.get_absolute_url(), Range="bytes=9000-").status_code == 416
    assert list(DocumentCount.objects.order_by("document").values_list("document", "kind", "count")) == [
        (made.pk, DOWNLOAD, 1),
        (pieces.document_id, DOWNLOAD, 1),
    ]


def test_middle_of_a_file_is_no_download(visitor, made):
    read(visitor, file(made).get_absolute_url(), Range="bytes=10-19")
    assert found() == {}


def test_kit_given_whole_counts_each_of_its_documents(browser, world):
    for title in ("Poser le cadre", "Charte"):
        file(vrl.kit_part(title).document)
    read(browser(vrl.trainer().user), "/vrl/espace/kit/kit.zip")
    assert list(DocumentCount.objects.values_list("kind", "count")) == [(DOWNLOAD, 1), (DOWNLOAD, 1)]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"},
        {"User-Agent": "Go-http-client/2.0"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
    ],
)
def test_robots_and_pages_fetched_before_anybody_asks_are_left_out(rf, headers):
    assert is_robot(rf.get("/", headers=BROWSER | headers))
    assert not is_robot(rf.get("/", headers=BROWSER))


def test_robots_and_head_are_not_counted(visitor, made):
    read(visitor, made.get_absolute_url(), **{"User-Agent": "Googlebot/2.1"})
    visitor.head(made.get_absolute_url(), headers=BROWSER)
    visitor.end()
    assert found() == {}


def test_team_is_not_counted(documentalist, made):
    read(documentalist, made.get_absolute_url())
    read(documentalist, file(made).get_absolute_url())
    assert found() == {}


def test_withdrawn_document_is_not_read(visitor, made):
    Document.objects.update(status="withdrawn")
    assert read(visitor, made.get_absolute_url()).status_code == 410
    assert found() == {}


def test_counting_waits_for_the_end_of_the_answer(rf, made):
    given = file(made)
    request = rf.get("/", headers=BROWSER)
    request.user = AnonymousUser()
    with CaptureQueriesContext(connection) as asked:
        answers = [views.document(request, made.slug), delivery.file(request, made.slug, given.pk, given.name)]
    assert not [query["sql"] for query in asked if "documentcount" in query["sql"]]
    assert found() == {}
    for closer in (closer for answer in answers for closer in answer._resource_closers):
        closer()
    assert found() == {VIEW: 1, DOWNLOAD: 1}


def test_one_client_counts_so_many_an_hour(visitor, made, monkeypatch):
    monkeypatch.setattr(counts, "COUNTED_AN_HOUR", 2)
    for one in (made, document(), document()):
        read(visitor, one.get_absolute_url())
    assert DocumentCount.objects.count() == 2


def test_nothing_is_kept_of_who_reads():
    assert {field.name for field in DocumentCount._meta.get_fields()} == {"id", "document", "day", "kind", "count"}


def test_periods_are_told_by_type_and_by_document(made):
    fiche = document(type="fiche-experience")
    rows = [
        (made, VIEW, 0, 5),
        (made, VIEW, 1, 2),
        (fiche, VIEW, 2, 9),
        (fiche, DOWNLOAD, 0, 3),
        (made, VIEW, -1, 100),
        (made, VIEW, 3, 100),
    ]
    DocumentCount.objects.bulk_create(
        DocumentCount(document=one, kind=kind, day=DAY + datetime.timedelta(days), count=count) for one, kind, days, count in rows
    )
    first, last = DAY, DAY + datetime.timedelta(2)
    views, downloads = DocumentCount.objects.views(first, last), DocumentCount.objects.downloads(first, last)
    assert (views.total(), downloads.total(), downloads.filter(document=made).total()) == (16, 3, 0)
    assert list(views.by_type()) == [{"type": "fiche-experience", "total": 9}, {"type": "synthese", "total": 7}]
    assert list(views.by_document()) == [{"document": fiche.pk, "total": 9}, {"document": made.pk, "total": 7}]


def add_at_once(people: int) -> int:
    """So many threads count the same first reading of a day; the total."""
    vocabulary.make()
    made, start = document(), threading.Barrier(people)

    def one() -> None:
        try:
            start.wait(10)
            counts.add(made.pk, VIEW, DAY)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return DocumentCount.objects.total()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_none_is_lost(self):
        assert add_at_once(6) == 6
        assert DocumentCount.objects.count() == 1

    def test_reading_then_writing_would_lose_some(self, monkeypatch):
        """Negative control: the number read by all before any has written."""
        read_all = threading.Barrier(6)

        def careless(document: int, kind: DocumentCount.Kind, day: datetime.date) -> None:
            DocumentCount.objects.bulk_create([DocumentCount(document_id=document, kind=kind, day=day)], ignore_conflicts=True)
            row = DocumentCount.objects.get(document=document)
            read_all.wait(10)
            DocumentCount.objects.filter(pk=row.pk).update(count=row.count + 1)

        monkeypatch.setattr(counts, "add", careless)
        assert add_at_once(6) == 1
