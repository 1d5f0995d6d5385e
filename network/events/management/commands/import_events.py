"""Bring events in: `manage.py import_events agenda.ics` or `import_events agenda.xlsx`."""

from trajectoire.core.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Importe des événements d’un calendrier (ICS) ou d’un tableau (CSV, XLSX, ODS)."
    formats = ("calendrier", "evenements")
