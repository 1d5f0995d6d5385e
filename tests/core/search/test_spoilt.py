"""An index that is spoilt, of another version or cannot be written gives way to the database, or is made again."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from trajectoire.core import search
from trajectoire.core.search import declarations, engine, rebuilding, schema, storage

from .conftest import KIND, write

whole = pytest.mark.django_db(transaction=True)
plain = pytest.mark.django_db


def found(text="vélo", **options) -> list[str]:
    return sorted(hit.title for hit in search.query(search.Query(text, **options)).hits)


def state() -> engine.State:
    return engine.opened().state


def break_it(how: str) -> None:
    folder = storage.current()
    if how == "deleted":
        shutil.rmtree(storage.root())
    elif how == "generation deleted":
        shutil.rmtree(folder)
    elif how == "garbage meta":
        (folder / "meta.json").write_bytes(b"\x00garbage")
    elif how == "garbage segments":
        for path in folder.glob("*.*"):
            if path.suffix in {".term", ".idx", ".store", ".fast", ".pos"}:
                path.unlink()
                path.write_bytes(b"garbage" * 50)
    elif how == "garbage pointer":
        (storage.root() / storage.POINTER).write_bytes(b"\xff../../etc")
    elif how == "pointer outside":
        (storage.root() / storage.POINTER).write_text(f"{schema.fingerprint()}-../../..", "ascii")
    elif how == "empty index":
        writing = engine.Writing(engine.open_index(folder))
        writing.writer.delete_all_documents()
        writing.writer.commit()
        writing.close()
    engine.forget()


HOWS = ["deleted", "generation deleted", "garbage meta", "garbage segments", "garbage pointer", "pointer outside", "empty index"]


@plain
@pytest.mark.parametrize("how", HOWS)
def test_a_spoilt_index_is_made_again_when_there_is_little_to_read(how):
    write("Vélo")
    found()
    break_it(how)
    answer = search.query(search.Query("vélo"))
    assert (answer.total, answer.degraded) == (1, False)


@plain
@pytest.mark.parametrize("how", HOWS)
def test_a_spoilt_index_gives_way_to_the_database_when_there_is_much_to_read(how, settings):
    write("Vélo")
    found()
    break_it(how)
    settings.SEARCH_INLINE_REBUILD = 0
    answer = search.query(search.Query("vélo"))
    assert (answer.total, answer.degraded) == (1, True)
    assert not search.health().ok
    assert search.suggest("vélo", frozenset({"public"})) == []
    assert search.similar(KIND, 1, frozenset({"public"})) == []
    search.rebuild()
    assert not search.query(search.Query("vélo")).degraded


@plain
def test_an_index_of_another_version_is_made_again(monkeypatch):
    write("Vélo")
    found()
    former = storage.current()
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 0)
    assert not search.health().ok
    assert found() == ["Vélo"]
    assert storage.current() != former
    assert not former.exists()


@plain
def test_a_folder_that_cannot_be_written_gives_way_to_the_database(settings, tmp_path):
    """Root may write anywhere: a file in the place of the folder refuses everyone."""
    settings.SEARCH_INDEX_DIR = tmp_path / "file"
    settings.SEARCH_INDEX_DIR.write_text("not a folder")
    write("Vélo")
    answer = search.query(search.Query("vélo"))
    assert (answer.total, answer.degraded) == (1, True)
    with pytest.raises(CommandError, match="droits"):
        call_command("rebuild_index", verbosity=0)
    search.record_change(KIND, 1)
    with transaction.atomic():
        search.record_change(KIND, 1)


@pytest.fixture
def read_only(settings):
    """A function that makes the index of this test impossible to write, even for root."""
    folder = Path(tempfile.mkdtemp())
    settings.SEARCH_INDEX_DIR = folder / "index"
    user = os.geteuid()

    def forbid() -> None:
        engine.forget()
        folder.chmod(0o755)
        for path in (*folder.rglob("*"), folder / "index"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        if user == 0:
            os.seteuid(65534)

    yield forbid
    if user == 0:
        os.seteuid(0)
    for path in (*folder.rglob("*"), folder / "index"):
        path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="rights are those of Unix")
@plain
def test_a_read_only_folder_gives_way_to_the_database_and_stops_nobody(read_only):
    write("Vélo")
    assert found() == ["Vélo"]
    read_only()
    answer = search.query(search.Query("vélo"))
    assert (answer.total, answer.degraded) == (1, True)
    assert not search.health().ok
    with transaction.atomic():
        write("Vélo 2")
    assert found() == ["Vélo", "Vélo 2"]
    with pytest.raises(CommandError, match="droits"):
        call_command("rebuild_index", verbosity=0)


@whole
def test_a_change_recorded_without_an_index_is_not_an_error(caplog):
    caplog.set_level("INFO", "trajectoire.core.search.changes")
    write("Vélo")
    assert "not updated now" in caplog.text
    assert found() == ["Vélo"]


@plain
def test_an_index_that_cannot_be_written_and_is_behind_is_not_trusted(monkeypatch, settings):
    write("Vélo")
    found()
    settings.SEARCH_INLINE_REBUILD = 0
    monkeypatch.setattr(engine.Writing, "commit", refused)
    write("Vélo 2")
    answer = search.query(search.Query("vélo"))
    assert (answer.degraded, answer.total) == (True, 2)


@plain
def test_an_index_that_cannot_be_written_but_is_up_to_date_still_answers(monkeypatch):
    write("Vélo")
    found()
    monkeypatch.setattr(storage, "lock", refused)
    answer = search.query(search.Query("vélo"))
    assert (answer.degraded, answer.total) == (False, 1)


def refused(*args) -> None:
    raise PermissionError("read-only file system")


@plain
def test_a_panic_of_the_engine_gives_way_to_the_database(monkeypatch):
    write("Vélo")
    found()
    panic = type("PanicException", (BaseException,), {})

    def panics(*args):
        raise panic("slice out of range")

    monkeypatch.setattr("trajectoire.core.search.answering.ranked", panics)
    assert search.query(search.Query("vélo")).degraded


@plain
def test_any_other_stop_is_not_hidden():
    with pytest.raises(KeyboardInterrupt), storage.guarded():
        raise KeyboardInterrupt


@plain
def test_a_rebuild_that_fails_leaves_no_folder(monkeypatch):
    write("Vélo")
    found()
    kept = storage.current()
    monkeypatch.setattr(engine.Writing, "commit", refused)
    with pytest.raises(search.Unavailable):
        search.rebuild()
    assert [path for path in storage.root().iterdir() if path.is_dir()] == [kept]


@plain
def test_a_rebuild_sweeps_what_a_killed_one_left():
    write("Vélo")
    found()
    orphan = storage.new_generation()
    (storage.root() / "current.abcd").write_text("draft")
    search.rebuild()
    assert not orphan.exists()
    assert not (storage.root() / "current.abcd").exists()


@whole
def test_changes_made_during_a_rebuild_are_in_the_new_index(monkeypatch):
    write("Vélo")
    search.rebuild()

    def during(done, total):
        if done == total:
            write("Vélo pendant")

    search.rebuild(during)
    assert found() == ["Vélo", "Vélo pendant"]


@whole
def test_a_rebuild_with_several_workers_gives_the_same_index(monkeypatch):
    monkeypatch.setattr(rebuilding, "CHUNK", 3)
    with search.paused():
        for number in range(10):
            write(f"Vélo {number}", pages=[(1, 1, "tandem")])
    seen = []
    workers = 1 if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]) else 2
    assert search.rebuild(lambda done, total: seen.append((done, total)), workers=max(2, workers)) == 10
    assert seen == [(3, 10), (6, 10), (9, 10), (10, 10)]
    assert len(found()) == 10
    assert len(found("tandem")) == 10


@plain
def test_two_databases_do_not_share_an_index(monkeypatch):
    first = storage.root()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    assert storage.root() != first


@plain
def test_command_rebuilds_shows_progress_and_may_do_nothing(capsys, monkeypatch):
    write("Vélo")
    call_command("rebuild_index", "--workers", "1")
    assert "1\u00a0objet en" in capsys.readouterr().out
    call_command("rebuild_index", "--if-needed")
    assert "déjà en service" in capsys.readouterr().out
    monkeypatch.setattr("django.core.management.base.OutputWrapper.isatty", lambda self: True)
    call_command("rebuild_index")
    assert "1/1" in capsys.readouterr().out


@plain
def test_several_sources_may_be_declared_and_removed():
    assert search.source_of(KIND).label == "Notes"
    assert [one.kind for one in search.sources()] == [KIND]
    search.unregister(KIND)
    search.unregister(KIND)
    assert search.sources() == declarations.sources([KIND]) == []
    assert search.query(search.Query("vélo")).hits == []
