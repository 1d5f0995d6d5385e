"""Load the bank of questions of the questionnaires: run as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand

from network.events.questionnaires import load_bank
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Crée les questions de la banque qui manquent. Ce que l’équipe a modifié est gardé."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Questions de la banque : {plural(load_bank(), 'ajout', 'ajouts')}.")
