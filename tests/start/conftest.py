"""A small project of its own for each test: the real start.py, one tiny package, and a manage.py that only answers."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = """
import http.server, os, sys
print("manage.py", *sys.argv[1:], os.environ.get("DATABASE_URL", "sqlite"))
if sys.argv[1] == "runserver":
    port = int(sys.argv[2].split(":")[1])
    http.server.HTTPServer(("127.0.0.1", port), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


@dataclass
class Project:
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, str(self.folder / "start.py"), *words]

    def run(self, *words: str, typed: str = "", prefix: tuple[str, ...] = (), **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*prefix, *self.command(*words)],
            env=self.environment | more,
            input=typed,
            text=True,
            encoding="utf-8",
            capture_output=True,
            timeout=120,
        )

    def start(self, *words: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
        """In a session of its own, so that a test can press Ctrl+C for the whole of it, even where the tests run in the background."""
        return subprocess.Popen(
            self.command(*words),
            env=self.environment,
            text=True,
            encoding="utf-8",
            stdout=stdout,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # What a shell starts in the background ignores Ctrl+C, and so do its children.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
        )


def wheel(folder: Path, name: str) -> str:
    """Write a package of one empty module, and give its locked line."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in files.items():
            archive.writestr(zipfile.ZipInfo(file), content)  # no date: the same hash each time
    return f"{name}==1.0 \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def new_project(base: Path) -> Project:
    folder, wheels, programs = base / "site", base / "wheels", base / "programs"
    for path in (folder, wheels, programs):
        path.mkdir()
    (folder / "start.py").symlink_to(ROOT / "start.py")
    (folder / "manage.py").write_text(MANAGE)
    (folder / "requirements.txt").write_text(wheel(wheels, "alpha"))
    (folder / "requirements-dev.txt").write_text(wheel(wheels, "alpha") + wheel(wheels, "beta"))
    settings = {"PATH": str(programs), "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    return Project(folder, inherited | settings)


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """Just cloned: nothing installed, no uv on the machine, no network but a folder of wheels."""
    return new_project(tmp_path)


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """One real installation, shared: making an environment takes seconds."""
    project = new_project(tmp_path_factory.mktemp("first"))
    return project, project.run("--no-serve")


@pytest.fixture
def ready(bare: Project, first_start: tuple[Project, subprocess.CompletedProcess[str]]) -> Project:
    """Started once already."""
    shutil.copytree(first_start[0].folder / ".venv", bare.folder / ".venv", symlinks=True)
    return bare
