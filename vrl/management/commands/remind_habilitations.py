"""Remind trainers that their habilitation ends within three months. Once a day; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ... import habilitations


class Command(BaseCommand):
    help = "Prévient une fois les formatrices et formateurs dont l’habilitation prend fin dans trois mois."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{habilitations.remind(timezone.now())} habilitations rappelées.")
