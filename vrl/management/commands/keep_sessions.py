"""Bring each session to what its event says (full, held, to close): run it every five minutes, beside keep_events."""

from typing import Any

from django.core.management.base import BaseCommand

from trajectoire.core.text import plural
from vrl import life


class Command(BaseCommand):
    help = "Fait avancer les sessions du plan : complète, réalisée, à clôturer."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{plural(life.follow_all(), 'session a changé', 'sessions ont changé')} d’étape.")
