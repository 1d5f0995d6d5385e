"""One command to bring a site up to date; nothing to do the second time."""

import io
import json
import time

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from network.models import Theme
from resources.demo import pictures, texts
from resources.models import Document, DocumentType
from trajectoire.core import search
from trajectoire.core.management.commands import prepare
from trajectoire.core.models import Page, User


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def said(**options) -> str:
    out = options.pop("stdout", io.StringIO())
    call_command("prepare", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _small_demo(settings, tmp_path, monkeypatch):
    """One document where the demonstration has more than a hundred."""
    settings.VAR_DIR = tmp_path
    folder = tmp_path / "documents"
    folder.mkdir()
    source = texts.DOCUMENTS / "note-employeurs-adultes-relais.toml"
    (folder / source.name).write_text("pdf = true\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(texts, "DOCUMENTS", folder)
    monkeypatch.setattr(pictures, "PICTURES", {})


@pytest.mark.django_db(transaction=True)
def test_everything_is_prepared_then_left_alone():
    out = said(stdout=Terminal())
    assert [title for title, _ in prepare.STEPS if title not in out] == []
    assert "PDF 1/1" in out
    assert "Index de recherche…" in out
    assert "admin@example.org" in out
    assert Document.objects.get(kit_part=None).files.count() == 1
    assert search.health().ok
    start = time.monotonic()
    out = said()
    assert time.monotonic() - start < 1.5
    assert "…" not in out
    assert "admin@example.org" in out


def test_progress_is_for_terminals_only():
    quiet = io.StringIO()
    prepare.Command(stdout=quiet).show(1, 2)
    assert quiet.getvalue() == ""


def test_site_without_demonstration(db):
    out = said(no_demo=True)
    assert Theme.objects.exists()
    assert DocumentType.objects.exists()
    assert Page.objects.exists()
    assert not Document.objects.exists()
    assert not User.objects.exists()
    assert "@" not in out


def test_changed_data_are_loaded_again(db, settings):
    said(no_demo=True)
    Page.objects.filter(slug="aide").delete()
    assert "Pages du site" not in said(no_demo=True)
    stamp = settings.VAR_DIR / "prepared.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"files": "other"}))
    assert "Pages du site" in said(no_demo=True)
    assert Page.objects.filter(slug="aide").exists()
    stamp.write_text("{")  # damaged
    assert "Pages du site" in said(no_demo=True)


def test_stamp_follows_the_files_the_database_and_the_demonstration(db, settings, tmp_path):
    with_demo, without = prepare.fingerprint(True), prepare.fingerprint(False)
    assert with_demo != without
    assert with_demo["files"] == without["files"]
    settings.BASE_DIR = tmp_path
    assert prepare.fingerprint(True)["files"] != with_demo["files"]


@pytest.mark.django_db(transaction=True)
def test_waiting_migration_is_seen(settings):
    settings.MIGRATION_MODULES = {}  # the tables of the tests may have been made without them
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in set(MigrationLoader(connection).disk_migrations) - set(recorder.applied_migrations()):
        recorder.record_applied(app, name)
    assert not prepare.migrations_wait()
    with transaction.atomic():
        recorder.migration_qs.filter(app="vrl").delete()
        recorder.migration_qs.filter(app="resources").delete()
        assert prepare.migrations_wait()
        transaction.set_rollback(True)


def test_unsafe_production_is_refused(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(SystemCheckError, match="trajectoire"):
        said()
    assert not Theme.objects.exists()
