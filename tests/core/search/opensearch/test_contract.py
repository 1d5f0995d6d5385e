"""The requests the site sends, as recorded in contract.json, and the answers OpenSearch's documentation gives to each.

The small server is held to the documented shape of answers, so that what it teaches the other tests is true of a real one.
`OPENSEARCH_RECORD=1` writes the requests again after a wanted change.
"""

import json
import os
import re
from pathlib import Path

import pytest
import tantivy
from tantivy import Occur

from tests.core.search.conftest import KIND
from trajectoire.core import search
from trajectoire.core.search import schema
from trajectoire.core.search.engine import State
from trajectoire.core.search.opensearch import engine
from trajectoire.core.search.opensearch.clauses import Query

CONTRACT = Path(__file__).with_name("contract.json")
ENTRY = search.Entry(
    pk=7,
    title="Les jardins de la tour",
    summary="Un <b>potager</b>.",
    facets={"theme": ["nature"]},
    url="/notes/jardins/",
    jump="Note",
    pages=[search.PageText(3, 1, "Le potager partagé")],
)


def everything_asked() -> None:
    """One of each request."""
    name = engine.new_generation()
    with engine.Writing(name) as writing:
        writing.remove(KIND, 7)
        writing.add(schema.documents(KIND, ENTRY))
        writing.commit(State(12, "2026-01-02T03:04:05+00:00", {11: 5.0}))
    engine.put_in_service(name)
    searcher = engine.opened().searcher
    gate, later = Query.term_set_query(None, "gate", [f"{KIND}|public"]), Query.range_query(None, "embargo", None, 9, None)
    stem, other = Query.term_query(None, "all", "potag"), Query.term_query(None, "all", "jardin")
    compulsory = Query.const_score_query(Query.boolean_query([(Occur.Should, stem), (Occur.Should, other)]), 0.0)
    phrase = Query.boost_query(Query.phrase_query(None, "title", [(0, "jardin"), (3, "tour")], 1), 0.4)
    best = Query.disjunction_max_query([Query.boost_query(stem, 2.5), phrase], 0.3)
    clauses = [(Occur.Must, gate), (Occur.MustNot, later), (Occur.Must, compulsory), (Occur.Should, best)]
    wanted = Query.boolean_query(clauses)
    assert searcher.search(wanted, 20).count == 1
    assert searcher.search(wanted, 20, order_by_field="sort_title", order=tantivy.Order.Asc, offset=20).hits == []
    assert searcher.aggregate(wanted, {"theme": {"terms": {"field": "facets.theme", "size": 5}}})["theme"]["buckets"]
    assert searcher.total(Query.fuzzy_term_query(None, "words", "potgaer", 2)) == 1
    assert searcher.total(Query.fuzzy_term_query(None, "jump", "jar", 0, prefix=True)) == 1
    assert searcher.total(Query.regex_query(None, "gate", ".+")) == 1
    assert searcher.frequencies("summary", ["potag"]) == {"potag": 1}
    assert searcher.terms_with_prefix("title", "jard") == [("jardin", 1)]


@pytest.fixture
def exchanges(small, server, settings) -> list[dict]:
    """What the small server was asked and answered, with names of generations made equal."""
    if not server:
        pytest.skip("only the small server tells what it was asked")
    everything_asked()
    alias = re.escape(settings.SEARCH_URL.rpartition("/")[2])
    text = re.sub(rf"{alias}-[0-9a-f]{{10}}v\d+-[0-9a-f]{{12}}", "GENERATION", json.dumps(server.requests, ensure_ascii=False))
    return json.loads(re.sub(alias, "ALIAS", text))


def like(given, documented, where="") -> None:
    """Each part of an answer is in the documented one, with the same type; « * » stands for any name."""
    if isinstance(given, dict):
        assert isinstance(documented, dict), where
        for name, value in given.items():
            assert name in documented or "*" in documented, f"{where}/{name}"
            like(value, documented.get(name, documented.get("*")), f"{where}/{name}")
    elif isinstance(given, list):
        assert isinstance(documented, list), where
        for value in given:
            like(value, documented[0], f"{where}[]")
    elif given is not None and documented not in (None, "*"):
        assert isinstance(given, type(documented)), where


@pytest.mark.django_db
def test_requests_and_answers_are_those_of_the_contract(exchanges):
    asked = [{name: one[name] for name in ("method", "path", "params", "body")} for one in exchanges]
    contract = json.loads(CONTRACT.read_text("utf-8"))
    if os.environ.get("OPENSEARCH_RECORD"):
        CONTRACT.write_text(json.dumps({**contract, "asked": asked}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert asked == contract["asked"]
    for one in exchanges:
        action = re.search(r"/(_\w+)|$", one["path"])[1] or "index"
        like(one["answer"], contract["answers"][f"{one['method']} {action}"]["answer"], one["path"])
