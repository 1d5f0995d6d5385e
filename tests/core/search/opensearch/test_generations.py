"""Generations behind an alias, batches seen whole, one writer among all machines."""

import json

import pytest
from django.db import connection as database

from tests.core.search.conftest import KIND, entry, write
from trajectoire.core import search
from trajectoire.core.models import Page
from trajectoire.core.search import analysis, schema, storage
from trajectoire.core.search.engine import State
from trajectoire.core.search.opensearch import connection, engine, mapping, searching
from trajectoire.core.search.opensearch.clauses import NOTHING, Query, leaves, plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]


def found(text="", **options) -> list[str]:
    answer = search.query(search.Query(text, **options))
    assert not answer.degraded
    return [hit.title for hit in answer.hits]


def generations() -> list[str]:
    alias = connection.address().index
    return sorted(connection.call(lambda client: client.indices.get_alias(index=f"{alias}-*")))


def test_a_rebuild_puts_a_new_generation_in_service_and_removes_the_former():
    write("Vélo")
    assert found("vélo") == ["Vélo"]
    former = generations()
    assert search.rebuild() == 1
    assert len(generations()) == 1
    assert generations() != former
    assert found("vélo") == ["Vélo"]


def test_a_rebuild_that_fails_leaves_the_former_generation_alone(monkeypatch):
    write("Vélo")
    assert found() == ["Vélo"]
    former = generations()

    def fails(self, state):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(engine.Writing, "commit", fails)
        with pytest.raises(search.Unavailable):
            search.rebuild()
    assert generations() == former


def test_indices_of_others_are_left_alone():
    search.rebuild()
    other = f"{connection.address().index}-backup"
    connection.call(lambda client: client.indices.create(index=other, body=mapping.index()))
    search.rebuild()
    assert other in generations()
    engine.discard(other)


def test_an_index_of_another_version_is_made_again(monkeypatch):
    write("Vélo")
    assert found() == ["Vélo"]
    monkeypatch.setattr(mapping, "VERSION", 0)
    assert "autre version" in search.health().message
    assert found() == ["Vélo"]


def test_an_object_changed_or_deleted_takes_its_pages_along():
    note = write("A", pages=[(7, 1, "le vélo"), (7, 2, "le tricot")])
    [hit] = search.query(search.Query("tricot")).hits
    assert (hit.page, hit.more_pages) == (2, 0)
    Page.objects.filter(pk=note.pk).update(body=json.dumps({"pages": [(7, 1, "le vélo")]}))
    search.record_change(KIND, note.pk)
    assert (found("tricot"), found("vélo")) == ([], ["A"])
    Page.objects.filter(pk=note.pk).delete()
    search.record_change(KIND, note.pk)
    assert found("vélo") == []
    assert engine.opened().searcher.total(Query({"match_all": {}})) == 1  # the state alone


def test_a_batch_cut_off_before_its_state_is_applied_again(monkeypatch):
    search.rebuild()
    write("Vélo", pages=[(7, 1, "le tricot")])
    whole = engine.Writing.commit

    def cut(self, state):
        self._send()
        raise OSError

    monkeypatch.setattr(engine.Writing, "commit", cut)
    with pytest.raises(search.Unavailable):
        search.apply_changes()
    monkeypatch.setattr(engine.Writing, "commit", whole)
    assert search.apply_changes() == 1
    assert found("tricot") == ["Vélo"]
    assert search.health().documents == 1


def test_a_long_load_is_sent_in_several_times(monkeypatch, server):
    monkeypatch.setattr(engine, "HEAVIEST", 500)
    for number in range(5):
        write(f"Vélo {number}")
    search.rebuild()
    assert len(found("vélo")) == 5
    if server:
        assert len([one for one in server.requests if one["path"].endswith("_bulk")]) > 1


def test_a_document_the_server_refuses_stops_the_batch(monkeypatch):
    search.rebuild()
    made = mapping.source
    monkeypatch.setattr(mapping, "source", lambda document: {**made(document), "unknown": 1})
    with engine.Writing(generations()[0]) as writing:
        writing.add(schema.documents(KIND, entry(write("Vélo"))))
        with pytest.raises(search.Unavailable, match="refuse un document"):
            writing.commit(State())


def test_one_applier_at_a_time():
    search.rebuild()
    write("Vélo")
    with engine.lock(storage.APPLY), pytest.raises(search.Busy):
        search.apply_changes()
    assert search.apply_changes() == 1


@pytest.mark.skipif(database.vendor != "postgresql", reason="several machines share PostgreSQL, never SQLite")
def test_one_applier_at_a_time_among_machines(settings, tmp_path):
    with engine.lock(storage.APPLY):
        settings.SEARCH_INDEX_DIR = tmp_path / "other-machine"
        with pytest.raises(search.Busy), engine.lock(storage.APPLY, wait=0.05):
            pytest.fail("two machines write at once")
    with engine.lock(storage.APPLY):
        pass


def test_words_keep_their_places():
    assert mapping.spaced(["la cantine du collège"], analysis.STEMMED) == "_ cantin _ colleg"
    assert mapping.spaced(["Vélo", "", "Tours"], analysis.STEMMED) == "velo _ tour"
    assert mapping.spaced(["Vélos du quartier"], analysis.PLAIN) == "velos du quartier"


def test_a_walk_goes_past_what_a_server_lets_skip(monkeypatch):
    monkeypatch.setattr(mapping, "WINDOW", 4)
    monkeypatch.setattr(searching, "MARKS", 1)
    monkeypatch.setattr(searching.declarations, "SIZE_LIMIT", 1)
    for number in range(9):
        write(f"Vélo {number}", date=f"20{10 + number}-01-01")
    search.rebuild()
    searcher = engine.opened().searcher
    wanted = Query.term_set_query(None, "gate", [f"{KIND}|public"])
    every = [one.recent for _, one in searcher.search(wanted, 4, order_by_field="recent").hits]
    for offset in (4, 8):
        page = searcher.search(wanted, 4, offset=offset, order_by_field="recent")
        assert engine.count(page) == 9
        every += searcher.fast_field_values("recent", [one for _, one in page.hits])
    assert every == sorted(every, reverse=True)
    assert len(set(every)) == 9
    again = engine.Searcher(searcher.index).search(wanted, 4, offset=8, order_by_field="recent").hits
    assert [one.recent for _, one in again] == every[8:]
    assert engine.Searcher(searcher.index).search(wanted, 4, offset=40, order_by_field="recent").hits == []


def test_a_very_long_question_stays_under_what_a_server_accepts(server):
    words = [
        f"{stem}{end}" for stem in ("particip", "démol", "associ", "organis", "réhabilit") for end in ("ation", "er", "eur", "é")
    ]
    for word in words:
        write(word, summary=" ".join(words))
    assert len(found(" ".join(words), size=50)) == len(words)


def test_a_query_too_heavy_loses_what_only_orders():
    term = {"term": {"all": {"value": "velo"}}}
    body = {"bool": {"must": [term], "should": [term] * 2_000}}
    light = searching.lighter(body)
    assert leaves(light) == searching.MOST_CLAUSES
    assert light["bool"]["must"] == [term]
    assert searching.lighter({"bool": {"should": [term] * 2}}) == {"bool": {"should": [term] * 2}}


def test_queries_without_anything_to_find_find_nothing():
    assert Query.empty_query().body == Query.boolean_query([]).body == NOTHING
    assert leaves(Query.const_score_query(Query.empty_query(), 0.0).body) == 1
    assert plain({"bool": {"should": [NOTHING, {"term": {"a": {"value": "b"}}}]}})["bool"]["should"][0] == NOTHING


def test_frequencies_of_no_word():
    search.rebuild()
    assert engine.opened().searcher.frequencies("summary", []) == {}
