import importlib
import io
import json
import subprocess
import sys

import pytest

from resources import reading
from resources.reading import Refused, Unreadable, sandbox, worker

PLENTY = ["10000000", str(2**45), str(2**50)]


def test_child_starts_without_django():
    """Nor with the decoders it does not need: a start must stay quick."""
    code = "import sys, resources.reading.worker, resources.reading.pdf; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", code], env=sandbox.environment(), check=False).returncode == 0


def test_package_alone_loads_no_decoder():
    code = "import sys, resources.reading; sys.exit(any(m in sys.modules for m in ('PIL', 'pypdfium2', 'django')))"
    assert subprocess.run([sys.executable, "-P", "-c", code], env=sandbox.environment(), check=False).returncode == 0


def test_child_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@localhost/x")
    assert "secret" not in " ".join(sandbox.environment().values())


def test_worker_answers_line_by_line(tagged_pdf, drop, capsys):
    worker.main(["pdf-check", str(drop(tagged_pdf)), *PLENTY])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["facts"]["title"] == "Rapport d’essai"
    assert lines[-1] == {"done": True}


def test_worker_reads_its_command_line(tagged_pdf, drop, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["-c", "pdf-check", str(drop(tagged_pdf)), *PLENTY])
    worker.main()
    assert '"pages": 2' in capsys.readouterr().out


def test_any_error_of_a_reading_is_an_answer():
    def fail():
        yield {"text": ""}
        raise MemoryError

    assert list(worker.answers(fail)) == [{"text": ""}, {"unreadable": sandbox.DAMAGED}]


@pytest.mark.parametrize(("error", "key"), [(Refused("Non."), "refused"), (Unreadable("Non."), "unreadable")])
def test_refusal_of_a_reading_is_its_last_line(error, key):
    def fail():
        yield {"text": ""}
        raise error

    assert list(worker.answers(fail)) == [{"text": ""}, {key: "Non."}]


def test_system_without_limits_goes_on(monkeypatch):
    monkeypatch.setattr(worker, "resource", None)
    worker.limit(seconds=1, memory=1, answer=1)


def test_module_loads_where_limits_do_not_exist(monkeypatch):
    """Windows has no module `resource`."""
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.delitem(sys.modules, worker.__name__)
    monkeypatch.setattr(reading, "worker", worker)  # put back at the end
    assert importlib.import_module(worker.__name__).resource is None


def test_limit_the_system_refuses_is_left_alone():
    worker._set("RLIMIT_NOFILE", 2**40)


@pytest.mark.parametrize("end", [b"", b'{"b": ', b"5\n", b'"b"\n'])
def test_half_an_answer_is_not_read(end):
    assert list(sandbox._lines(io.BytesIO(b'{"a": 1}\n' + end))) == [{"a": 1}]


def test_missing_file_is_unreadable(tmp_path):
    with pytest.raises(Unreadable):
        sandbox.run("pdf", tmp_path / "absent")


def test_child_that_answers_nothing_is_unreadable(drop):
    with pytest.raises(Unreadable, match="abîmé"):
        sandbox.run("unknown job", drop(b"x"))


def test_child_stopped_by_its_own_limit_of_time_is_unreadable(drop):
    """The parent may be gone: the child's limit of processor time stops it too."""
    line = [
        sys.executable,
        "-c",
        "from resources.reading import worker; worker.limit(seconds=0, memory=2**32, answer=9)\nwhile 1: pass",
    ]
    assert subprocess.run(line, env=sandbox.environment(), check=False, timeout=10).returncode < 0


def test_answer_is_bounded(drop):
    code = "from resources.reading import worker; worker.limit(seconds=5, memory=2**32, answer=9)\nimport os; os.write(1, b'x' * 20); os.write(1, b'x')"
    target = drop(b"")
    with target.open("wb") as out:
        subprocess.run(
            [sys.executable, "-c", code], env=sandbox.environment(), stdout=out, stderr=subprocess.DEVNULL, check=False
        )
    assert target.stat().st_size == 9
