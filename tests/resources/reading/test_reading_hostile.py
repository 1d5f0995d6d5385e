"""FAULTS.md U1, U2, U3, U10: each hostile file is refused in words, in time, within its memory."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from resources.reading import Refused, Unreadable, identify, read_pdf, renditions, sandbox
from tests.hostile import ACCEPTED, HEAVY, REFUSED, Case, images, pdfs

LIMIT = 50_000_000
SMALL_PARENT = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3, stderr=-3, timeout=15);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def peak(job: str, path: Path, timeout: float = 10) -> int:
    """The most memory the child process held, in bytes; measured from a small parent, for a child starts with its parent's peak."""
    line = [sys.executable, "-c", SMALL_PARENT, *sandbox.command(job, path, timeout=timeout)]
    done = subprocess.run(line, env=sandbox.environment(), capture_output=True, check=True)
    return int(done.stdout) * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("case", REFUSED + HEAVY, ids=lambda case: case.id)
def test_hostile_file_is_refused_in_words_in_time(case: Case, tmp_path: Path):
    path = case.write(tmp_path)
    start = time.monotonic()
    with pytest.raises(Refused, match=case.word) as refusal:
        identify(path, case.name, LIMIT)
    assert time.monotonic() - start < 15
    assert refusal.value.reason[0].isupper()
    assert refusal.value.reason.endswith(".")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.id)
def test_odd_but_harmless_file_is_accepted_by_its_content(case: Case, tmp_path: Path):
    assert identify(case.write(tmp_path), "autre nom.xyz", LIMIT).extension == case.name.rpartition(".")[2]


@pytest.mark.parametrize(
    ("job", "make"),
    [
        ("image", images.png_bomb),
        ("image", lambda: images.drawn(7_900, 5_000, "RGBA", "PNG", compress_level=1)),
        ("image", lambda: images.drawn(6_000, 4_900, progressive=True, subsampling=0)),
        ("image", lambda: images.drawn(4_300, 3_000, "RGBA", "WEBP", method=0)),
        ("pdf", pdfs.picture_bomb),
        ("pdf", pdfs.many_pages),
        *(("pdf", case.make) for case in HEAVY),
    ],
)
def test_memory_of_the_child_stays_under_300_mib(job, make, drop):
    assert peak(job, drop(make())) < 300 * 1024 * 1024


def test_memory_limit_is_what_stops_a_bomb(drop):
    """Negative control: with more memory, the same file is read."""
    path = drop(images.drawn(3_500, 2_500, "RGBA", "PNG", compress_level=1))
    with pytest.raises(Unreadable, match=r"trop de pixels|mémoire"):
        renditions(path, memory=60 * 1024 * 1024)
    assert renditions(path)


def test_endless_drawing_is_stopped_by_the_clock(drop):
    start = time.monotonic()
    with pytest.raises(Unreadable, match="1,5 secondes"):
        read_pdf(drop(pdfs.endless_pattern()), timeout=1.5)
    assert time.monotonic() - start < 3


def test_crash_of_the_library_is_an_answer(drop):
    """A page of two thousand million points aborts PDFium."""
    with pytest.raises(Unreadable, match="abîmé"):
        read_pdf(drop(pdfs.huge_page()))
