"""A backup brought back on an empty machine."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from trajectoire.core.moving import sealing
from trajectoire.core.moving.archive import Refused
from trajectoire.core.moving.backups import SEALED


class Command(BaseCommand):
    help = "Restaure une sauvegarde dans un site neuf, prouve que tout y est, et efface à nouveau qui l’avait été depuis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="Fichier fait par la commande backup.")
        parser.add_argument("--identity", type=Path, help="Fichier de la clé secrète, pour une sauvegarde chiffrée.")

    def handle(self, *args: Any, backup: Path, identity: Path | None, verbosity: int, **options: Any) -> None:
        with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
            if backup.suffix == SEALED:
                backup = self.opened(backup, identity, Path(folder))
            call_command("import_site", backup, verbosity=verbosity, stdout=self.stdout, stderr=self.stderr)
        call_command("replay_erasures", stdout=self.stdout)

    def opened(self, backup: Path, identity: Path | None, folder: Path) -> Path:
        if identity is None:
            raise CommandError("Cette sauvegarde est chiffrée : donnez le fichier de la clé secrète avec --identity.")
        plain = folder / backup.stem
        try:
            sealing.unseal(backup, plain, identity)
        except Refused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"La sauvegarde ne peut pas être lue : {error.strerror or error}.") from error
        return plain
