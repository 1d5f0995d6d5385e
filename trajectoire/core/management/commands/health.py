"""Say whether all that the site stands on answers; the exit code is 1 when something does not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from trajectoire.core import health
from trajectoire.core.text import NBSP


class Command(BaseCommand):
    help = "Dit si la base, le cache, les fichiers, la recherche, les tâches, les e-mails et les sauvegardes sont en ordre."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = health.states()
        for state in found:
            mark = "—" if state.ok is None else "✓" if state.ok else "✗"
            self.stdout.write(f"{mark} {state.name}{NBSP}: {state.words}")
        if any(state.ok is False for state in found):
            sys.exit(1)
