"""Load the demonstration of the plan. Run as often as you like; refused in production."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network.models import Theme
from resources.models import DocumentType
from trajectoire.core.text import NBSP, plural
from vrl.demo import bilan, kit, loader, situations


class Command(BaseCommand):
    help = "Charge la démonstration du plan VRL. Ce que les gens ont modifié est gardé."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(f"La démonstration ne se charge pas en production{NBSP}: ses sessions sont imaginaires.")
        if not (Theme.objects.exists() and DocumentType.objects.exists()):
            raise CommandError(f"Il manque les thèmes et les types{NBSP}: lancez d’abord load_reference et load_types.")
        parts, questions, sessions = kit.load(), situations.load(), loader.load()
        years = bilan.load()  # after the sessions: it counts them
        said = [
            plural(sessions, "session", "sessions"),
            plural(parts, "partie du kit", "parties du kit"),
            plural(questions, "situation", "situations"),
            plural(years, "année du bilan", "années du bilan"),
        ]
        self.stdout.write(f"Démonstration du plan{NBSP}: {', '.join(said)}.")
