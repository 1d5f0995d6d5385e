"""Erase what has been kept long enough (see /donnees-personnelles/): run it every day."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from trajectoire.core import retention


class Command(BaseCommand):
    help = "Efface ce qui a été conservé assez longtemps. Sans danger à relancer."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Compter sans rien effacer.")

    def handle(self, *args, **options) -> None:
        now = timezone.now()
        for rule in retention.rules():
            if options["dry_run"]:
                self.stdout.write(f"{rule.label} : {rule.old(now).count()} à effacer.")
            else:
                self.stdout.write(f"{rule.label} : {rule.erase(now)} effacés.")
