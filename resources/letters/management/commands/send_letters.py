"""Send the letters whose hour has come, and stop writing to dead addresses: run it every five minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from resources.letters import sending
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Envoie les lettres dont l’heure est venue. Sans danger à relancer, même interrompue ou plusieurs fois à la fois."

    def handle(self, *args: Any, **options: Any) -> None:
        sent, dead = sending.send_due(), sending.bury()
        self.stdout.write(
            f"{plural(sent, 'lettre envoyée', 'lettres envoyées')}, "
            f"{plural(dead, 'adresse morte mise de côté', 'adresses mortes mises de côté')}."
        )
