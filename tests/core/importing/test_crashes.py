"""An import killed with -9 in a process of its own, on the real database: nothing lost, nothing twice, taken up at once."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are for Unix"),
]


@pytest.fixture
def run(tmp_path):
    """Run steps on a database of their own on SQLite, on the test database on PostgreSQL: what each said."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "import.sqlite3")])
        url = f"sqlite:///{tmp_path / 'import.sqlite3'}"
    else:
        given = connection.settings_dict
        url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    own = {"DATABASE_URL": url, "VAR_DIR": str(tmp_path / "var")}

    def go(*steps: str) -> list[dict]:
        command = [sys.executable, "-W", "ignore", "-m", "tests.core.importing.worker", *steps]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=os.environ | own, stdout=subprocess.PIPE, text=True, check=False, timeout=120
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return go


def test_killed_in_a_batch_it_goes_on_after_the_last_one(run):
    answers = run("prepare:60", "work@dies", "check", "work", "check")
    assert [answer["code"] for answer in answers if "code" in answer] == [0, -9, 0, 0, 0]
    killed, whole = (answer for answer in answers if "state" in answer)
    assert (killed["state"], killed["made"] == killed["lines"] == killed["done"]) == ("en-cours", True)
    assert 0 < killed["done"] < 45
    assert whole == {
        "state": "fait",
        "done": 60,
        "counts": {"nouveau": 60},
        "in_order": True,
        "lines": 60,
        "made": 60,
        "names": 60,
    }
