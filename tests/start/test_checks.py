"""The checks themselves: what they count, the PostgreSQL they start, the packages they are made with."""

import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests import checks

from .conftest import ROOT

TESTS = """
import pytest
def test_right(): pass
def test_right_again(): pass
def test_wrong(): assert False
def test_broken(absent): pass
@pytest.mark.skip(reason="to be counted")
def test_left_out(): pass
"""
CONNECT = """
import os, sys, psycopg
url = os.environ["DATABASE_URL"]
with psycopg.connect(url) as connection:
    print(connection.execute("SELECT 'É' ILIKE 'é', current_setting('data_directory')").fetchone(), flush=True)
    if "wait" in sys.argv:
        sys.stdin.read()
sys.exit(7)
"""


def pytest_run(folder: Path, tests: str) -> checks.Check:
    (folder / "pytest.ini").write_text("[pytest]")
    (folder / "test_some.py").write_text(tests)
    report = str(folder / "report.xml")
    quiet = ["-p", "no:django", "-p", "no:cacheprovider", f"--junitxml={report}"]
    return checks.Check(
        "Essai", [sys.executable, "-m", "pytest", str(folder), "-c", str(folder / "pytest.ini"), *quiet], {}, report
    )


def test_count_of_pytest_tells_each_test(tmp_path):
    assert checks.run(pytest_run(tmp_path, TESTS)) == [2, 2, 1]


def test_count_of_pytest_without_a_test_is_a_failure(tmp_path):
    assert checks.run(pytest_run(tmp_path, "")) == [0, 1, 0]


@pytest.mark.parametrize(("code", "counts"), [("0", [1, 0, 0]), ("3", [0, 1, 0])])
def test_count_of_another_tool_is_one(code, counts):
    assert checks.run(checks.Check("Essai", [sys.executable, "-c", f"raise SystemExit({code})"], {})) == counts


def test_count_of_a_missing_tool_is_a_failure():
    assert checks.run(checks.Check("Essai", ["/nowhere/tool"], {})) == [0, 1, 0]


@pytest.fixture
def postgres(tmp_path):
    (tmp_path / "connect.py").write_text(CONNECT)
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": path}
    return {"env": environment, "cwd": ROOT, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}


def data_folder(said: str) -> Path:
    capitals, folder = re.fullmatch(r"\((\w+), '(.+)'\)", said.strip()).groups()
    assert capitals == "True"
    return Path(folder)


def test_postgresql_lives_as_long_as_the_command(postgres):
    result = subprocess.run([sys.executable, "-m", "tests.postgres", "connect"], timeout=60, check=False, **postgres)
    assert result.returncode == 7
    assert not data_folder(result.stdout).parent.exists()


def test_postgresql_stops_when_the_command_is_stopped(postgres):
    with subprocess.Popen([sys.executable, "-m", "tests.postgres", "connect", "wait"], **postgres) as process:
        folder = data_folder(process.stdout.readline())
        port = int((folder / "postmaster.pid").read_text().splitlines()[3])
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 143
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    assert not folder.parent.exists()


def locked(name: str) -> dict[str, str]:
    """The packages of a requirements file, each with the text of its entry."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    return {re.split(r"==", entry)[0]: entry for entry in entries}


def wanted(*lists: list[str]) -> set[str]:
    return {re.match(r"[\w.-]+", line)[0].lower() for lines in lists for line in lines}


def test_requirements_lock_all_that_the_project_declares():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert wanted(project["dependencies"]) <= set(locked("requirements.txt"))
    development = project["optional-dependencies"]["dev"]
    assert wanted(project["dependencies"], development) <= set(locked("requirements-dev.txt"))


def test_requirements_agree_and_name_no_registry():
    site, development = locked("requirements.txt"), locked("requirements-dev.txt")
    # The same versions and files; a tool of development may need on every system what the site needs on one.
    everywhere = [{name: re.sub(r" ; [^\\]+ ", " ", entry) for name, entry in lock.items()} for lock in (site, development)]
    assert everywhere[0].items() <= everywhere[1].items()
    for entry in development.values():
        assert re.match(r"[\w.-]+==\S+( ; .+)? \\\n    --hash=sha256:", entry), entry
        assert "://" not in entry
