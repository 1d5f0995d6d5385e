"""Backups: complete archives in a folder, checked, sealed when a key is given, the oldest deleted (docs/backup.md)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files import locks
from django.db import models
from django.utils import timezone

from . import leaving, sealing
from .archive import Archive, Refused, Show, sum_of

PREFIX, SEALED = "sauvegarde-", ".age"
LATE = datetime.timedelta(days=2)  # a daily task may miss one night


class Backup(models.Model):
    """An archive that was made, read again and kept; the row goes with its file."""

    made_at = models.DateTimeField("faite le", default=timezone.now, db_index=True)
    name = models.CharField("fichier", max_length=100, unique=True)
    size = models.PositiveBigIntegerField("taille")  # bytes
    sha256 = models.CharField("somme SHA-256 du fichier", max_length=64)
    digest = models.CharField("empreinte du contenu", max_length=64)
    sealed = models.BooleanField("chiffrée", default=False)
    missing = models.PositiveIntegerField("fichiers introuvables", default=0)

    class Meta:
        verbose_name = "sauvegarde"
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name


def last() -> Backup | None:
    """The newest good one."""
    return Backup.objects.first()


def days_late(now: datetime.datetime) -> int:
    """Days since the last backup once it is late; 0 before, or when none was ever made."""
    newest = last()
    return (now - newest.made_at).days if newest and now - newest.made_at >= LATE else 0


def back_up(folder: Path, *, keep: int, key: str = "", show: Show = lambda words: None) -> tuple[Backup, list[str]]:
    """Make a backup in `folder`, keep the `keep` newest; the row, and the names of the files that could not be read.

    The archive is read from end to end before it counts, and before anything older is deleted. Raises Refused, OSError.
    """
    recipient = sealing.recipient(key) if key else None
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        for draft in folder.glob(f"{PREFIX}*.brut*"):  # left by a process that was killed
            draft.unlink()
        now = timezone.now()
        path = folder / f"{PREFIX}{now:%Y%m%d-%H%M%S}.zip"
        plain = path.with_name(f"{path.name}.brut")
        try:
            manifest = leaving.export(plain, complete=True, show=show)
            with Archive(plain) as archive:
                archive.check(show)
            if recipient:
                path = path.with_name(f"{path.name}{SEALED}")
                sealing.seal(plain, path, recipient)
            else:
                plain.replace(path)
        finally:
            plain.unlink(missing_ok=True)
        made = _noted(path, now, manifest.digest, sealed=bool(recipient), missing=len(manifest.missing))
        _rotate(folder, keep)
    return made, manifest.missing


def _noted(path: Path, now: datetime.datetime, digest: str, *, sealed: bool, missing: int) -> Backup:
    with path.open("rb") as stream:
        size, sha256 = sum_of(stream)
    facts = {"made_at": now, "size": size, "sha256": sha256, "digest": digest, "sealed": sealed, "missing": missing}
    return Backup.objects.update_or_create(name=path.name, defaults=facts)[0]


def _rotate(folder: Path, keep: int) -> None:
    """Only what this command wrote is deleted; names sort like moments."""
    found = sorted((path for path in folder.glob(f"{PREFIX}*.zip*") if path.suffix in (".zip", SEALED)), reverse=True)
    for path in found[keep:]:
        path.unlink()
    Backup.objects.exclude(name__in=[path.name for path in found[:keep]]).delete()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder; the system ends the turn of a process that dies. Raises Refused."""
    with (folder / "verrou").open("w") as turn:
        if not locks.lock(turn, locks.LOCK_EX | locks.LOCK_NB):
            raise Refused("Une sauvegarde est déjà en cours dans ce dossier : attendez qu’elle se termine.")
        yield


def default_folder() -> Path:
    return Path(settings.BACKUP_DIR)
