"""The change table and the index that follows it: order of commits, tables made again, folders gone or spoilt."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from trajectoire.core import search
from trajectoire.core.models import Page
from trajectoire.core.search import backends, changes, engine, storage
from trajectoire.core.search.models import SearchChange

from .conftest import KIND, write

whole = pytest.mark.django_db(transaction=True)
plain = pytest.mark.django_db


def found(text="vélo", **options) -> list[str]:
    return sorted(hit.title for hit in search.query(search.Query(text, **options)).hits)


def state() -> engine.State:
    return backends.current().opened().state


@whole
def test_a_committed_change_is_in_the_index_at_once():
    search.rebuild()
    page = write("Vélo")
    assert state().last == SearchChange.objects.latest("pk").pk
    Page.objects.filter(pk=page.pk).update(title="Tricot")
    search.record_change(KIND, page.pk)
    assert (found(), found("tricot")) == ([], ["Tricot"])
    Page.objects.all().delete()
    search.record_change(KIND, page.pk)
    assert found("tricot") == []


@whole
def test_a_change_rolled_back_leaves_nothing():
    search.rebuild()
    with transaction.atomic():
        write("Vélo")
        transaction.set_rollback(True)
    assert SearchChange.objects.count() == 0
    assert found() == []


@whole
def test_a_search_inside_a_transaction_rolled_back_is_undone():
    write("Vélo")
    with transaction.atomic():
        write("Vélo perdu")
        assert found() == ["Vélo", "Vélo perdu"]
        transaction.set_rollback(True)
    assert found() == ["Vélo"]


@whole
def test_several_changes_of_one_transaction_update_the_index_once(monkeypatch):
    search.rebuild()
    times = []
    follow = changes.follow
    monkeypatch.setattr(changes, "follow", lambda *args: times.append(1) or follow(*args))
    with transaction.atomic():
        write("Vélo 1")
        write("Vélo 2")
    assert (found(), len(times)) == (["Vélo 1", "Vélo 2"], 1)


@whole
def test_a_paused_load_updates_the_index_at_the_end():
    search.rebuild()
    before = state().last
    with search.paused():
        write("Vélo")
        assert state().last == before
    assert state().last > before


@plain
def test_an_up_to_date_index_costs_one_query(django_assert_num_queries):
    write("Vélo")
    found()
    with django_assert_num_queries(1):
        found()


@plain
def test_drafts_and_unreadable_objects_are_left_out(caplog):
    write("Vélo", lead="brouillon")
    write("Vélo en panne", lead="panne")
    write("Vélo")
    assert found() == ["Vélo"]
    assert "cannot be indexed" in caplog.text


@plain
def test_a_change_of_an_unknown_kind_is_passed_over():
    write("Vélo")
    search.record_change("inconnu", 1)
    assert found() == ["Vélo"]
    assert search.health().behind == 0


@plain
def test_a_number_committed_late_is_still_applied():
    """PostgreSQL gives numbers before commits: 1 000 001 may appear after 1 000 002 was applied."""
    write("Vélo")
    assert found() == ["Vélo"]
    late, early = state().last + 1, state().last + 2
    pages = Page.objects.bulk_create([Page(slug=slug, title=f"Vélo {slug}", body="{}") for slug in ("tard", "tot")])
    SearchChange.objects.create(pk=early, kind=KIND, object_pk=pages[1].pk)
    assert found() == ["Vélo", "Vélo tot"]
    assert list(state().gaps) == [late]
    SearchChange.objects.create(pk=late, kind=KIND, object_pk=pages[0].pk)
    assert found() == ["Vélo", "Vélo tard", "Vélo tot"]
    assert state() == engine.State(early, state().moment, {})


@plain
def test_a_number_never_committed_is_forgotten_after_an_hour(time_machine):
    write("Vélo")
    found()
    SearchChange.objects.create(pk=state().last + 2, kind="inconnu", object_pk=1)
    found()
    assert len(state().gaps) == 1
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    SearchChange.objects.create(pk=state().last + 1, kind="inconnu", object_pk=1)
    found()
    assert state().gaps == {}


@plain
def test_a_rebuild_knows_the_numbers_not_committed_yet():
    for number in (5, 7):
        SearchChange.objects.create(pk=10**6 + number, kind="inconnu", object_pk=1)
    search.rebuild()
    assert list(state().gaps) == [10**6 + 6]


@plain
def test_a_table_made_again_is_noticed():
    write("Vélo")
    found()
    Page.objects.all().delete()
    SearchChange.objects.all().delete()
    write("Vélo neuf")
    assert found() == ["Vélo neuf"]


@plain
def test_rows_dropped_before_the_index_read_them_are_noticed():
    write("Vélo")
    found()
    anchor = state().last
    write("Vélo neuf")
    SearchChange.objects.filter(pk__lte=anchor).delete()
    assert not search.health().ok
    assert "rebuild_index" in search.health().message
    assert found() == ["Vélo", "Vélo neuf"]


@plain
def test_old_rows_are_dropped_but_never_the_newest():
    for _ in range(3):
        SearchChange.objects.create(kind=KIND, object_pk=1, created_at=timezone.now() - timedelta(days=60))
    search.rebuild()
    assert SearchChange.objects.count() == 1
    assert changes.forget_before(timezone.now()) == 0
    assert "1" in str(SearchChange.objects.get())


@plain
def test_batches_follow_one_another(monkeypatch):
    monkeypatch.setattr(changes, "BATCH", 2)
    monkeypatch.setattr(changes.pending, "__defaults__", (2,))
    search.rebuild()
    for number in range(5):
        write(f"Vélo {number}")
    assert search.apply_changes() == 5
    assert len(found()) == 5


class Held:
    """Another process holds a lock."""

    def __init__(self, name: str) -> None:
        self.name, self.held, self.done = name, threading.Event(), threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.hold)
        self.thread.start()
        self.held.wait(5)
        return self

    def hold(self) -> None:
        with storage.lock(self.name):
            self.held.set()
            self.done.wait(10)

    def __exit__(self, *exc) -> None:
        self.done.set()
        self.thread.join()


@plain
def test_while_another_applies_readers_do_not_wait_and_what_changes_is_left_out():
    write("Vélo")
    page = write("Vélo bientôt réservé")
    found()
    search.record_change(KIND, page.pk)
    with Held(storage.APPLY):
        assert found() == ["Vélo"]
        assert search.health().behind == 1
        assert "1\u00a0changement en attente" in search.health().message
        with pytest.raises(search.Busy):
            search.apply_changes(wait=0.05)
    assert found() == ["Vélo", "Vélo bientôt réservé"]


@whole
def test_twenty_readers_answer_while_another_applies_and_none_waits(index):
    """The lock is held until every reader has answered: one that waited for it would never let it go."""
    write("Vélo")
    assert found() == ["Vélo"]
    answers: list = []

    def read() -> None:
        answers.append(found())
        connection.close()

    readers = [threading.Thread(target=read) for _ in range(20)]
    with Held(storage.APPLY):
        write("Vélo 2")
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(9)  # before Held gives up
        assert answers == [["Vélo"]] * 20
    assert found() == ["Vélo", "Vélo 2"]


@plain
def test_far_behind_and_busy_the_database_answers(monkeypatch):
    write("Vélo")
    found()
    monkeypatch.setattr(changes.pending, "__defaults__", (1,))
    write("Vélo 2")
    write("Vélo 3")
    with Held(storage.APPLY), Held(storage.REBUILD):
        answer = search.query(search.Query("vélo"))
    assert (answer.degraded, answer.total) == (True, 3)


@whole
def test_a_commit_while_another_applies_goes_through():
    search.rebuild()
    with Held(storage.APPLY):
        write("Vélo")
    assert found() == ["Vélo"]


@plain
def test_two_rebuilds_at_once_the_second_is_refused():
    write("Vélo")
    with Held(storage.REBUILD):
        with pytest.raises(search.Busy):
            search.rebuild(wait=0.05)
        assert search.query(search.Query("vélo")).degraded
        with pytest.raises(CommandError, match="en cours"):
            call_command("rebuild_index", verbosity=0)
