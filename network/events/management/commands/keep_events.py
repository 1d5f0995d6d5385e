"""Remind, send the links of online meetings, thank, take back the places nobody accepted: run it every five minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from network.events import reminding
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Écrit les rappels, les liens de visioconférence et les remerciements, et fait avancer les listes d’attente."

    def handle(self, *args: Any, **options: Any) -> None:
        done = reminding.keep()
        offers = done.pop("offers")
        self.stdout.write(
            f"{plural(sum(done.values()), 'message écrit', 'messages écrits')}, "
            f"{plural(offers, 'place reprise', 'places reprises')}."
        )
