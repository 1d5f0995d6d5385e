"""Bring requests to what became of their sessions, and remind the team of those that sleep. Once a day; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ... import requesting


class Command(BaseCommand):
    help = "Fait suivre les demandes de formation et rappelle à l’équipe celles qui dorment."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        moved, asleep = requesting.follow(), requesting.remind(now)
        self.stdout.write(f"{moved} demandes avancées, {asleep} rappelées.")
