"""Load the groups of the staff and their permissions: run as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand

from trajectoire.core.roles import load_roles
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Crée les groupes de l’équipe et leurs droits. Les droits ajoutés à la main sont gardés."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Groupes et droits : {plural(load_roles(), 'ajout', 'ajouts')}.")
