"""A complete, checked copy of the site while people use it: run it every night."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from trajectoire.core.moving import told
from trajectoire.core.moving.archive import Refused
from trajectoire.core.moving.backups import back_up, default_folder
from trajectoire.core.text import file_size


class Command(BaseCommand):
    help = "Sauvegarde tout le site (base et fichiers) dans une archive vérifiée, et efface les plus anciennes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="Dossier des sauvegardes (BACKUP_DIR par défaut).")
        parser.add_argument("--keep", type=int, default=settings.BACKUP_KEEP, help="Nombre de sauvegardes gardées.")

    def handle(self, *args: Any, folder: Path | None, keep: int, verbosity: int, **options: Any) -> None:
        if keep < 1:
            raise CommandError("Gardez au moins une sauvegarde.")
        folder = folder or default_folder()
        show = told.progress(self.stdout, verbosity)
        try:
            made, missing = back_up(folder, keep=keep, key=settings.BACKUP_KEY, show=show)
        except Refused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"La sauvegarde n’a pas pu être écrite dans « {folder} » : {error.strerror or error}.") from error
        sealed = ", chiffrée" if made.sealed else ""
        self.stdout.write(f"Sauvegarde faite et relue : {folder / made.name} ({file_size(made.size)}{sealed}).")
        self.stdout.write(f"Empreinte du contenu : {made.digest}")
        for sentence in told.missing(missing):
            self.stderr.write(sentence)
