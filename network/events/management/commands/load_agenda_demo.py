"""Load the demonstration of the agenda. Run as often as you like; refused in production."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network.events.demo import loader
from network.models import Theme
from trajectoire.core.text import NBSP, plural


class Command(BaseCommand):
    help = "Charge l’agenda de démonstration. Ce que les gens ont modifié est gardé."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(f"La démonstration ne se charge pas en production{NBSP}: ses événements sont imaginaires.")
        if not Theme.objects.exists():
            raise CommandError(f"Il manque les thèmes et les territoires{NBSP}: lancez d’abord la commande load_reference.")
        self.stdout.write(f"Agenda de démonstration{NBSP}: {plural(loader.load(), 'événement', 'événements')}.")
