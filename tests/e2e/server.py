"""The site in a process of its own, with its own folder and its own database, as long as the block lasts."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60  # seconds


@contextmanager
def running_site(*filling: str, **more: str) -> Iterator[str]:
    """The address of a site filled by `python -m <filling>`; on PostgreSQL when DATABASE_URL says so; `more` is its environment."""
    with tempfile.TemporaryDirectory(prefix="e2e-", ignore_cleanup_errors=True) as folder, own_database() as database:
        ours = {
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "LOG_LEVEL": "ERROR",
            "SECOND_FACTOR_REQUIRED": "false",
        }
        environment = os.environ | database | ours | more
        subprocess.run([sys.executable, "-m", *filling], cwd=ROOT, env=environment, check=True)
        with served(environment, Path(folder)) as address:
            yield address


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """On PostgreSQL, a database apart from the one of the other tests; on SQLite the folder is enough."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    import psycopg

    name = f"e2e_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": f"{url.rsplit('/', 1)[0]}/{name}"}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def served(environment: dict[str, str], folder: Path) -> Iterator[str]:
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}", "--noreload"]
    with (folder / "server.log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={"SITE_URL": address} | environment, stdout=log, stderr=log)
        try:
            wait_for(f"{address}/healthz", process, log.name)
            yield address
        finally:
            process.terminate()
            process.wait(10)


def wait_for(url: str, process: subprocess.Popen, log: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the site does not answer:\n{Path(log).read_text(encoding='utf-8')}")
