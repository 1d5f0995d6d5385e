"""Build the search index again from the database."""

import time

from django.core.management.base import BaseCommand, CommandError, CommandParser

from trajectoire.core import search
from trajectoire.core.text import plural

WIDTH = 30


class Command(BaseCommand):
    help = "Reconstruit l’index de recherche à partir de la base de données, sans interrompre la recherche."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", type=int, default=1, help="Nombre de processus qui lisent la base (1 par défaut).")
        parser.add_argument("--if-needed", action="store_true", help="Ne fait rien si l’index est en état de servir.")

    def handle(self, *args, workers: int, if_needed: bool, verbosity: int, **options) -> None:
        if if_needed and search.health().ok:
            self.stdout.write("L’index de recherche est déjà en service.")
            return
        start = time.monotonic()
        try:
            done = search.rebuild(self.show if verbosity else None, workers=max(1, workers), wait=1.0)
        except search.Busy as error:
            raise CommandError("Une autre reconstruction est en cours : attendez qu’elle se termine.") from error
        except search.Unavailable as error:
            raise CommandError(f"{error} Vérifiez les droits et la place du dossier de l’index.") from error
        took = f"{time.monotonic() - start:.1f}".replace(".", ",")
        self.stdout.write(f"Index de recherche reconstruit : {plural(done, 'objet', 'objets')} en {took} s.")

    def show(self, done: int, total: int) -> None:
        """A bar on one line of a terminal; nothing elsewhere (logs)."""
        if self.stdout.isatty():
            filled = WIDTH * done // max(total, 1)
            self.stdout.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total}", ending="" if done < total else "\n")
