"""Load the models of sessions: run as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand

from trajectoire.core.text import NBSP, plural
from vrl.creating import load_models


class Command(BaseCommand):
    help = "Crée les modèles de session qui manquent. Ce que l’équipe a modifié est gardé."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Modèles de session{NBSP}: {plural(load_models(), 'ajout', 'ajouts')}.")
