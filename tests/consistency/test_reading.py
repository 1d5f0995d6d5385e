"""Reading writes nothing, gives no cookie, and costs nothing the second time."""

import re

import pytest
from django.db import connection

from .addresses import line_of, public_gets

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)", re.I)


def refuse(execute, sql, params, many, context):
    assert not WRITES.match(sql), sql
    return execute(sql, params, many, context)


def test_public_page_is_read_without_writing_without_cookie_and_once(visitor, concrete):
    """Every public page, with a connection that refuses writes; asked again with its mark, it sends nothing."""
    visitor.get("/ressources/")  # makes the index
    with connection.execute_wrapper(refuse):
        for pattern in public_gets():
            first, head = visitor.get(concrete(pattern)), visitor.head(concrete(pattern))
            assert max(first.status_code, head.status_code) < 500, pattern
            if "POST" in line_of(pattern).methods or pattern.startswith(("/compte/", "/admin/")):
                continue  # forms need their cookie
            assert not first.cookies, pattern
            if first.status_code == 200 and not first.streaming and "no-store" not in first.headers["Cache-Control"]:
                again = visitor.get(concrete(pattern), headers={"If-None-Match": first.headers["ETag"]})
                assert again.status_code == 304, pattern


@pytest.mark.parametrize("address", ["/recherche/", "/ressources/"])
def test_search_that_finds_nothing_writes_its_words_and_nothing_else(visitor, world, address):
    """The one exception, written down in docs/architecture.md: two tables, after the answer, no client in them."""
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    written = []

    def watch(execute, sql, params, many, context):
        if WRITES.match(sql):
            written.append(re.search(r'"(\w+)"', sql)[1])
        return execute(sql, params, many, context)

    visitor.get(address, {"q": "page"})  # makes the index
    with connection.execute_wrapper(watch):
        visitor.get(address, {"q": "zzxxyy"}, headers=browser)
    assert set(written) == {"core_searchmiss", "core_searchmissday"}


def test_refusing_writes_would_be_seen(visitor, world):
    def refuse_everything(execute, sql, params, many, context):
        raise AssertionError(sql)

    with connection.execute_wrapper(refuse_everything), pytest.raises(AssertionError, match="SELECT"):
        visitor.get("/aide/")
