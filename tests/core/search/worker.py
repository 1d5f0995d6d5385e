"""Processes to be killed: `python -m tests.core.search.worker STEP…` on the database of DATABASE_URL.

Each step runs in a process of its own, forked from this one (which opens neither database nor index), and a line of JSON
says how it ended. `write@before-commit`: it dies there by kill -9. `many!0.3`: it is killed after 0.3 s. `many&`: it goes on
while the next steps run, until `wait`.
"""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

import django
import django.db

READERS = 20


def die(*args, **kwargs) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def say(answer: dict) -> None:
    """One line, whole: several processes share the output."""
    os.write(1, json.dumps(answer).encode() + b"\n")


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.conf import settings

    from tests.core.search import conftest
    from trajectoire.core.search import declarations

    settings.SEARCH_INDEX_DIR = Path(os.environ["INDEX_DIR"])
    declarations._sources.clear()
    declarations.register(conftest.source())


def arm(point: str) -> None:
    """Replace one step by death, or the whole commit by a careless one (the negative control)."""
    from trajectoire.core.search import engine, rebuilding, storage

    if point == "before-commit":
        engine.Writing.commit = die
    elif point == "after-commit":
        engine.Writing.close = die
    elif point == "before-switch":
        storage.put_in_service = die
    elif point == "after-switch":
        storage.remove_others = die
    elif point == "while-reading":
        rebuilding.changes.entries = die
    elif point == "careless":
        careless()


def careless() -> None:
    """What the engine must not do: say how far it goes before holding what it says."""
    from trajectoire.core.search import engine

    whole = engine.Writing.commit

    def commit(self, state) -> None:
        self.writer.rollback()
        whole(self, state)
        die()

    engine.Writing.commit = commit


def prepare() -> None:
    """Tables without the history of migrations: quicker."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)


def write(count: int = 1) -> None:
    from django.db import transaction

    from tests.core.search import conftest

    for number in range(count):
        with transaction.atomic():
            conftest.write(f"Vélo {number} {os.getpid()}", slug=f"v{os.getpid()}-{number}", summary="un vélo")


def check() -> None:
    """Every row of the database, and what search finds of them."""
    from trajectoire.core import search
    from trajectoire.core.models import Page

    rows = sorted(Page.objects.values_list("pk", flat=True))
    found = [hit.pk for page in range(1, 20) for hit in search.query(search.Query("vélo", size=200, page=page)).hits]
    health = search.health()
    say({"rows": rows, "found": sorted(found), "ok": health.ok, "behind": health.behind})


def rebuild() -> None:
    from trajectoire.core import search

    search.rebuild()


def read() -> None:
    """A reader: page after page, until the second document is found; when the last page without it was asked."""
    from trajectoire.core import search

    missed, deadline = 0.0, time.time() + 60
    while time.time() < deadline:
        begun = time.time()
        if search.query(search.Query("vélo")).total > 1:
            break
        missed = begun
        ready().joinpath(str(os.getpid())).touch()
        time.sleep(0.02)
    say({"missed": missed})


def save() -> None:
    """Once all readers have read a page, one document more; when it was saved."""
    while len(list(ready().iterdir())) < READERS:
        time.sleep(0.02)
    write()
    say({"saved": time.time()})


def ready() -> Path:
    folder = Path(os.environ["INDEX_DIR"]).with_name("ready")
    folder.mkdir(exist_ok=True)
    return folder


TASKS = {
    "prepare": prepare,
    "write": write,
    "many": lambda: write(40),
    "flood": lambda: write(5_000),
    "rebuild": rebuild,
    "read": read,
    "save": save,
    "check": check,
}


def start(task: str, point: str) -> int:
    """Run a task in a forked process; its identifier."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        arm(point)
        TASKS[task]()
        django.db.connections.close_all()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> None:
    say({"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])})


def run(step: str, behind: list[int]) -> None:
    if step == "wait":
        while behind:
            ended(behind.pop(0))
        return
    task, _, point = step.rstrip("&").partition("@")
    task, _, delay = task.partition("!")
    child = start(task, point)
    if step.endswith("&"):
        behind.append(child)
        return
    if delay:
        time.sleep(float(delay))
        os.kill(child, signal.SIGKILL)
    ended(child)


if __name__ == "__main__":
    set_up()
    background: list[int] = []
    for word in sys.argv[1:]:
        run(word, background)
