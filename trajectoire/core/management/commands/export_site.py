"""The whole content of the site in one archive, while people use it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from trajectoire.core.moving import told
from trajectoire.core.moving.leaving import export


class Command(BaseCommand):
    help = "Exporte tout le contenu du site : données (JSON Lines), fichiers, sommes de contrôle et mode d’emploi, dans un ZIP."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="Fichier à écrire.")
        parser.add_argument(
            "--complete",
            action="store_true",
            help="Avec les mots de passe chiffrés, les seconds facteurs et les e-mails : pour une sauvegarde, à garder secrète.",
        )

    def handle(self, *args: Any, archive: Path, complete: bool, verbosity: int, **options: Any) -> None:
        try:
            manifest = export(archive, complete=complete, show=told.progress(self.stdout, verbosity))
        except OSError as error:
            raise CommandError(f"« {archive} » ne peut pas être écrit : {error.strerror}.") from error
        self.stdout.write(f"Site exporté : {told.summary(manifest)}.")
        for sentence in told.missing(manifest.missing):
            self.stderr.write(sentence)
        self.stdout.write(f"Empreinte du contenu : {manifest.digest}")
