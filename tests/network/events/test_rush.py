"""Many people on few places at the same moment, in processes of their own, on the real database: exact, in order, told the truth.

With what would go wrong without the lock of the event, as negative controls.
"""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.network.events.worker import CLIENTS, EACH, PLACES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are for Unix"),
]
PEOPLE = CLIENTS * EACH
KILLED, DONE = {"code": -9}, {"code": 0}


@pytest.fixture
def run(tmp_path):
    """Run steps on a database of their own on SQLite, on the test database on PostgreSQL: what each said."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "rush.sqlite3")])
        url = f"sqlite:///{tmp_path / 'rush.sqlite3'}"
    else:
        given = connection.settings_dict
        url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    own = {"DATABASE_URL": url, "VAR_DIR": str(tmp_path / "var")}

    def go(*steps: str) -> list[dict]:
        command = [sys.executable, "-W", "ignore", "-m", "tests.network.events.worker", *steps]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=os.environ | own, stdout=subprocess.PIPE, text=True, check=False, timeout=120
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return go


def crowd(control: str = "") -> list[str]:
    """Everybody joins at once, then the wait for the last one."""
    return [*(f"join:{client}{control}&" for client in range(CLIENTS)), "wait"]


def found(answers: list[dict]) -> dict:
    """What the last check saw."""
    return [answer for answer in answers if "states" in answer][-1]


def test_places_are_exact_and_the_line_in_order(run):
    answers = run(f"prepare:{PLACES}", *crowd(), "check")
    assert answers.count(DONE) == CLIENTS + 2
    seen = found(answers)
    assert seen["states"] == {"confirmee": PLACES, "attente": PEOPLE - PLACES}
    assert seen["in_order"]
    assert seen["mails"] == PEOPLE
    assert seen["told_wrong"] == []


def test_places_that_nobody_locks_are_given_twice(run):
    """Negative control: too many confirmed, or people lost because the database was busy."""
    seen = found(run(f"prepare:{PLACES}", *crowd("@unlocked"), "check"))
    assert seen["states"] != {"confirmee": PLACES, "attente": PEOPLE - PLACES}


def test_first_in_line_are_promoted_while_others_join(run):
    steps = [f"prepare:{PLACES}", "fill", *(f"leave:{number}&" for number in range(2)), *crowd(), "check"]
    answers = run(*steps)
    seen = found(answers)
    waited = [f"w{number}@example.org" for number in range(PLACES)]
    assert seen["states"]["confirmee"] == PLACES
    assert seen["states"]["annulee"] == PLACES
    assert seen["confirmed"] == waited  # those who waited before, and nobody who came meanwhile
    assert seen["promoted"] == waited  # written to in order, once each
    assert seen["told_wrong"] == []


def test_killed_in_the_middle_tells_nobody_what_is_not_true(run):
    answers = run(f"prepare:{PLACES}", "join:90@dies&", "join:91@dies&", *crowd(), *crowd(), "check")
    assert answers.count(KILLED) == 2
    seen = found(answers)
    assert seen["told_wrong"] == []
    assert seen["states"] == {"confirmee": PLACES, "attente": PEOPLE - PLACES}


def test_mail_written_apart_tells_what_is_not_true(run):
    """Negative control: the same death, with the mail in a transaction of its own."""
    answers = run(f"prepare:{PLACES}", "join:0@apart", "check")
    assert KILLED in answers
    assert found(answers)["told_wrong"] == ["p0-0@example.org"]


def test_two_clocks_at_once_remind_each_person_once(run):
    answers = run(f"prepare:{PLACES}", "fill", "keep&", "keep&", "keep@dies", "wait", "keep", "check")
    seen = found(answers)
    assert seen["reminded"] == [f"c{number}@example.org" for number in range(PLACES)]
