"""The files of imports that name somebody: for the copy and the erasure of what is known of a person."""

import re
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db import transaction

from .. import tables
from ..personal import mentions
from .records import ImportRun

PIECE = 1_000_000  # bytes read at once
LONGEST = 600  # of an address as a file may write it: two pieces overlap by as much


def files_with(email: str) -> Iterator[ImportRun]:
    """The runs whose file holds the address."""
    wanted = mentions.pattern(email)
    for run in ImportRun.objects.exclude(file="").order_by("pk"):
        try:
            if _holds(run, wanted):
                yield run
        except (tables.Unreadable, OSError):
            continue


def _holds(run: ImportRun, wanted: re.Pattern[str]) -> bool:
    with default_storage.open(str(run.file.name)) as stored:
        start = stored.read(4)
        stored.seek(0)
        if start == b"PK\x03\x04":  # a spreadsheet: its text is packed
            return any(wanted.search(cell) for _, cells in tables.read(run.name, stored.read()).lines for cell in cells)
        last = ""
        while piece := stored.read(PIECE).decode("latin-1"):
            if wanted.search(last + piece):
                return True
            last = piece[-LONGEST:]
    return False


def erase_file(run: ImportRun) -> None:
    """The report stays, without the address; the file goes, whole."""
    name = str(run.file.name)
    ImportRun.objects.filter(pk=run.pk).update(file="")
    transaction.on_commit(lambda: default_storage.delete(name))
