"""The child process: reads one file for `sandbox.run`, within limits it sets itself first. Imports neither Django nor any setting."""

import json
import math
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from .errors import Refused, Unreadable
from .sandbox import DAMAGED

try:
    import resource
except ImportError:  # Windows: only the parent's time limit holds
    resource = None  # type: ignore[assignment]

Line = dict[str, Any]

# job → module and function, imported only when asked: Pillow and PDFium are slow to load
JOBS = {
    "pdf": ("pdf", "read"),
    "pdf-check": ("pdf", "check"),
    "image": ("images", "read"),
    "image-check": ("images", "check"),
    "office": ("office", "read"),
}


def main(argv: list[str] | None = None) -> None:
    """job, path, seconds, bytes of memory, bytes of answer."""
    job, path, seconds, memory, size = argv or sys.argv[1:]
    limit(seconds=float(seconds), memory=int(memory), answer=int(size))
    module, function = JOBS[job]
    read: Callable[[Path, float], Iterator[Line]] = getattr(import_module(f".{module}", __package__), function)
    for line in answers(lambda: read(Path(path), float(seconds))):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def answers(read: Callable[[], Iterator[Line]]) -> Iterator[Line]:
    """The lines of the reading, then how it ended. Whatever goes wrong is an answer, never a traceback."""
    try:
        yield from read()
    except Unreadable as failure:
        yield {"unreadable": failure.reason}
    except Refused as refusal:
        yield {"refused": refusal.reason}
    except Exception:  # MemoryError, or whatever a decoder raises: the file is not readable here
        yield {"unreadable": DAMAGED}
    else:
        yield {"done": True}


def limit(*, seconds: float, memory: int, answer: int) -> None:
    """No more memory, processor time or output than said, and no core dump."""
    if resource is None:
        return
    _set("RLIMIT_CORE", 0)
    _set("RLIMIT_FSIZE", answer)
    _set("RLIMIT_CPU", math.ceil(seconds) + 1)  # when the parent is no longer there to stop it
    _set("RLIMIT_AS", memory)


def _set(name: str, value: int) -> None:
    try:
        resource.setrlimit(getattr(resource, name), (value, value))
    except (ValueError, OSError):  # macOS refuses some limits of memory: the time limit holds there
        return
