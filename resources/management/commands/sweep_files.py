"""Remove what a cut upload may leave: stored files that no row names, temporary files nobody reads any more."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from resources.models import Document, DocumentFile

FOLDERS = ["documents", "couvertures"]
OLDEST_SECONDS = 3600  # an upload still being written is younger


class Command(BaseCommand):
    help = "Supprime les fichiers que plus aucune notice ne mentionne, et les fichiers temporaires oubliés."

    def handle(self, *args, **options) -> None:
        known = set(DocumentFile.objects.values_list("file", flat=True))
        for renditions in Document.objects.exclude(cover_renditions=[]).values_list("cover_renditions", flat=True):
            known |= {rendition["name"] for rendition in renditions}
        stored = [path for folder in FOLDERS for path in (settings.MEDIA_ROOT / folder).rglob("*") if path.is_file()]
        orphans = [path for path in stored if path.relative_to(settings.MEDIA_ROOT).as_posix() not in known]
        orphans += [path for path in settings.FILE_UPLOAD_TEMP_DIR.iterdir() if path.is_file()]
        removed = [path for path in orphans if _remove(path)]
        self.stdout.write(f"Fichiers orphelins supprimés : {len(removed)}.")


def _remove(path: Path) -> bool:
    """Remove an old file; False when it is too young or already gone."""
    try:
        if time.time() - path.stat().st_mtime < OLDEST_SECONDS:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True
