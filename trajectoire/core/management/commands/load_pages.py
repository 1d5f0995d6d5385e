"""Load the first texts of the editable pages: run as often as you like."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from trajectoire.core.models import Page
from trajectoire.core.text import plural

DATA = Path(__file__).parents[2] / "data" / "pages.toml"


class Command(BaseCommand):
    help = "Crée les pages du site qui manquent (aide, mentions légales…). Ce que l’équipe a écrit est gardé."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Pages du site : {plural(load(), 'ajout', 'ajouts')}.")


@transaction.atomic
def load() -> int:
    """How many pages were created."""
    texts = tomllib.loads(DATA.read_text(encoding="utf-8"))
    known = set(Page.objects.values_list("slug", flat=True))
    missing = [Page(slug=slug, **fields) for slug, fields in texts.items() if slug not in known]
    for page in missing:
        page.save()
    return len(missing)
