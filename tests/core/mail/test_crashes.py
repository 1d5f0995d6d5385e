"""A letter to 300 people, its worker killed five times, one answer in ten a refusal: nobody missed, nobody written to twice.

Real processes, a real mail server; with what would go wrong otherwise, as negative controls.
"""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are for Unix"),
]
PEOPLE, FEW = 300, 60
KILLED, DONE = {"code": -9}, {"code": 0}


def environment(url: str, folder, port: int) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(folder / "var"), "MAIL_PORT": str(port)}


def command(*steps: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "tests.core.mail.worker", *steps]


@pytest.fixture
def run(tmp_path, server):
    """Run steps on a database of their own on SQLite, on the test database on PostgreSQL; `deaths` after so many messages."""
    if connection.vendor == "sqlite":
        path = tmp_path / "crash.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        url = f"sqlite:///{path}"
    else:
        given = connection.settings_dict
        url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"

    def go(*steps: str, deaths: tuple[int, ...] = (), at: str = "DATA") -> list[dict]:
        given = environment(url, tmp_path, settings.EMAIL_PORT)
        process = subprocess.Popen(
            command(*steps), cwd=settings.BASE_DIR, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

        waiting = list(deaths)

        def silent(stage: str) -> bool:
            """At « DATA » the message is taken and the worker not told; at « RCPT » it is not even sent."""
            if stage != at or not waiting or len(server.received) < waiting[0]:
                return False
            waiting.pop(0)
            process.stdin.write("kill\n")
            process.stdin.flush()
            return True

        server.silent = silent
        out = process.stdout.read()
        assert process.wait(60) == 0
        process.stdin.close()
        process.stdout.close()
        return [json.loads(line) for line in out.splitlines()]

    return go


def all_sent(count: int) -> dict:
    return {"statuses": ["sent"] * count}


def refuse_one_in_ten(address: str, tries: int) -> str | None:
    return "451 4.7.1 Later" if tries == 1 and address.startswith("p") and address[3] == "7" else None


def repeats(server) -> Counter:
    return Counter({address: count - 1 for address, count in Counter(server.addresses).items() if count > 1})


def test_killed_five_times_with_refusals_nobody_is_missed(run, server):
    server.answer = refuse_one_in_ten
    steps = [f"write:{PEOPLE}", *["send!", "later"] * 5, "send", "later", "send", "check", "later", "send"]
    answers = run(*steps, deaths=(20, 60, 110, 170, 230))
    assert answers.count(KILLED) == 5
    assert all_sent(PEOPLE) in answers
    assert answers[-2] == {"sent": 0, "refused": 0}  # run again, it sends nothing
    assert len(set(server.addresses)) == PEOPLE
    assert sum(repeats(server).values()) <= 5
    assert max(repeats(server).values(), default=0) <= 1
    assert len(set(server.identifiers)) == PEOPLE  # a repeat carries the same Message-ID


def test_saying_sent_before_sending_would_miss_someone(run, server):
    """Negative control: the same death, with the outcome written first."""
    answers = run(f"write:{FEW}", "send@before!", "later", "send", "check", deaths=(20,), at="RCPT")
    assert answers[-2] == all_sent(FEW)
    assert len(set(server.addresses)) < FEW


def test_two_workers_at_once_write_to_each_person_once(run, server):
    answers = run(f"write:{FEW}", "send&", "send&", "send&", "wait", "check")
    assert answers[-2] == all_sent(FEW)
    assert sorted(server.addresses) == sorted(set(server.addresses))
    assert len(server.addresses) == FEW
    shares = [answer["sent"] for answer in answers if "sent" in answer]
    assert sum(shares) == FEW
    assert sum(share > 0 for share in shares) > 1  # they did work at once


def test_two_workers_that_do_not_claim_would_write_twice(run, server):
    """Negative control."""
    run(f"write:{FEW}", "send@unclaimed&", "send@unclaimed&", "wait")
    assert repeats(server)
