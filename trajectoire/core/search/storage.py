"""Folders of the index: one per database; in it, generations, and a pointer file replaced at once when a new one is ready.

A rebuild writes beside the generation being read: killed at any moment, it leaves the former one in service.
"""

import hashlib
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.files import locks
from django.db import connection

from ..keeping import do_not_keep
from . import schema

POINTER = "current"
APPLY, REBUILD = "apply.lock", "rebuild.lock"
PAUSE = 0.02


class Unavailable(Exception):
    """The index cannot answer; the message says why, in French, for staff. The page that meets it is not kept."""

    def __init__(self, *words: str) -> None:
        super().__init__(*words)
        do_not_keep()


class AwayError(Unavailable):
    """The server of the index does not answer: making the index again would not help."""


class Busy(Exception):
    """Another process holds the lock."""


def root() -> Path:
    """The folder of the index of this database; two databases never share one."""
    given = connection.settings_dict
    name = "|".join(str(given.get(part, "")) for part in ("ENGINE", "HOST", "PORT", "NAME"))
    return Path(settings.SEARCH_INDEX_DIR) / hashlib.sha256(name.encode()).hexdigest()[:12]


def current() -> Path:
    """The generation in service. Raises Unavailable when there is none, or when it has another shape than ours."""
    try:
        name = (root() / POINTER).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable("L’index de recherche n’existe pas encore.") from error
    if not name.startswith(f"{schema.fingerprint()}-") or not name.replace("-", "").isalnum():
        raise Unavailable("L’index de recherche vient d’une autre version du site.")
    return root() / name


def new_generation() -> Path:
    folder = root() / f"{schema.fingerprint()}-{uuid.uuid4().hex[:12]}"
    folder.mkdir(parents=True)
    return folder


def put_in_service(folder: Path) -> None:
    """Point at this generation, then remove the others (a process reading one keeps its open files)."""
    draft = root() / f"{POINTER}.{uuid.uuid4().hex[:8]}"
    draft.write_text(folder.name, "ascii")
    draft.replace(root() / POINTER)
    remove_others(folder.name)


def remove_others(kept: str) -> None:
    """Drop former generations and what a killed rebuild left behind."""
    for path in root().iterdir():
        if path.is_dir() and path.name != kept:
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(f"{POINTER}."):
            path.unlink(missing_ok=True)


def discard(folder: Path) -> None:
    """Drop a generation that is not in service."""
    shutil.rmtree(folder, ignore_errors=True)


def stamp(folder: Path) -> tuple[int, int]:
    """Changes with each commit of the index."""
    try:
        found = (folder / "meta.json").stat()
    except OSError as error:
        raise Unavailable("L’index de recherche a été effacé.") from error
    return found.st_mtime_ns, found.st_ino


@contextmanager
def lock(name: str, wait: float = 0.0) -> Iterator[None]:
    """Hold a lock between processes (released by the system when the process dies). Raises Busy after `wait` seconds."""
    root().mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    with (root() / name).open("a+b") as handle:
        while not locks.lock(handle, locks.LOCK_EX | locks.LOCK_NB):
            if time.monotonic() >= deadline:
                raise Busy(name)
            time.sleep(PAUSE)
        try:
            yield
        finally:
            with suppress(OSError):
                locks.unlock(handle)


@contextmanager
def guarded() -> Iterator[None]:
    """Turn whatever a damaged or unwritable index raises (even a panic of the engine) into Unavailable."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise Unavailable("L’index de recherche est illisible ou ne peut pas être écrit.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Unavailable("L’index de recherche est abîmé.") from error
