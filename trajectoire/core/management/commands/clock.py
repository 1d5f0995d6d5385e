"""Run what the site does by itself at its hours, until it is stopped. See docs/exploitation.md."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from trajectoire.core.clock.running import Clock


class Command(BaseCommand):
    help = "Lance chaque tâche automatique à son heure. À laisser tourner ; sans danger sur plusieurs machines à la fois."

    def handle(self, *args: Any, **options: Any) -> None:
        clock = Clock()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: clock.stop())
        clock.run()
