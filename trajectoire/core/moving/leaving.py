"""Making the archive: every row as it was at one moment, then the files that these rows name."""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from . import declarations
from .archive import FILES, FOLDER, MANIFEST, PIECE, Manifest, Show, Summed
from .tables import Table, as_line, tables

READMES = [Path(__file__).parent / name for name in ("LISEZMOI.txt", "README.txt")]


def export(path: Path, *, complete: bool, show: Show = lambda words: None) -> Manifest:
    """Write the archive, readable by the account of the site only; `path` exists once it is whole, not before.

    People may write meanwhile. A file that went away since the rows were read is told in `Manifest.missing`.
    """
    draft = path.with_name(f"{path.name}.partiel")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as stream:
            manifest = _write(stream, complete, show)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return manifest


def _write(stream: BinaryIO, complete: bool, show: Show) -> Manifest:
    names: set[str] = set()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for readme in READMES:
            archive.write(readme, readme.name)
        with snapshot():
            manifest = Manifest(timezone.now().isoformat(), settings.SITE_URL, complete, applied_migrations())
            for table in tables(complete=complete):
                show(table.label)
                with archive.open(table.entry, "w", force_zip64=True) as entry:
                    manifest.tables.append(dump(table, entry, names))
        manifest.files = _add_files(archive, sorted(names), manifest.missing, show)
        manifest.left_out = declarations.left_out | ({} if complete else declarations.backups_only)
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read within is of one moment, and nobody waits: SQLite takes no lock, PostgreSQL repeats its reads."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    former = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        connection.transaction_mode = former  # type: ignore[attr-defined]


def applied_migrations() -> list[str]:
    """« app.name », of the apps that an archive holds."""
    held = {table.model._meta.app_label for table in tables(complete=True)}
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations() if app in held)


def dump(table: Table, stream: object, names: set[str] | None = None) -> Summed:
    """Write the rows of a table, one a line; the files that they name are added to `names`."""
    digest, count = hashlib.sha256(), 0
    for row in table.rows():
        line = as_line(row)
        stream.write(line)  # type: ignore[attr-defined]
        digest.update(line)
        count += 1
        if names is not None:
            names.update(table.files(row))
    return Summed(table.entry, count, digest.hexdigest())


def _add_files(archive: zipfile.ZipFile, names: list[str], missing: list[str], show: Show) -> Summed:
    lines = []
    for name in names:
        show(name)
        try:
            found = default_storage.open(name)
        except (OSError, SuspiciousOperation):
            missing.append(name)
            continue
        with found:
            size, sha256 = _add(archive, FOLDER + name, found)
        lines.append(as_line({"name": name, "size": size, "sha256": sha256}))
    text = b"".join(lines)
    archive.writestr(FILES, text)
    return Summed(FILES, len(lines), hashlib.sha256(text).hexdigest())


def _add(archive: zipfile.ZipFile, entry: str, content: IO[bytes] | File[Any]) -> tuple[int, str]:
    """Stored as it is: what people bring is compressed already."""
    digest, size = hashlib.sha256(), 0
    told = zipfile.ZipInfo(entry, timezone.now().timetuple()[:6])
    with archive.open(told, "w", force_zip64=True) as written:
        while piece := content.read(PIECE):
            written.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()
