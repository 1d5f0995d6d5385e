"""ZIP archives sent while they are made: memory holds one file at a time, or a part of one."""

import datetime
import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from .spreadsheets import Outlet


def write_zip(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The pieces of an archive of (name, content); files are stored as they are: PDFs are compressed already."""
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(name, content)
            yield outlet.taken()
    yield outlet.taken()


class Stored(NamedTuple):
    """A file to put in a `FixedArchive`: `mark` changes when its content does, `open` gives its bytes."""

    name: str
    size: int
    mark: str
    moment: datetime.datetime
    open: Callable[[], BinaryIO]


class FixedArchive:
    """The same files always give the same bytes: a download that was cut is taken up where it stopped.

    Entries are stored as they are, their sums after them: the length is known before a byte is read, and a part is made by
    leaving out what stands before it. Memory holds `CHUNK` bytes. For files under 4 GiB in all.
    """

    CHUNK = 256 * 1024
    # Bytes beside the content, for each file and for the whole: APPNOTE.TXT, 4.3.7, 4.3.9, 4.3.12 and 4.3.16.
    BEFORE, AFTER, LISTED, END = 30, 16, 46, 22

    def __init__(self, files: Sequence[Stored]) -> None:
        self.files = files

    @property
    def length(self) -> int:
        beside = self.BEFORE + self.AFTER + self.LISTED
        return self.END + sum(beside + file.size + 2 * len(file.name.encode()) for file in self.files)

    @property
    def etag(self) -> str:
        told = "\0".join(f"{file.name}\0{file.size}\0{file.mark}\0{file.moment.isoformat()}" for file in self.files)
        return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'

    def pieces(self) -> Iterator[bytes]:
        outlet = Outlet()
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
            for file in self.files:
                entry = zipfile.ZipInfo(file.name, file.moment.timetuple()[:6])
                entry.file_size = file.size
                with file.open() as content, archive.open(entry, "w") as written:
                    while chunk := content.read(self.CHUNK):
                        written.write(chunk)
                        yield outlet.taken()
        yield outlet.taken()

    def part(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to `end`, both included."""
        pieces, at = self.pieces(), 0
        while at <= end:
            piece = next(pieces)
            if at + len(piece) > start:
                yield piece[max(start - at, 0) : end + 1 - at]
            at += len(piece)
