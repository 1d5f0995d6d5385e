"""A file just brought: kept in its place, looked at, its columns guessed."""

from collections.abc import Mapping
from typing import Any

from ..tables import Unreadable
from . import columns
from .contract import Importer
from .records import ImportRun, forget
from .running import local

LARGEST = 200_000_000  # bytes of what staff brings by the administration; the commands read any file of the server


def receive(importer: Importer, by: Any, choices: dict[str, Any], given: Mapping[str, Any]) -> ImportRun:
    """Keep what was brought: {file or address, pieces}. Raises Unreadable, nothing being kept, when it cannot be read."""
    file, pieces = given.get("file"), given.get("pieces")
    address = str(given.get("address", ""))
    name: str = file.name if file else address
    run = ImportRun(importer=importer.name, name=name[:200], place=address, options=choices, by=by)
    if file:
        run.file.save(name, file, save=False)
    if pieces:
        run.attachments.save(pieces.name, pieces, save=False)
    run.save()
    try:
        _look(run, importer)
    except (Unreadable, OSError):
        forget(run)
        raise
    return run


def _look(run: ImportRun, importer: Importer) -> None:
    """Guess the columns of a table, read the first record of anything else; open the attachments."""
    if importer.from_address:
        return
    with local(run) as path, run.opened_pieces():
        if importer.columns:
            run.mapping = columns.guess(importer.columns, columns.table(path, run.choices).headers)
            run.save(update_fields=["mapping"])
        elif next(iter(importer.read(path, run.choices)), None) is None:
            raise Unreadable("Ce fichier ne contient rien à importer.")
