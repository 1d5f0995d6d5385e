"""Bring an old WordPress site in: its export, and the folder or the ZIP of its files."""

from trajectoire.core.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Reprend un site WordPress : son export XML, avec --pieces le dossier ou le ZIP de ses fichiers (uploads)."
    formats = ("wordpress",)
