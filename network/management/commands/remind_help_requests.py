"""Tell each person in charge which requests for help sleep: run it every day."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.accompaniment import following


class Command(BaseCommand):
    help = "Rappelle les demandes d’accompagnement sans activité depuis deux semaines. Sans danger à relancer."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"Rappels envoyés : {following.remind(timezone.now())}.")
