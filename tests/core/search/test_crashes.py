"""Real processes killed by kill -9 in the middle, and two that write at once: nothing is lost, nothing is there twice."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from .worker import READERS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are for Unix"),
]
KILLED, DONE = {"code": -9}, {"code": 0}


def work(url: str, folder, *steps: str) -> list[dict]:
    """What each step of the worker said."""
    environment = {**os.environ, "DATABASE_URL": url, "INDEX_DIR": str(folder / "crash-index"), "VAR_DIR": str(folder / "var")}
    command = [sys.executable, "-W", "ignore", "-m", "tests.core.search.worker", *steps]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=180
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A SQLite file with its tables, made once."""
    folder = tmp_path_factory.mktemp("crash")
    path = folder / "empty.sqlite3"
    assert work(f"sqlite:///{path}", folder, "prepare") == [DONE]
    return path


@pytest.fixture
def run(tmp_path, request):
    """Run steps on a database of their own on SQLite, on the test database on PostgreSQL."""
    if connection.vendor == "sqlite":
        path = tmp_path / "crash.sqlite3"
        shutil.copy(request.getfixturevalue("empty_database"), path)
        return lambda *steps: work(f"sqlite:///{path}", tmp_path, *steps)
    given = connection.settings_dict
    url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    return lambda *steps: work(url, tmp_path, *steps)


@pytest.mark.parametrize("point", ["before-commit", "after-commit"])
def test_applier_killed_loses_nothing(run, point):
    *codes, found, end = run("write", "rebuild", f"write@{point}", "check")
    assert codes == [DONE, DONE, KILLED]
    assert len(found["rows"]) == 2
    assert found["found"] == found["rows"]
    assert end == DONE


def test_applier_killed_after_a_careless_commit_would_lose_a_change(run):
    """Negative control: with the state kept apart from the documents, the same death loses one."""
    *codes, found, _ = run("write", "rebuild", "write@careless", "check")
    assert codes == [DONE, DONE, KILLED]
    assert len(found["found"]) < len(found["rows"])


@pytest.mark.parametrize("point", ["while-reading", "before-commit", "before-switch", "after-switch"])
def test_rebuild_killed_leaves_an_index_that_finds_everything(run, point):
    answers = run("write", "rebuild", f"rebuild@{point}", "write", "check", "rebuild", "check")
    assert answers[:4] == [DONE, DONE, KILLED, DONE]
    assert answers[4]["found"] == answers[4]["rows"]
    assert answers[7] == answers[4]


def test_writers_killed_at_random_while_another_writes_lose_nothing(run):
    answers = run("rebuild", "many&", "flood!0.2", "flood!0.4", "flood!0.6", "wait", "check")
    assert answers[:-2] == [DONE, KILLED, KILLED, KILLED, DONE]
    found = answers[-2]
    assert len(found["rows"]) > 40
    assert found["found"] == found["rows"]


def test_two_processes_writing_at_once_are_both_found(run):
    *codes, found, _ = run("rebuild", "many&", "many&", "wait", "check")
    assert codes == [DONE] * 3
    assert len(found["rows"]) == 80
    assert (found["found"], found["behind"]) == (found["rows"], 0)


def test_document_saved_while_twenty_readers_search_is_found_by_all_within_two_seconds(run):
    answers = run("write", "rebuild", *["read&"] * READERS, "save", "wait", "check")
    [saved] = [answer["saved"] for answer in answers if "saved" in answer]
    missed = [answer["missed"] for answer in answers if "missed" in answer]
    assert len(missed) == READERS
    assert max(missed) - saved < 2
    assert len(answers[-2]["found"]) == 2
