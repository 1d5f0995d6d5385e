"""After restoring a backup: erase again the people who were erased since it was made."""

from django.core.management.base import BaseCommand

from trajectoire.core.personal import person
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Efface à nouveau les personnes effacées depuis la sauvegarde restaurée. Sans danger à relancer."

    def handle(self, *args, **options) -> None:
        count = person.replay()
        self.stdout.write(f"{plural(count, 'personne effacée à nouveau', 'personnes effacées à nouveau')}.")
