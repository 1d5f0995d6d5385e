"""Bring structures in from a CSV, XLSX or ODS file: `import_organisations file.csv --source "…" [--dry-run]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from network.importing.columns import LABELS, guess
from network.importing.planning import SAME, plan
from network.importing.writing import carry_out
from trajectoire.core import tables


class Command(BaseCommand):
    help = "Importe des structures dans l’annuaire. Lancée deux fois, elle ne change rien la seconde."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="D’où vient le fichier, avec sa date : noté sur chaque structure.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Montrer ce qui serait fait, ligne par ligne, sans rien écrire."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table = tables.read(options["file"].name, options["file"].read_bytes())
        except (OSError, tables.Unreadable) as error:
            raise CommandError(str(error)) from error
        mapping = guess(table.headers)
        if "name" not in mapping:
            raise CommandError(f"Aucune colonne ne ressemble à un nom. Colonnes du fichier : {', '.join(table.headers)}.")
        for name, place in mapping.items():
            self.stdout.write(f"  {table.headers[place]} → {LABELS[name]}")
        made = plan(table, mapping, [options["source"]] if options["source"] else [])
        for line in made.lines:
            if line.notes or (options["dry_run"] and line.action != SAME):
                self.stdout.write(f"ligne {line.number}, {line.name} : {line.action}. {' '.join(line.notes)}".rstrip())
        if not options["dry_run"]:
            carry_out(made)
        self.stdout.write(", ".join(f"{count} {action}{'s' if count > 1 else ''}" for action, count in made.counts.items()) + ".")
