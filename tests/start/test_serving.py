"""python3 start.py, once all is installed: the address, the port, and the ways it stops."""

import http.client
import os
import pty
import re
import signal
import socket
import time

import pytest


@pytest.fixture
def busy():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for(stream, word: str) -> str:
    said = ""
    while word not in said:
        line = stream.readline()
        assert line, said
        said += line
    return said


def test_site_answers_and_stops_with_ctrl_c(ready):
    port = free_port()
    process = ready.start("--port", str(port))
    said = wait_for(process.stdout, "Ctrl+C")
    assert f"http://127.0.0.1:{port}/" in said
    assert f"http://127.0.0.1:{port}/admin/" in said
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    os.killpg(process.pid, signal.SIGINT)
    said, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Le site est arrêté" in said
    assert errors == ""


def test_end_of_the_session_stops_the_site(ready):
    port = free_port()
    process = ready.start("--port", str(port))
    wait_for(process.stdout, "Ctrl+C")
    process.terminate()
    process.communicate(timeout=10)
    assert process.returncode == 143
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_reset_on_a_busy_port_erases_nothing(ready, busy):
    database = ready.folder / "var" / "db.sqlite3"
    database.parent.mkdir(exist_ok=True)
    database.touch()
    result = ready.run("--reset", "--port", str(busy), typed="oui\n")
    assert f"Le port {busy} n’est pas libre" in result.stderr
    assert database.exists()


def test_busy_port_proposes_one_that_works(ready, busy):
    result = ready.run("--port", str(busy))
    assert result.returncode == 1
    assert f"Le port {busy} n’est pas libre" in result.stderr
    other = re.search(r"--port (\d+)", result.stderr)[1]
    process = ready.start("--port", other)
    wait_for(process.stdout, "Ctrl+C")
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 0


def test_last_port_proposes_no_impossible_one(bare):
    with socket.create_server(("127.0.0.1", 65535)):
        result = bare.run("--port", "65535")
    assert result.returncode == 1
    assert "--port et un autre nombre" in result.stderr


@pytest.mark.parametrize("words", [["--port", "huit"], ["--port", "0"], ["--port"], ["--rese"], ["essai"]])
def test_wrong_words_show_the_help(bare, words):
    result = bare.run(*words)
    assert result.returncode == 2
    assert "n’a pas été comprise" in result.stderr
    assert "python3 start.py test" in result.stderr
    assert not (bare.folder / ".venv").exists()


def test_help_is_shown(bare):
    result = bare.run("--help")
    assert result.returncode == 0
    assert "--no-serve" in result.stdout


def test_another_database_is_left_alone(ready):
    ready.environment |= {"DATABASE_URL": "postgres://somewhere/precious", "DJANGO_SETTINGS_MODULE": "elsewhere"}
    said = ready.run("--no-serve").stdout
    assert "manage.py prepare sqlite" in said


@pytest.mark.parametrize(("step", "told"), [("prepare", "n’a pas pu être préparé"), ("runserver", "ne s’est pas ouvert")])
def test_failure_of_the_site_is_told_and_logged(ready, step, told):
    (ready.folder / "manage.py").write_text(f"import sys\nif sys.argv[1] == '{step}': raise ValueError('the cause')\n")
    result = ready.run("--port", str(free_port()))
    assert result.returncode == 1
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert "the cause" in (ready.folder / "var" / "start.log").read_text()


def test_ctrl_c_while_installing_is_quiet_and_the_next_start_resumes(bare):
    process = bare.start("--no-serve")
    wait_for(process.stdout, "Créer .venv")
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    said, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Interrompu" in errors
    assert "Traceback" not in said + errors
    result = bare.run("--no-serve")
    assert result.returncode == 0
    assert "Refaire .venv" in result.stdout


def test_seconds_pass_on_a_terminal(ready):
    (ready.folder / "requirements.txt").write_text((ready.folder / "requirements-dev.txt").read_text())
    leader, follower = pty.openpty()
    process = ready.start("--no-serve", stdout=follower)
    os.close(follower)
    process.wait(timeout=60)
    said = os.read(leader, 100_000).decode()
    os.close(leader)
    process.stderr.close()
    assert re.search(r"\r  \d,\d\xa0s", said)


def test_quick_tests_pass_words_on_to_pytest(ready):
    (ready.folder / "pytest.py").write_text("import sys\nprint('pytest', *sys.argv[1:])\nsys.exit(5)\n")
    result = ready.run("test", "-k", "search", "-x")
    assert "pytest -k search -x" in result.stdout
    assert result.returncode == 5
    assert list(ready.folder.glob(".venv/lib/*/site-packages/beta.py"))


def test_every_check_runs_even_after_a_failure(ready):
    tests = ready.folder / "tests"
    tests.mkdir()
    source = __file__.rsplit("/", 2)[0] + "/checks.py"
    (tests / "checks.py").symlink_to(source)
    (ready.folder / ".venv" / "bin" / "mypy").symlink_to("/bin/true")
    result = ready.run("test")
    assert result.returncode == 1
    assert "ÉCHEC" in result.stdout
    assert re.search(r"réussi +\d+,\d\xa0s  Types", result.stdout)
    assert "pas exécutés, il faudrait installer Chromium" in result.stdout
    assert re.fullmatch(r"3 passed, 8 failed, 1 skipped", result.stdout.splitlines()[-1])
