"""A site with a little of everything, and a second, empty, database to move it to."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler

from tests.factories import accounts, directory, documents, events, vrl
from trajectoire.core.models import SiteVersion
from trajectoire.core.moving.archive import MANIFEST
from trajectoire.core.moving.arriving import quoted
from trajectoire.core.moving.leaving import applied_migrations, export
from trajectoire.core.moving.tables import all_models


@pytest.fixture
def site(world):
    """Files, histories, links to oneself and in circles, JSON, decimals, an account, a journal."""
    SiteVersion.bump()
    person = accounts.administrator()
    accounts.documentalist()
    vrl.candidacy()
    made = documents.document("L’école « ouverte » à œuvrer")
    documents.file(made, b"%PDF-1.4 un")
    made.replaced_by = documents.document("Une suite")
    made.cover_renditions = [{"format": "webp", "width": 1, "height": 1, "name": "couvertures/a.webp", "file": "a.webp"}]
    made.save()
    default_storage.save("couvertures/a.webp", ContentFile(b"image"))
    vrl.report(vrl.session(trainers=[vrl.trainer()]))
    events.registration(events.event(), answers={"é": ["à", 1.5, None]})
    directory.initiative(carriers=[directory.organisation()])
    return person


@pytest.fixture
def archive(tmp_path) -> Callable[..., Path]:
    """A function that exports the site."""

    def make(name: str = "site.zip", **options) -> Path:
        export(tmp_path / name, **({"complete": False} | options))
        return tmp_path / name

    return make


def clear() -> None:
    """This site as it would be before its first line, in the test's transaction."""
    with connection.cursor() as cursor:
        for model in reversed(all_models()):
            if model._meta.app_label not in ("contenttypes", "auth"):
                cursor.execute(f"DELETE FROM {quoted(model._meta.db_table)}")


@contextmanager
def other_site(name: str = ":memory:") -> Iterator[None]:
    """An empty site on SQLite, whatever the database of the tests; its storage is the same."""
    applied = [name.split(".") for name in applied_migrations()]
    former, new = connections["default"], ConnectionHandler({"default": sqlite(name)})["default"]
    connections["default"] = new
    try:
        with new.schema_editor() as editor:
            for model in apps.get_models():
                editor.create_model(model)
        recorder = MigrationRecorder(new)
        recorder.ensure_schema()
        for app, name in applied:
            recorder.record_applied(app, name)
        yield
    finally:
        connections["default"] = former
        new.close()


def sqlite(name: str) -> dict:
    options = {"transaction_mode": "IMMEDIATE"}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options, "TIME_ZONE": None}


def changed(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The archive with each part as `change(name, content)` gives it, or without it."""
    copy = path.with_name("autre.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return copy


def forged(path: Path, entry: str, old: bytes, new: bytes) -> Path:
    """The archive with other words in one of its tables, and sums that agree."""
    with zipfile.ZipFile(path) as archive:
        before = archive.read(entry)
    after = before.replace(old, new)
    assert after != before
    sums = [hashlib.sha256(content).hexdigest().encode() for content in (before, after)]

    def change(name: str, content: bytes) -> bytes:
        return after if name == entry else content.replace(*sums) if name == MANIFEST else content

    return changed(path, change)
