"""The CSV of Zotero: its titles never change, in English, whatever the language of the software."""

import csv
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from trajectoire.core.importing import Record, Unreadable

from . import values
from .mapping import every, gather, take
from .text import LONGEST, lines

TABLE = (
    take("key", "Key"),
    take("title", "Title"),
    every("authors", "Author", "Editor", "Series Editor", "Translator", "Contributor"),
    take("publisher", "Publisher"),
    take("date", "Date", "Publication Year"),
    every("type", "Type", "Item Type"),
    take("collection", "Series", "Publication Title", "Series Title"),
    take("number", "Series Number", "Number", "Issue", "Volume"),
    take("language", "Language"),
    every("isbn", "ISBN"),
    every("issn", "ISSN"),
    every("doi", "DOI", "Extra"),
    every("url", "Url"),
    take("pages", "Num Pages"),
    take("summary", "Abstract Note"),
    every("subjects", "Manual Tags", "Automatic Tags"),
    take("event_note", "Conference Name", "Meeting Name"),
    take("rights", "Rights"),
)
LISTS = {"Author", "Editor", "Series Editor", "Translator", "Contributor", "Manual Tags", "Automatic Tags"}
DELIMITERS = ",;\t"
NOT_ZOTERO = (
    "Ce fichier n’est pas un CSV de Zotero : ses colonnes « Key », « Item Type » et « Title » manquent. "
    "Si ses titres ont été changés, choisissez « Documents, en tableau »."
)
NEEDED = {"Key", "Item Type", "Title"}


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    csv.field_size_limit(LONGEST)
    content = lines(path)
    titles = next(content, "")
    # Commas, as Zotero writes it; Excel in French puts semicolons when the file is saved again.
    reader = csv.DictReader(chain([titles], content), restval="", restkey="", delimiter=max(DELIMITERS, key=titles.count))
    if not set(reader.fieldnames or ()) >= NEEDED:
        raise Unreadable(NOT_ZOTERO)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield values.refused(
                number, "Cette ligne n’est pas lisible : une case démesurée, ou un guillemet qui n’est pas fermé."
            )
            continue
        yield values.record(number, gather(TABLE, lambda source, row=row: _get(row, source)))  # type: ignore[misc]


def _get(row: Mapping[str, str], source: str) -> list[str]:
    text = (row.get(source) or "").strip()
    return [part.strip() for part in text.split(";")] if source in LISTS else [text]
