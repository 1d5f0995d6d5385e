"""Searches that found nothing: the words alone are counted, after the answer, and nothing ever shows of it."""

import sqlite3
import time
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from tests.factories.documents import document
from trajectoire.core import misses
from trajectoire.core.search.models import SearchMiss, SearchMissDay

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
URL = "/recherche/"


def ask(client, q: str, url: str = URL, agent: str = BROWSER["User-Agent"], **query):
    return client.get(url, {"q": q, **query}, headers={"User-Agent": agent} if agent else {})


def counts() -> dict[str, int]:
    return {miss.words: miss.total for miss in SearchMiss.objects.counted(timezone.localdate())}


@pytest.mark.usefixtures("world")
class TestCounting:
    def test_words_are_counted_however_they_are_typed(self, visitor):
        for q in ("Xylophône géant", "xylophone geant", " XYLOPHONE  géant ! ", "le xylophone géant"):
            assert ask(visitor, q).context["total"] == 0
        assert counts() == {"xylophone geant": 4}

    def test_answer_with_results_is_not_counted(self, visitor):
        document("Le tricot")
        for q in ("tricot", "tricot licorne", "triccot"):
            assert ask(visitor, q).context["total"] == 1
        assert counts() == {}

    def test_list_of_documents_counts_too_but_not_its_filters(self, visitor):
        ask(visitor, "xylophone", "/ressources/")
        ask(visitor, "xylophone", "/ressources/", theme="education")
        assert counts() == {"xylophone": 1}

    def test_exact_words_after_a_correction_are_not_counted(self, visitor):
        ask(visitor, "xylophone", exact="1")
        ask(visitor, "xylophone", "/ressources/", exact="1")
        assert counts() == {}

    def test_without_an_index_nothing_is_counted(self, visitor, settings):
        settings.SEARCH_INLINE_REBUILD = -1
        ask(visitor, "xylophone")
        ask(visitor, "xylophone", "/ressources/")
        assert counts() == {}

    @pytest.mark.parametrize(
        "agent", ["", "Googlebot/2.1", "curl/8.5", "python-requests/2.32", "Mozilla/5.0 (compatible; Y; +https://y.example)"]
    )
    def test_robots_are_left_out(self, visitor, agent):
        ask(visitor, "xylophone", agent=agent)
        assert counts() == {}

    def test_head_and_pages_fetched_before_anybody_asks_are_left_out(self, visitor):
        visitor.head(URL, {"q": "xylophone"}, headers=BROWSER)
        visitor.get(URL, {"q": "xylophone"}, headers=BROWSER | {"Sec-Purpose": "prefetch;prerender"})
        assert counts() == {}

    def test_one_client_counts_so_many_an_hour(self, visitor):
        for number in range(misses.COUNTED_AN_HOUR + 5):
            ask(visitor, f"xylophone{number}")
        assert len(counts()) == misses.COUNTED_AN_HOUR

    def test_beyond_so_many_rows_only_known_words_are_counted(self, visitor, monkeypatch):
        monkeypatch.setattr(misses, "MOST_ROWS", 1)
        for q in ("xylophone", "licorne", "xylophone"):
            ask(visitor, q)
        assert counts() == {"xylophone": 2}

    def test_nothing_is_kept_of_who_asked(self, trainer):
        ask(trainer, "xylophone")
        fields = {field.name for model in (SearchMiss, SearchMissDay) for field in model._meta.get_fields()}
        assert fields == {"id", "words", "ignored", "days", "miss", "day", "count"}

    def test_counting_ends_with_the_answer_and_happens_once(self, visitor):
        ask(visitor, "xylophone")
        visitor.end()  # a server may end an answer twice
        assert counts() == {"xylophone": 1}


@pytest.mark.parametrize(
    "text",
    [
        "jean.dupont@example.org",
        "jean arobase example",
        "https://example.org/page",
        "www.exemple",
        "exemple.fr",
        "06 12 34 56 78",
        "siret 123 456 789 00012",
        "mot " * 30,
        "un deux trois quatre cinq six sept huit neuf dix",
        "auteur:Dupont",
        "a",
        "???",
        "",
    ],
)
def test_words_that_may_designate_someone_or_say_nothing_are_not_kept(text):
    assert misses.kept_words(text) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’École ouverte", "ecole ouverte"),
        ("santé auteur:Dupont annee:2020..2023", "sante"),
        ("25000", "25000"),
        ("loi de 1905", "loi 1905"),
        ('"conseil citoyen" -sport', "conseil citoyen"),
    ],
)
def test_words_are_folded_without_operators(text, words):
    assert misses.kept_words(text) == words


@pytest.mark.usefixtures("world")
def test_database_that_refuses_writes_shows_nothing(visitor):
    def refuse(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            raise OperationalError("attempt to write a readonly database")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        assert ask(visitor, "xylophone").status_code == 200
    assert counts() == {}
    assert ask(visitor, "xylophone").status_code == 200
    assert counts() == {"xylophone": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the lock of SQLite")
def test_database_locked_by_another_writer_holds_nobody(visitor):
    ask(visitor, "premier")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        start = time.monotonic()
        assert ask(visitor, "xylophone").status_code == 200
        assert time.monotonic() - start < 3  # the usual patience is of twenty seconds
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert counts() == {"premier": 1}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] >= 5_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the lock of PostgreSQL")
def test_table_locked_by_another_writer_holds_nobody(visitor):
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE core_searchmiss IN ACCESS EXCLUSIVE MODE")
    try:
        start = time.monotonic()
        assert ask(visitor, "xylophone").status_code == 200
        assert time.monotonic() - start < 3
    finally:
        other.rollback()
        other.close()
    assert counts() == {}


@pytest.mark.django_db
def test_counts_are_of_thirty_days_and_of_all_and_the_most_wanted_come_first():
    today = timezone.localdate()
    for words, days in {"rare": {0: 1}, "ancien": {40: 9}, "courant": {1: 2, 29: 2, 30: 5}}.items():
        miss = SearchMiss.objects.create(words=words)
        SearchMissDay.objects.bulk_create(SearchMissDay(miss=miss, day=today - timedelta(n), count=c) for n, c in days.items())
    found = [(miss.words, miss.recent, miss.total) for miss in SearchMiss.objects.counted(today)]
    assert found == [("courant", 4, 9), ("rare", 1, 1), ("ancien", 0, 9)]
    assert str(SearchMiss.objects.get(words="rare")) == "rare"
    assert str(SearchMissDay(day=today)) == f"{today:%d/%m/%Y}"


@pytest.mark.django_db
def test_words_are_kept_a_year():
    now = timezone.now()
    for words, days in {"ancien": 366, "recent": 364}.items():
        SearchMissDay.objects.create(miss=SearchMiss.objects.create(words=words), day=(now - timedelta(days)).date(), count=1)
    both = SearchMiss.objects.get(words="recent")
    SearchMissDay.objects.create(miss=both, day=(now - timedelta(400)).date(), count=1)
    out = StringIO()
    with time_machine.travel(now, tick=False):
        call_command("apply_retention", "--dry-run", stdout=out)
        call_command("apply_retention", stdout=out)
        call_command("apply_retention", stdout=out)
    lines = [line for line in out.getvalue().splitlines() if line.startswith("Recherches sans résultat")]
    assert [line.rpartition(": ")[2] for line in lines] == ["2 à effacer.", "2 effacés.", "0 effacés."]
    assert list(SearchMiss.objects.values_list("words", "days__count")) == [("recent", 1)]
