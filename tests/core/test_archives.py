"""ZIP archives that are sent while they are made."""

import io
import zipfile

from trajectoire.core.archives import write_zip


def test_archive_is_read_by_anyone():
    pieces = list(write_zip([("un.pdf", b"1" * 5_000), ("été.pdf", b"2")]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    assert archive.namelist() == ["un.pdf", "été.pdf"]
    assert archive.read("un.pdf") == b"1" * 5_000


def test_each_file_leaves_before_the_next_one_is_made():
    made = []

    def files():
        for number in range(3):
            made.append(number)
            yield f"{number}.pdf", b"x" * 100

    pieces = write_zip(files())
    assert b"x" * 100 in next(pieces)
    assert made == [0]


def test_no_file_makes_an_empty_archive():
    assert zipfile.ZipFile(io.BytesIO(b"".join(write_zip([])))).namelist() == []
