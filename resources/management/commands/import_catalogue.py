"""Bring a catalogue in: UNIMARC, MARC21, RIS, BibTeX, Zotero, CSL-JSON or a table of documents."""

from trajectoire.core.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Importe les notices d’un catalogue comme documents. Le format est celui du nom du fichier, ou --format."
    formats = ("unimarc", "marc21", "ris", "bibtex", "documents", "zotero", "csl-json")
