"""Write the digest of the exchanges between trainers: run it every day, or every week with --days 7."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from trajectoire.core.text import plural
from vrl import digests


class Command(BaseCommand):
    help = "Envoie le résumé des échanges. Sans danger à relancer, même interrompue ou plusieurs fois à la fois."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=int, default=1, help="Jours, au moins, entre deux résumés (1 chaque jour, 7 chaque semaine)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{plural(digests.send_all(options['days']), 'résumé envoyé', 'résumés envoyés')}.")
