"""An archive of export_site brought into a new site."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from trajectoire.core.moving import told
from trajectoire.core.moving.archive import Refused
from trajectoire.core.moving.arriving import bring


class Command(BaseCommand):
    help = "Importe dans un site neuf une archive faite par export_site, et prouve par les sommes que tout y est. Tout ou rien."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="Archive faite par export_site.")

    def handle(self, *args: Any, archive: Path, verbosity: int, **options: Any) -> None:
        try:
            manifest = bring(archive, told.progress(self.stdout, verbosity))
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Site importé, sommes identiques : {told.summary(manifest)}.")
        for sentence in told.missing(manifest.missing):
            self.stderr.write(sentence)
        self.stdout.write(f"Empreinte du contenu : {manifest.digest}")
        call_command("rebuild_index", verbosity=0, stdout=self.stdout)
