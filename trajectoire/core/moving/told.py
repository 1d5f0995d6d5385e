"""What people read of an archive, in French."""

from typing import Any

from ..text import plural
from .archive import Manifest, Show

SHOWN = 20


def summary(manifest: Manifest) -> str:
    """« 12 tables, 3 400 lignes, 56 fichiers »"""
    counts = (
        (len(manifest.tables), "table", "tables"),
        (manifest.rows, "ligne", "lignes"),
        (manifest.files.count, "fichier", "fichiers"),
    )
    return ", ".join(plural(count, one, many) for count, one, many in counts)


def missing(names: list[str]) -> list[str]:
    """One sentence a file that rows name and that could not be read; the first ones, then how many others."""
    sentences = [f"Fichier introuvable, cité par le contenu : {name}" for name in names[:SHOWN]]
    if len(names) > SHOWN:
        sentences.append(f"… et {plural(len(names) - SHOWN, 'autre', 'autres')}, nommés dans le manifeste de l’archive.")
    return sentences


def progress(stdout: Any, verbosity: int) -> Show:
    """What is being read, on one line of a terminal; nothing elsewhere."""
    if not verbosity or not stdout.isatty():
        return lambda words: None

    def show(words: str) -> None:
        stdout.write(f"\r{words[:78]:<78}\r", ending="")

    return show
