"""The command that writes the alerts killed by kill -9, and two of them at once: each person is told, once."""

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
EVERYONE = [f"p{number}@example.org" for number in range(PEOPLE)]
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
        command = [sys.executable, "-W", "ignore", "-m", "tests.resources.alerts.worker", *steps]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=os.environ | own, stdout=subprocess.PIPE, text=True, check=True, timeout=180
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return go


def test_killed_at_each_step_everyone_is_told_once(run):
    deaths = ["alerts@stored-1", "alerts@written-1", "alerts@stored-2", "alerts@written-2"]
    answers = run("prepare", *deaths, "alerts", "alerts", "check")
    assert answers.count(KILLED) == 4
    assert {"written": EVERYONE} in answers


def test_moment_kept_apart_from_the_message_would_miss_someone(run):
    """Negative control."""
    answers = run("prepare", "alerts@apart-2", "alerts", "check")
    assert answers.count(KILLED) == 1
    [found] = [answer["written"] for answer in answers if "written" in answer]
    assert len(found) < PEOPLE


def test_two_at_once_tell_everyone_once(run):
    answers = run("prepare", "alerts&", "alerts&", "wait", "alerts", "check")
    assert {"written": EVERYONE} in answers
