"""Load the demonstration: documents, PDFs, covers, accounts. Run as often as you like; refused in production."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from network.models import Theme
from resources.demo import accounts
from trajectoire.core.text import NBSP, plural


class Command(BaseCommand):
    help = "Charge les documents et les comptes de démonstration. Ce que les gens ont modifié est gardé."
    stealth_options = ("progress",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", type=int, help="Nombre de PDF faits à la fois (un par processeur sans cette option).")
        parser.add_argument("--accounts", action="store_true", help="Rappelle seulement les comptes de démonstration.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                f"La démonstration ne se charge pas en production{NBSP}: ses comptes ont un mot de passe connu de tous."
            )
        if options["accounts"]:
            self.stdout.write(accounts.reminder())
            return
        if not Theme.objects.exists():
            raise CommandError(f"Il manque les thèmes et les territoires{NBSP}: lancez d’abord la commande load_reference.")
        from resources.demo import loader  # late: typst and Pillow take a while to come

        progress = options.get("progress") or (lambda done, total: None)
        made = loader.load(progress, options["workers"])
        people = accounts.load()
        self.stdout.write(
            f"Démonstration{NBSP}: {plural(made['documents'], 'document', 'documents')}, {plural(made['pdfs'], 'PDF', 'PDF')}, "
            f"{plural(made['covers'], 'image', 'images')}, {plural(people, 'compte', 'comptes')}."
        )
