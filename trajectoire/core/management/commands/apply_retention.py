"""Erase what has been kept long enough (see /donnees-personnelles/): run it every day."""

import datetime

from django.core.management.base import BaseCommand
from django.utils import timezone

from trajectoire.core.models import ContactMessage

MESSAGES_KEPT = datetime.timedelta(days=365)


class Command(BaseCommand):
    help = "Efface les messages reçus depuis plus d’un an. Sans danger à relancer."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Compter sans rien effacer.")

    def handle(self, *args, **options) -> None:
        old = ContactMessage.objects.filter(sent_at__lt=timezone.now() - MESSAGES_KEPT)
        if options["dry_run"]:
            self.stdout.write(f"Messages à effacer : {old.count()}.")
        else:
            self.stdout.write(f"Messages effacés : {old.delete()[0]}.")
