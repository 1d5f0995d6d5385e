"""The journal: each line says of which request it is; errors told elsewhere say nothing of people."""

import json
import logging
import sys

import pytest

from trajectoire.core import logs, reporting, tokens
from trajectoire.core.middleware import named_request

TOKEN = tokens.sign("core.invitation", [1, 1])


def record(message: str, **more) -> logging.LogRecord:
    made = logging.makeLogRecord({"msg": message, "levelname": "ERROR", "name": "site"} | more)
    logs.OfRequest().filter(made)
    return made


def test_request_has_one_name_in_the_answer_and_in_the_journal(rf):
    seen = []

    def view(request):
        from django.http import HttpResponse

        seen.append(record("x").request)
        return HttpResponse()

    answer = named_request(view)(rf.get("/"))
    assert answer.headers["X-Request-ID"] == seen[0]
    assert len(seen[0]) == 32
    assert record("x").request == "-"


@pytest.mark.parametrize(
    ("said", "kept"), [("0a1b2c3d-proxy", True), ("x", False), ("a" * 65, False), ("a\nb" * 5, False), ("éèàçùôîê", False)]
)
def test_name_given_by_the_proxy_is_kept_when_it_is_one(rf, said, kept):
    from django.http import HttpResponse

    answer = named_request(lambda request: HttpResponse())(rf.get("/", HTTP_X_REQUEST_ID=said))
    assert (answer.headers["X-Request-ID"] == said) is kept


def test_line_of_json_is_one_object_without_links():
    try:
        raise ValueError(TOKEN)
    except ValueError:
        line = logs.Json().format(record(f"raté\n{TOKEN}", exc_info=sys.exc_info(), created=0))
    told = json.loads(line)
    assert "\n" not in line
    assert TOKEN not in line
    assert told | {"exception": ""} == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "level": "ERROR",
        "logger": "site",
        "request": "-",
        "message": "raté\n…",
        "exception": "",
    }
    assert "exception" not in json.loads(logs.Json().format(record("x")))


def test_error_told_to_sentry_says_nothing_of_people():
    event = {
        "user": {"email": "a@b.fr"},
        "server_name": "machine",
        "breadcrumbs": [1],
        "extra": {"x": 1},
        "request": {
            "method": "POST",
            "url": f"https://site.fr/compte/invitation/{TOKEN}/?email=a@b.fr",
            "data": {"email": "a@b.fr"},
            "cookies": "x",
            "headers": {"User-Agent": "x"},
            "query_string": "email=a@b.fr",
        },
        "exception": {"values": [{"type": "ValueError", "value": f"mauvais lien {TOKEN}"}]},
        "logentry": {"message": f"raté {TOKEN}", "params": ["a@b.fr"]},
    }
    told = reporting.without_people(event, {})
    assert told == {
        "request": {"method": "POST", "url": "https://site.fr/compte/invitation/…/"},
        "exception": {"values": [{"type": "ValueError", "value": "mauvais lien …"}]},
        "logentry": {"message": "raté …"},
    }
    assert reporting.without_people({}, {}) == {"request": {}}


def test_error_goes_to_the_server_named(monkeypatch):
    import sentry_sdk

    sent = []
    monkeypatch.setattr(sentry_sdk.transport.HttpTransport, "capture_envelope", lambda self, envelope: sent.append(envelope))
    reporting.begin("http://cle@127.0.0.1:9/1")
    try:
        try:
            secret = "@".join(("a", "b.fr"))
            raise ValueError(f"perdu {TOKEN}")
        except ValueError as error:
            sentry_sdk.capture_exception(error)
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.init()
    text = json.dumps([item.payload.json for envelope in sent for item in envelope.items])
    assert "perdu" in text
    assert TOKEN not in text
    assert secret not in text
