"""A letter whose worker is killed while it leaves, then run again: one page, one message a person."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from .worker import PEOPLE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are for Unix"),
]
WHOLE = {"written": [f"p{number}@example.org" for number in range(PEOPLE)], "pages": 1, "status": "sent"}
KILLED = {"code": -9}


@pytest.fixture
def run(tmp_path):
    """Run steps on a database of their own on SQLite, on the test database on PostgreSQL: what each said."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "crash.sqlite3")])
        url = f"sqlite:///{tmp_path / 'crash.sqlite3'}"
    else:
        given = connection.settings_dict
        url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    own = {"DATABASE_URL": url, "VAR_DIR": str(tmp_path / "var"), "INDEX_DIR": str(tmp_path / "index")}

    def go(*steps: str) -> list[dict]:
        command = [sys.executable, "-W", "ignore", "-m", "tests.resources.letters.worker", *steps]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=os.environ | own, stdout=subprocess.PIPE, text=True, check=True, timeout=180
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return go


def test_killed_at_each_step_and_run_twice_at_once_it_leaves_once(run):
    steps = ["prepare", "letters@stored", "check", "letters@committed", "letters&", "letters&", "wait", "check"]
    answers = run(*steps)
    assert answers.count(KILLED) == 2
    before, after = [answer for answer in answers if "written" in answer]
    assert before == {"written": [], "pages": 0, "status": "ready"}
    assert after == WHOLE
    assert [answer["letters"] for answer in answers if "letters" in answer] == [0, 0]


def test_two_at_once_leave_it_to_one(run):
    answers = run("prepare", "letters&", "letters&", "wait", "check")
    assert sum(answer["letters"] for answer in answers if "letters" in answer) == 1
    assert WHOLE in answers


def test_letter_said_to_be_sent_too_early_would_never_leave(run):
    """Negative control."""
    answers = run("prepare", "letters@apart", "letters", "check")
    assert {"written": [], "pages": 0, "status": "sent"} in answers
