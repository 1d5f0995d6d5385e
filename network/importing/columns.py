"""The columns that a table of structures may have, and how their titles are recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trajectoire.core.text import fold


@dataclass(frozen=True)
class Column:
    """`words`: titles met in real files, folded."""

    name: str
    label: str
    words: tuple[str, ...]


COLUMNS = (
    Column("name", "Nom", ("nom", "raison sociale", "raison_sociale", "denomination", "structure", "organisme", "organisation")),
    Column("siret", "SIRET", ("siret", "n siret", "numero siret", "no siret")),
    Column("kind", "Nature", ("nature", "type", "categorie", "type de structure")),
    Column("department", "Département", ("departement", "dep", "dpt", "code departement")),
    Column(
        "place", "Commune ou quartier", ("commune", "ville", "territoire", "localite", "code postal", "cp", "insee", "quartier")
    ),
    Column("contracts", "Contrats de ville", ("contrats de ville", "contrats_de_ville", "contrat de ville", "contrat")),
    Column("summary", "Présentation courte", ("presentation", "description", "resume", "activite", "objet")),
    Column("email", "Adresse e-mail", ("e mail", "e-mail", "email", "mail", "courriel", "adresse e-mail", "adresse mail")),
    Column("phone", "Téléphone", ("telephone", "tel", "tel.")),
    Column("website", "Site internet", ("site", "site internet", "site web", "web", "url")),
    Column("address", "Adresse postale", ("adresse", "adresse postale")),
    Column("themes", "Thèmes", ("themes", "theme", "thematique", "thematiques")),
    Column("former_names", "Anciens noms", ("anciens noms", "ancien nom", "autres noms", "sigle")),
    Column("sources", "Source", ("source", "sources")),
)
LABELS = {column.name: column.label for column in COLUMNS}


def guess(headers: Sequence[str]) -> dict[str, int]:
    """{name of ours: position in the file}, from titles that are known, each used once."""
    folded = [" ".join(fold(header).replace("_", " ").replace("°", "").split()) for header in headers]
    found: dict[str, int] = {}
    for column in COLUMNS:
        words = {word.replace("_", " ") for word in column.words}
        place = next((n for n, header in enumerate(folded) if header in words and n not in found.values()), None)
        if place is not None:
            found[column.name] = place
    return found


def values(cells: Sequence[str], mapping: Mapping[str, int]) -> dict[str, str]:
    """The cells of a line by our names; a cell that the line does not have is empty."""
    return {column.name: _cell(cells, mapping.get(column.name)) for column in COLUMNS}


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""
