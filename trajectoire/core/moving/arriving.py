"""Bringing an archive into a new site: all of it, proved by its sums, or nothing."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from ..models import SiteVersion
from ..search.models import SearchChange
from ..text import NBSP
from .archive import FOLDER, NEWER, Archive, Manifest, Refused, Show, Summed, sum_of
from .leaving import applied_migrations, dump
from .tables import BY_NAME, Names, Row, Table, tables

BATCH = 500
OLDER = (
    "Cette archive vient d’une version plus ancienne du site. Installez cette version-là, importez l’archive, puis mettez le "
    "site à jour."
)
WRONG_NAME = "L’archive nomme un fichier hors du dossier du site : elle n’est pas importée."


def bring(path: Path, show: Show = lambda words: None) -> Manifest:
    """Read the archive into this site. Raises Refused, and leaves the site as it was, whatever goes wrong.

    The rows are one transaction: a process killed anywhere leaves no row behind, and files that no row names, which the next
    attempt writes again.
    """
    with Archive(path) as archive:
        refuse_other_version(set(archive.manifest.migrations))
        known = tables(complete=archive.manifest.complete)
        refuse_other_tables(archive.manifest, known)
        refuse_content()
        archive.check(show)
        written = Files(archive)
        try:
            written.write(show)
            with transaction.atomic():
                refuse_content()
                Rows(archive).write(known, show)
                prove(archive.manifest, known, show)
                # Whatever was indexed or remembered of this site is of another content.
                SearchChange.objects.all().delete()
                SiteVersion.bump()
        except BaseException:
            written.remove()
            raise
        return archive.manifest


def refuse_other_version(theirs: set[str]) -> None:
    here = set(applied_migrations())
    known = here | {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}
    if theirs - known:
        raise Refused(NEWER)
    if theirs - here:
        raise Refused(f"La base de ce site n’est pas à jour{NBSP}: lancez d’abord « manage.py migrate ».")
    if here - theirs:
        raise Refused(OLDER)


def refuse_other_tables(manifest: Manifest, known: list[Table]) -> None:
    if {part.name for part in manifest.tables} != {table.entry for table in known}:
        raise Refused(NEWER)


def refuse_content() -> None:
    """Only what a new site has before anybody wrote anything is replaced."""
    counts = ((table, table.model._base_manager.count()) for table in tables(complete=True) if not table.is_given)
    found = [f"{table.model._meta.verbose_name} ({count})" for table, count in counts if count]
    if found:
        raise Refused(
            f"Ce site a déjà du contenu{NBSP}: {', '.join(found[:3])}{'…' if len(found) > 3 else ''}. Une archive s’importe dans "
            "un site neuf, où seuls « migrate » et « prepare --no-demo » ont été lancés."
        )


class Files:
    """The files of an archive, under the very names that rows give them."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.names: list[str] = []

    def write(self, show: Show) -> None:
        """Each is read again once written. Raises Refused."""
        for file in self.archive.files():
            show(file.name)
            try:
                self._write(file)
            except (SuspiciousOperation, ValueError) as error:
                raise Refused(WRONG_NAME) from error
            except OSError as error:
                raise Refused(f"Le fichier « {file.name} » ne peut pas être écrit{NBSP}: {error.strerror or error}.") from error

    def _write(self, file: Summed) -> None:
        if default_storage.exists(file.name):  # left by an attempt that was cut
            default_storage.delete(file.name)
        self.names.append(file.name)
        with self.archive.open(FOLDER + file.name) as stream:
            default_storage.save(file.name, File(stream))
        with default_storage.open(file.name) as written:
            if sum_of(written) != (file.count, file.sha256):
                raise Refused(f"Le fichier « {file.name} » n’est pas relu comme il a été écrit{NBSP}: vérifiez le disque.")

    def remove(self) -> None:
        """As far as the disk lets: no row names them, and the next attempt writes over them."""
        for name in self.names:
            with suppress(OSError):
                default_storage.delete(name)


class Rows:
    """The rows of an archive, written as they were: no default, no date of today, no text cleaned again."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.names = Names()

    def write(self, known: list[Table], show: Show) -> None:
        """Within a transaction: foreign keys are looked at once all is there. Raises Refused."""
        with connection.cursor() as cursor:
            for table in reversed(tables(complete=True)):
                cursor.execute(f"DELETE FROM {quoted(table.model._meta.db_table)}")  # noqa: S608  (a name of ours)
            for table in known:
                show(table.label)
                self._fill(cursor, table)
            try:
                connection.check_constraints()
            except IntegrityError as error:
                raise Refused(f"Des lignes de l’archive en nomment d’autres qui n’y sont pas{NBSP}: {error}") from error
            for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in known]):
                cursor.execute(statement)

    def _fill(self, cursor: Any, table: Table) -> None:
        columns = ", ".join(quoted(str(field.column)) for field in table.fields)
        marks = ", ".join(["%s"] * len(table.fields))
        insert = f"INSERT INTO {quoted(table.model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  (names of ours)
        for first, batch in numbered(self.archive.lines(table.entry)):
            try:
                cursor.executemany(insert, [self._values(table, row) for row in batch])
            except (DatabaseError, ValueError, TypeError, LookupError, AttributeError, ValidationError) as error:
                words = f"lignes {first} à {first + len(batch) - 1} de « {table.entry} »"
                raise Refused(f"La base de ce site refuse les {words}{NBSP}: {' '.join(str(error).split())}") from error

    def _values(self, table: Table, row: Row) -> list[Any]:
        """The values of a row as the database takes them, in the order of the columns."""
        if row.keys() != set(table.columns):
            raise ValueError("les colonnes ne sont pas celles de ce site")
        return [field.get_db_prep_save(self._value(field, row[field.attname]), connection) for field in table.fields]

    def _value(self, field: Any, value: Any) -> Any:
        target = field.remote_field.model if field.remote_field else None
        if value is not None and target in BY_NAME:
            return self.names.key(target, value)
        return field.to_python(value)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def numbered(rows: Iterator[Row]) -> Iterator[tuple[int, list[Row]]]:
    """Batches with the number of their first line."""
    first = 1
    while batch := list(islice(rows, BATCH)):
        yield first, batch
        first += len(batch)


def prove(manifest: Manifest, known: list[Table], show: Show) -> None:
    """Read every row back and compare the sums with those of the archive. Raises Refused."""
    told = {part.name: part for part in manifest.tables}
    for table in known:
        show(table.label)
        if dump(table, Nowhere()) != told[table.entry]:
            raise Refused(f"{table.label} ne rend pas la somme de l’archive une fois importé{NBSP}: rien n’est gardé.")


class Nowhere:
    """A stream that keeps nothing."""

    def write(self, data: bytes) -> None:
        pass
