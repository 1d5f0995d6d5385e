"""Documents in a table (CSV, XLSX, ODS): staff says which column is which."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trajectoire.core.importing import Column, Record
from trajectoire.core.importing.rows import records

from . import values
from .mapping import NAMES, every, gather, take

COLUMNS = (
    Column("title", "Titre", ("titre", "title", "intitule", "nom", "titre propre"), required=True),
    Column("subtitle", "Sous-titre", ("sous titre", "complement du titre", "subtitle")),
    Column("type", "Type", ("type de document", "nature", "categorie", "support", "type")),
    Column("authors", "Auteurs et autrices", ("auteur", "auteurs", "auteur(s)", "autrice", "author", "responsabilite")),
    Column("publisher", "Éditeur", ("editeur", "edition", "publisher", "structure", "organisme")),
    Column("date", "Date de parution", ("date", "annee", "date de publication", "date d’edition", "year", "parution")),
    Column("collection", "Collection ou revue", ("collection", "revue", "periodique", "serie")),
    Column("number", "Numéro", ("numero", "n", "no", "num")),
    Column("language", "Langue", ("langue", "language")),
    Column("isbn", "ISBN", ("isbn", "ean", "isbn 13")),
    Column("issn", "ISSN", ("issn",)),
    Column("doi", "DOI", ("doi",)),
    Column("url", "Adresse en ligne", ("url", "lien", "lien url", "adresse web", "site", "lien internet", "link", "en ligne")),
    Column("pages", "Nombre de pages", ("pages", "nb pages", "nombre de pages", "pagination", "importance materielle")),
    Column("summary", "Résumé", ("resume", "description", "abstract", "presentation", "chapeau")),
    Column(
        "subjects", "Thèmes et mots-clés", ("themes", "theme", "thematique", "thematiques", "mots cles", "descripteurs", "tags")
    ),
    Column("territories", "Territoires", ("territoire", "territoires", "commune", "departement", "lieu", "ville")),
    Column("audiences", "Publics", ("public", "publics", "public vise")),
    Column("rights", "Licence", ("licence", "droits", "rights")),
    Column("key", "Identifiant", ("identifiant", "id", "cote", "reference", "numero de notice")),
    Column("address", "Ancienne adresse", ("ancienne adresse", "permalien", "ancienne url", "slug"), help=NAMES["address"]),
)
LISTS = {"authors", "subjects", "territories", "audiences"}
# One row a name: the table of this format is the list of its columns.
TABLE = tuple(every(c.name, c.name) if c.name in LISTS else take(c.name, c.name) for c in COLUMNS)


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    return records(COLUMNS, path, options, _record)


def _record(number: int, cells: Mapping[str, str]) -> Record:
    return values.record(number, gather(TABLE, lambda source: _get(cells, source)))


def _get(cells: Mapping[str, str], source: str) -> list[str]:
    text = cells.get(source, "")
    if source not in LISTS:
        return [text]
    # « Dupont, Ana ; Martin, Léo » as well as « école, sport »: a semicolon or a bar first, else commas for what is not a name.
    parts = re.split(r"\s*[;|\n]\s*", text)
    return re.split(r"\s*,\s*", text) if len(parts) == 1 and source != "authors" else parts
