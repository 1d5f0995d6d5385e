"""Load the types of documents and the collections: run as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand

from resources.reference import load_types
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Crée les types de document et les collections qui manquent. Ce que l’équipe a modifié est gardé."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Types de document et collections : {plural(load_types(), 'ajout', 'ajouts')}.")
