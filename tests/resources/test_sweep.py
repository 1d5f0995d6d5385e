"""What a cut upload leaves is swept away; what a row names, or is still being written, stays."""

import os
import time
from io import StringIO

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from resources.management.commands import sweep_files
from resources.models import Document, DocumentFile
from tests.factories.documents import document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def stored(name: str, *, age: int) -> str:
    kept = default_storage.save(name, ContentFile(b"x"))
    path = settings.MEDIA_ROOT / kept
    os.utime(path, (time.time() - age, time.time() - age))
    return kept


def sweep() -> str:
    out = StringIO()
    call_command("sweep_files", stdout=out)
    return out.getvalue().strip()


def test_sweep_removes_only_old_files_that_nothing_names():
    shown = document("Un document")
    named = stored("documents/nomme", age=7200)
    cover = stored("couvertures/nommee-400.webp", age=7200)
    orphan = stored("documents/orphelin", age=7200)
    young = stored("documents/recent", age=10)
    DocumentFile.objects.create(document=shown, file=named, name="a.pdf")
    Document.objects.filter(pk=shown.pk).update(cover_renditions=[{"name": cover}])
    temporary = settings.FILE_UPLOAD_TEMP_DIR / "coupe.upload"
    temporary.write_bytes(b"x")
    os.utime(temporary, (1, 1))

    assert sweep() == "Fichiers orphelins supprimés : 2."
    assert [default_storage.exists(name) for name in (named, cover, young, orphan)] == [True, True, True, False]
    assert not temporary.exists()
    assert sweep() == "Fichiers orphelins supprimés : 0."


def test_sweep_ignores_a_file_that_went_meanwhile(tmp_path):
    assert sweep_files._remove(tmp_path / "parti") is False
    assert sweep_files._remove_stored("documents/parti") is False
    assert list(sweep_files._below("nulle-part")) == []


def test_sweep_looks_into_folders_and_leaves_what_is_being_written():
    inner = stored("documents/2026/orphelin", age=7200)
    young = settings.FILE_UPLOAD_TEMP_DIR / "en-cours.upload"
    young.write_bytes(b"x")
    assert sweep() == "Fichiers orphelins supprimés\u00a0: 1."
    assert not default_storage.exists(inner)
    assert young.exists()
