"""Ask the structures and the people of the directory whether what is said of them is still true: run it every day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from network.directory import confirming
from network.models import Organisation, Person
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Demande une fois par an aux fiches de l’annuaire si elles sont à jour. Sans danger à relancer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, help="Nombre de messages à écrire au plus.")
        parser.add_argument("--dry-run", action="store_true", help="Compter sans rien écrire.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            today = timezone.localdate()
            count = sum(confirming.due(model, today).count() for model in (Organisation, Person))
            self.stdout.write(f"Fiches à faire confirmer : {count}.")
        else:
            self.stdout.write(
                f"Demandes de confirmation : {plural(confirming.ask_all(options['limit']), 'message', 'messages')}."
            )
