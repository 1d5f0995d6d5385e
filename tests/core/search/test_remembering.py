"""Counts are made once for the same question, the same reader and the same index; never shown to another, never stale."""

from datetime import timedelta

import pytest
from django.utils import timezone

from trajectoire.core import search
from trajectoire.core.search import answering, remembering, storage
from trajectoire.core.search.reading import Reading

from .conftest import KIND, write
from .test_following import Held

pytestmark = pytest.mark.django_db
TRAINERS = frozenset({"public", "formateurs"})


@pytest.fixture(autouse=True)
def passes(monkeypatch) -> list:
    """One item each time objects are counted."""
    monkeypatch.setattr(answering, "MANY", 0)
    remembering.forget()
    made: list = []
    aggregate = Reading.aggregate
    monkeypatch.setattr(Reading, "aggregate", lambda *args: made.append(1) or aggregate(*args))
    yield made
    remembering.forget()


def ask(text="vélo", **options) -> search.Results:
    return search.query(search.Query(text, facets=("theme",), strict=True, **options))


def test_pages_and_orders_of_one_answer_are_counted_once(passes):
    for number in range(3):
        write(f"Vélo {number}", facets={"theme": ["x"]})
    first = ask(size=2)
    others = [ask(size=2), ask(size=2, page=2), ask(size=2, sort="titre")]
    assert len(passes) == 1
    assert {(found.total, tuple(found.facets["theme"])) for found in (first, *others)} == {(3, (("x", 3),))}
    assert [hit.title for hit in others[2].hits] == ["Vélo 0", "Vélo 1"]


def test_counts_given_to_a_page_are_its_own():
    write("Vélo", facets={"theme": ["x"]})
    ask().facets["theme"].clear()
    assert ask().facets["theme"] == [("x", 1)]


def test_a_change_is_counted_at_once():
    write("Vélo", facets={"theme": ["x"]})
    assert ask().total == 1
    write("Vélo", facets={"theme": ["x"]})
    assert (ask().total, ask().facets["theme"]) == (2, [("x", 2)])


def test_a_scheduled_object_is_counted_from_its_hour_on(passes):
    hour = timezone.now() + timedelta(hours=1)
    write("Vélo")
    write("Vélo à venir", visible_from=hour)
    assert [ask(now=hour + timedelta(minutes=minutes)).total for minutes in (-59, -1, 0, 1)] == [1, 1, 2, 2]
    assert len(passes) == 2


def test_readers_filters_and_kinds_are_counted_apart():
    write("Vélo", facets={"theme": ["x"]})
    write("Vélo réservé", access="formateurs", facets={"theme": ["y"]})
    for _ in range(2):
        assert ask().total == 1
        assert ask(access=TRAINERS).total == 2
        assert ask(access=TRAINERS, filters={"theme": ["y"]}).total == 1
        assert ask(kinds=("other",)).total == 0
        assert ask(published_after=timezone.now()).total == 0


def test_only_the_last_answers_are_kept(passes, monkeypatch):
    monkeypatch.setattr(remembering, "KEPT", 2)
    write("Vélo rouge et vert")
    for text in ("vélo", "rouge", "vélo", "vert", "vélo", "rouge"):
        ask(text)
    assert len(passes) == 4


def test_small_answers_are_not_kept(passes, monkeypatch):
    monkeypatch.setattr(answering, "MANY", 1)
    write("Vélo")
    ask()
    ask()
    assert len(passes) == 2


def test_an_answer_without_what_is_being_changed_is_not_kept(passes):
    write("Vélo")
    page = write("Vélo bientôt réservé")
    assert ask().total == 2
    search.record_change(KIND, page.pk)
    with Held(storage.APPLY):
        assert (ask().total, ask().total) == (1, 1)
    assert len(passes) == 3
