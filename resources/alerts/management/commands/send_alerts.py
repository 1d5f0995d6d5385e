"""Write to those who asked for what is new: run it several times a day."""

from typing import Any

from django.core.management.base import BaseCommand

from resources.alerts import digests, subscribing
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Envoie les alertes dont la période est passée. Sans danger à relancer, même interrompue ou plusieurs fois à la fois."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = digests.send_all()
        asked = subscribing.ask_sleepers()
        self.stdout.write(
            f"{plural(outcome.sent, 'personne prévenue', 'personnes prévenues')}, {outcome.nothing} sans nouveauté, "
            f"{outcome.later} au prochain passage ; {plural(asked, 'relance', 'relances')}."
        )
