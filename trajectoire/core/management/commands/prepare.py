"""Bring a site up to date in one command: database, reference data, demonstration, search index."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from trajectoire.core import search
from trajectoire.core.text import NBSP

STEPS = [
    ("Base de données", "migrate"),
    ("Territoires, thèmes, publics et sigles", "load_reference"),
    ("Types de document et collections", "load_types"),
    ("Questions des questionnaires", "load_questions"),
    ("Modèles de session du plan VRL", "load_session_models"),
    ("Rôles de l’équipe", "load_roles"),
    ("Pages du site", "load_pages"),
]
LIBRARY = "Documents et comptes de démonstration"  # the longest: it says how far it is
DEMO_STEPS = [
    ("Annuaire de démonstration", "load_directory_demo"),
    ("Agenda de démonstration", "load_agenda_demo"),
    (LIBRARY, "load_demo"),
    ("Plan VRL de démonstration", "load_vrl_demo"),
]
# What these commands read: when none of it changed since the last time, there is nothing to do.
READ = (
    "network/data/**/*",
    "network/reference/*.py",
    "network/demo/*",
    "network/events/data/questions.toml",
    "network/events/demo/*",
    "resources/data/*",
    "vrl/data/*",
    "resources/reference.py",
    "resources/demo/**/*",
    "vrl/demo/*",
    "trajectoire/core/data/*.toml",
    "trajectoire/core/roles.py",
)


class Command(BaseCommand):
    help = "Met à jour la base, charge ce qui manque et construit l’index. Sans changement, ne fait rien."
    requires_system_checks: list[str] = []  # they run when there is work to do: importing every page costs half a second

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Sans les documents ni les comptes de démonstration.")

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        demo = not (options["no_demo"] or settings.PRODUCTION)
        stamp = fingerprint(demo)
        if migrations_wait() or stamp != recorded():
            self.check()
            self.prepare(demo)
            record(stamp)
        if not search.health().ok:
            with self.step("Index de recherche"):
                call_command("rebuild_index", verbosity=0, stdout=StringIO())
        self.stdout.write(f"Le site est prêt ({seconds_since(start)}).")
        if demo:
            call_command("load_demo", accounts=True, stdout=self.stdout)

    def prepare(self, demo: bool) -> None:
        for title, name in STEPS + DEMO_STEPS if demo else STEPS:
            more = {"progress": self.show} if title == LIBRARY else {}
            with self.step(title):
                call_command(name, verbosity=0, stdout=StringIO(), **more)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One line: the title, then the time it took."""
        start = time.monotonic()
        self.stdout.write(f"  {title}… ", ending="")
        self.stdout.flush()
        yield
        self.stdout.write(seconds_since(start))

    def show(self, done: int, total: int) -> None:
        """The PDFs made so far, on a terminal only."""
        if self.stdout.isatty():
            self.stdout.write(f"\r  {LIBRARY}… PDF {done}/{total} ", ending="")
            self.stdout.flush()


def migrations_wait() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def fingerprint(demo: bool) -> dict[str, Any]:
    """What the last preparation would have to match: the files it reads, the database, the demonstration."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in READ for path in settings.BASE_DIR.glob(pattern)):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return {"files": digest.hexdigest(), "database": f"{connection.vendor} {connection.settings_dict['NAME']}", "demo": demo}


def stamp_path() -> Path:
    return settings.VAR_DIR / "prepared.json"


def recorded() -> dict[str, Any]:
    try:
        return json.loads(stamp_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def record(stamp: dict[str, Any]) -> None:
    stamp_path().write_text(json.dumps(stamp), encoding="utf-8")


def seconds_since(start: float) -> str:
    return f"{time.monotonic() - start:.1f}".replace(".", ",") + f"{NBSP}s"
