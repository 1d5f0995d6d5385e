"""ZIP archives sent while they are made: memory holds one file at a time."""

import zipfile
from collections.abc import Iterable, Iterator

from .spreadsheets import Outlet


def write_zip(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The pieces of an archive of (name, content); files are stored as they are: PDFs are compressed already."""
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(name, content)
            yield outlet.taken()
    yield outlet.taken()
