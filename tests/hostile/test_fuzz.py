"""A fuzzer of our own: any public address with any parameters answers, and never by an error of ours.

Run it longer: FUZZ_EXAMPLES=5000 pytest tests/hostile/test_fuzz.py -p no:xdist
"""

import os

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.consistency.addresses import addresses, line_of

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
NAMES = [
    *("q", "page", "tri", "theme", "territoire", "annee", "genre", "type", "exact", "d", "liste", "objet", "lieu", "date"),
    *("verb", "metadataPrefix", "identifier", "from", "until", "set", "resumptionToken", "action", "etape", "public", "cycle"),
]
SEEDS = ["ListRecords", "oai_dc", "2026-01-01", "0", "-1", "nouveaute", "25", "pertinence", "1,2,3"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(SEEDS)
QUERY = st.dictionaries(st.sampled_from(NAMES) | TEXT, TEXT | st.lists(TEXT, max_size=3), max_size=4)


@pytest.mark.usefixtures("world")
def test_no_address_fails_whatever_is_asked(browser, concrete):
    patterns = [p for p in addresses() if (line := line_of(p)) and line.who == "everyone" and not p.startswith("/admin/")]
    known, client = [concrete(pattern) for pattern in patterns], browser()
    client.raise_request_exception = False

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == 40, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.sampled_from(known), QUERY, st.sampled_from(["get", "head", "post"]), TEXT)
    def asked(address: str, query: dict, method: str, extra: str) -> None:
        cache.clear()
        path = address + extra.replace("?", "").replace("#", "") if extra and len(extra) % 5 == 0 else address
        response = getattr(client, method)(path, query, headers={"Accept-Language": "fr", "Range": "bytes=0-99"})
        assert response.status_code < 500, (method, path, query)
        if response.streaming:
            assert b"".join(response.streaming_content) is not None

    asked()
