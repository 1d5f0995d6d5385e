"""Runs a reading in a child process with limits of memory, time and output, and no secret in its environment.

Hostile PDFs of a few hundred kB hang or abort PDFium, images of 100 kB ask for gigabytes: nothing of that may happen in a web process.
The child answers with one JSON object a line; its last line says how it ended.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from .errors import Refused, Unreadable

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 14.0  # with its start and end, under the 15 seconds promised
MEMORY = 300 * 1024 * 1024
ANSWER = 64 * 1024 * 1024
KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LANG")
START = "from resources.reading.worker import main; main()"

DAMAGED = (
    "Ce fichier n’a pas pu être lu : il est abîmé, ou sa lecture demande trop de mémoire. Enregistrez-le de nouveau et réessayez."
)


def run(job: str, path: Path, *, timeout: float = TIMEOUT, memory: int = MEMORY) -> list[dict[str, Any]]:
    """The lines the job wrote about the file. Raises Refused or Unreadable, and leaves no file behind."""
    with tempfile.TemporaryFile() as answer:
        code = _wait(command(job, path, timeout=timeout, memory=memory), answer, timeout)
        answer.seek(0)
        lines = list(_lines(answer))
    end = lines.pop() if lines else {}
    if "refused" in end:
        raise Refused(end["refused"])
    if "unreadable" in end:
        raise Unreadable(end["unreadable"])
    if code or "done" not in end:
        raise Unreadable(DAMAGED)
    return lines


def command(job: str, path: Path, *, timeout: float = TIMEOUT, memory: int = MEMORY) -> list[str]:
    """The child's command line; -P keeps the current folder out of its imports, -B keeps it from writing."""
    return [sys.executable, "-P", "-B", "-c", START, job, os.fspath(path), str(timeout), str(memory), str(ANSWER)]


def environment() -> dict[str, str]:
    """What the child may know: where the code is, nothing of the settings. One malloc arena keeps its address space small."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {"PYTHONPATH": os.fspath(ROOT), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"}


def _wait(line: list[str], answer: IO[bytes], timeout: float) -> int:
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and code; the file's path is only an argument)
            line,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=environment(),
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        seconds = f"{timeout:g}".replace(".", ",")
        raise Unreadable(
            f"La lecture de ce fichier a été arrêtée au bout de {seconds} secondes : il est trop complexe. Enregistrez-en une version plus simple."
        ) from None
    return done.returncode


def _lines(answer: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Whole JSON objects only: a child stopped while writing leaves half a line, which is not an answer."""
    for line in answer:
        try:
            value = json.loads(line)
        except ValueError:
            return
        if not isinstance(value, dict):
            return
        yield value
