"""Bring a table in: `manage.py import_table structures.xlsx --format structures --essai`."""

from trajectoire.core.importing import Importer, registered
from trajectoire.core.importing.command import CommandError, ImportCommand


class Command(ImportCommand):
    help = "Importe un tableau (CSV, XLSX, ODS) : structures, événements, inscriptions, formatrices et formateurs…"
    formats = tuple(importer.name for importer in registered() if importer.columns)

    def _format(self, place: str, name: str | None) -> Importer:
        """Nothing in the name of a table says what it holds."""
        if not name:
            raise CommandError(f"Dites ce que contient le tableau : --format, puis {', '.join(self.formats)}.")
        return super()._format(place, name)
