"""Pages travel compressed, and say the same whatever the coding."""

import gzip

import brotli
import pytest

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.django_db
@pytest.mark.parametrize(("accepted", "coding"), [("gzip, deflate, br", "br"), ("gzip;q=1.0", "gzip")])
def test_page_is_compressed_as_the_browser_asks(client, accepted, coding):
    plain = client.get("/plan-du-site/")
    small = client.get("/plan-du-site/", headers={"Accept-Encoding": accepted})
    assert small.headers["Content-Encoding"] == coding
    assert int(small.headers["Content-Length"]) == len(small.content) < len(plain.content) / 2
    assert DECODERS[coding](small.content) == plain.content
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert small.headers["ETag"] == "W/" + plain.headers["ETag"]


@pytest.mark.django_db
@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_page_seen_before_answers_304_whatever_the_coding(client, coding):
    tag = client.get("/plan-du-site/", headers={"Accept-Encoding": coding}).headers["ETag"]
    again = client.get("/plan-du-site/", headers={"Accept-Encoding": coding, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
def test_short_answer_is_left_as_it_is(client):
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "br"}).headers


@pytest.mark.django_db
def test_page_never_stored_is_compressed_without_a_tag(client):
    answer = client.get("/contact/", headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert "ETag" not in answer.headers
