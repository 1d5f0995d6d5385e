"""Once a week: read every text again, then visit the links they hold."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from trajectoire.core.rereading import checking, gathering
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Relit tous les textes (liens, noms de services disparus), puis visite les liens. À lancer chaque semaine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=5000, help="Nombre de liens visités au plus.")
        parser.add_argument("--no-visit", action="store_true", help="Relire les textes sans visiter les liens.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{plural(gathering.reread_all(), 'texte relu', 'textes relus')}.")
        if not options["no_visit"]:
            visited, dead = checking.visit_all(options["limit"])
            self.stdout.write(f"{plural(visited, 'lien visité', 'liens visités')}, {plural(dead, 'mort', 'morts')}.")
