"""Remove what a cut upload may leave: stored files that no row names, temporary files nobody reads any more."""

import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from resources.models import Document, DocumentFile

FOLDERS = ["documents", "couvertures"]
OLDEST_SECONDS = 3600  # an upload still being written is younger


class Command(BaseCommand):
    help = "Supprime les fichiers que plus aucune notice ne mentionne, et les fichiers temporaires oubliés."

    def handle(self, *args, **options) -> None:
        known = set(DocumentFile.objects.values_list("file", flat=True))
        for renditions in Document.objects.exclude(cover_renditions=[]).values_list("cover_renditions", flat=True):
            known |= {rendition["name"] for rendition in renditions}
        orphans = [name for folder in FOLDERS for name in _below(folder) if name not in known]
        removed = sum(_remove_stored(name) for name in orphans)
        removed += sum(_remove(path) for path in settings.FILE_UPLOAD_TEMP_DIR.iterdir() if path.is_file())
        self.stdout.write(f"Fichiers orphelins supprimés : {removed}.")


def _below(folder: str) -> Iterator[str]:
    """The names of the files of a folder of the storage, and of the folders in it."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _below(f"{folder}/{inner}")


def _remove_stored(name: str) -> bool:
    """Remove an old file of the storage; False when it is too young or already gone."""
    try:
        if (timezone.now() - default_storage.get_modified_time(name)).total_seconds() < OLDEST_SECONDS:
            return False
    except FileNotFoundError:
        return False
    default_storage.delete(name)
    return True


def _remove(path: Path) -> bool:
    """Remove an old file; False when it is too young or already gone."""
    try:
        if time.time() - path.stat().st_mtime < OLDEST_SECONDS:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True
