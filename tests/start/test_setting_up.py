"""python3 start.py, on machines where something is missing: one sentence, and a second try works."""

import ast
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

import start

from .conftest import ROOT, Project


def sentence(result) -> str:
    """The only thing said on the error stream by a start that failed as it should."""
    assert result.returncode == 1
    assert "Traceback" not in result.stdout + result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].endswith(".")
    return lines[0]


def test_first_start_installs_and_prepares(first_start):
    project, result = first_start
    assert result.returncode == 0, result.stderr
    assert "Installer les paquets de requirements.txt…" in result.stdout
    assert "manage.py prepare sqlite" in result.stdout
    assert list(project.folder.glob(".venv/lib/*/site-packages/alpha.py"))


def test_second_start_installs_nothing(ready):
    result = ready.run("--no-serve")
    assert result.returncode == 0
    assert "Installer" not in result.stdout
    assert "manage.py prepare" in result.stdout


def test_start_with_new_requirements_installs_them_in_place(ready):
    marker = ready.folder / ".venv" / "kept"
    marker.touch()
    shutil.copy(ready.folder / "requirements-dev.txt", ready.folder / "requirements.txt")
    result = ready.run("--no-serve")
    assert "Installer les paquets" in result.stdout
    assert marker.exists()
    assert list(ready.folder.glob(".venv/lib/*/site-packages/beta.py"))


def test_interrupted_installation_is_made_again(ready):
    (ready.folder / ".venv" / "installed.json").unlink()
    result = ready.run("--no-serve")
    assert result.returncode == 0
    assert "Refaire .venv, resté incomplet…" in result.stdout
    assert "Refaire" not in ready.run("--no-serve").stdout


@pytest.mark.parametrize("damage", ["file", "link to nowhere", "python gone", "other python", "stamp cut short"])
def test_half_made_environment_is_seen(ready, monkeypatch, damage):
    monkeypatch.setattr(start, "PYTHON", ready.folder / ".venv" / "bin" / "python")
    monkeypatch.setattr(start, "STAMP", ready.folder / ".venv" / "installed.json")
    assert start.installed()
    venv = ready.folder / ".venv"
    if damage == "python gone":
        start.PYTHON.unlink()
        start.PYTHON.symlink_to("nowhere")
    elif damage == "other python":
        start.STAMP.write_text('{"python": "3.9"}')
    elif damage == "stamp cut short":
        start.STAMP.write_text('{"python"')
    else:
        shutil.rmtree(venv)
        venv.touch() if damage == "file" else venv.symlink_to("nowhere")
    assert start.installed() == {}
    start.remove(venv)
    assert not os.path.lexists(venv)


def test_no_network_tells_it_and_a_second_try_works(ready):
    away = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    (ready.folder / "requirements.txt").write_text((ready.folder / "requirements-dev.txt").read_text())
    said = sentence(ready.run("--no-serve", **away))
    assert "n’ont pas pu être téléchargés" in said
    assert "vérifiez la connexion à internet" in said
    log = ready.folder / "var" / "start.log"
    assert str(log) in said
    assert "beta" in log.read_text()
    assert ready.run("--no-serve").returncode == 0


def test_package_with_another_hash_is_refused(ready):
    requirements = ready.folder / "requirements.txt"
    requirements.write_text("beta==1.0 --hash=sha256:" + "0" * 64 + "\n")
    said = sentence(ready.run("--no-serve"))
    assert "n’ont pas pu être installés" in said
    assert "DO NOT MATCH THE HASHES" in (ready.folder / "var" / "start.log").read_text()
    assert not list(ready.folder.glob(".venv/lib/*/site-packages/beta.py"))


def test_python_without_venv_names_the_package_to_install(bare, tmp_path):
    hidden = tmp_path / "debian"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "from importlib.machinery import PathFinder\n"
        "find = PathFinder.find_spec\n"
        "PathFinder.find_spec = lambda name, *where: None if name == 'ensurepip' else find(name, *where)\n"
    )
    said = sentence(bare.run("--no-serve", PYTHONPATH=str(hidden)))
    assert f"sudo apt install python3.{sys.version_info.minor}-venv" in said
    assert not (bare.folder / ".venv").exists()


def test_folder_that_cannot_be_written_is_named(bare):
    bare.folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    # The superuser writes in spite of permissions, unless it gives that power up.
    prefix = ("/usr/bin/setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()
    try:
        said = sentence(bare.run("--no-serve", prefix=prefix))
    finally:
        bare.folder.chmod(stat.S_IRWXU)
    assert f"ne peut pas écrire dans {bare.folder}" in said
    assert bare.run("--help").returncode == 0


def test_refusal_of_the_system_is_told(ready):
    (ready.folder / "requirements.txt").unlink()
    assert "requirements.txt" in sentence(ready.run("--no-serve"))


def test_thing_that_cannot_be_removed_is_named(monkeypatch):
    with pytest.raises(start.Problem, match="n’a pas pu être effacé"):
        start.remove(Path("/proc/self/status"))


def test_old_python_reads_the_file_and_learns_what_to_do(bare, monkeypatch):
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 8))
    monkeypatch.setattr(start, "OLDEST", (99, 0))
    programs = Path(bare.environment["PATH"])
    monkeypatch.setenv("PATH", str(programs))
    for program, advice in [("", "installez-le"), ("uv", "uv run --no-project"), ("python3.12", "python3.12 start.py")]:
        if program:
            (programs / program).symlink_to(sys.executable)
        with pytest.raises(start.Problem, match=advice):
            start.check_python()


def test_newer_python_that_does_not_run_is_not_advised(bare, monkeypatch):
    program = Path(bare.environment["PATH"]) / "python3.13"
    program.write_text("#!/bin/sh\nexit 127\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", bare.environment["PATH"])
    assert not start.runs("python3.13")


def test_uv_is_used_when_there(bare):
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if not uv:
        pytest.skip("uv is not on this machine, and start.py is right to do without")
    (Path(bare.environment["PATH"]) / "uv").symlink_to(uv)
    wheels = {"UV_NO_INDEX": "1", "UV_FIND_LINKS": bare.environment["PIP_FIND_LINKS"], "UV_OFFLINE": "1"}
    assert "requirements.txt" in bare.run("--no-serve", **wheels).stdout
    assert "\nuv = " in (bare.folder / ".venv" / "pyvenv.cfg").read_text()
    assert list(bare.folder.glob(".venv/lib/*/site-packages/alpha.py"))
    (bare.folder / "requirements.txt").write_text((bare.folder / "requirements-dev.txt").read_text())
    away = {"UV_INDEX_URL": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0", "UV_NO_CACHE": "1"}
    assert "vérifiez la connexion à internet" in sentence(bare.run("--no-serve", **away))


def test_reset_without_the_word_erases_nothing(ready):
    kept = fill(ready)
    for typed in ("", "non\n", "o\n"):
        assert "Rien n’a été effacé" in ready.run("--reset", "--no-serve", typed=typed).stderr
    assert all(path.exists() for path in kept)


def test_reset_erases_the_demonstration_only(ready):
    database, media, other = fill(ready)
    result = ready.run("--reset", "--no-serve", typed="oui\n")
    assert result.returncode == 0
    assert not database.exists()
    assert not media.exists()
    assert other.exists()
    assert "Installer" not in result.stdout


def fill(project: Project) -> tuple[Path, Path, Path]:
    database, media, other = (project.folder / "var" / name for name in ("db.sqlite3", "media/cover.png", "static/site.css"))
    for path in (database, media, other):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return database, media, other
