"""The quartiers prioritaires of 2015, from a CSV file given to the command: code_qp,nom,insee,communes,successeurs."""

import csv
import datetime
import io
from pathlib import Path

from ..models import Generation, TerritoryKind
from ..naming import place_name
from .tables import Place, quarter_fields, rows

COLUMNS = ("code_qp", "nom", "insee", "communes", "successeurs")
FROM, TO = datetime.date(2015, 1, 1), datetime.date(2023, 12, 31)  # décret n° 2014-1750 du 30 décembre 2014


class BadFile(ValueError):
    """A file that cannot be loaded; the message is a French sentence for the person who gave it."""


def read(path: Path) -> tuple[list[Place], dict[str, list[str]]]:
    """The quartiers of the file, and the codes of the successors of each."""
    communes = {row["insee"]: row for row in rows("communes_bfc.csv.gz")}
    current = {row["code_qp"] for row in rows("qpv_bfc_2024.csv")}
    places: list[Place] = []
    successors: dict[str, list[str]] = {}
    for line, row in enumerate(_table(path), start=2):
        code = row["code_qp"]
        inside, after = _codes(row["insee"]), _codes(row["successeurs"])
        if not code or code in successors or code in current:
            raise BadFile(f"Ligne {line} : le code « {code} » manque ou sert déjà. Corrigez-le puis relancez.")
        if not inside or not all(insee in communes for insee in inside):
            raise BadFile(f"Ligne {line} : « {row['insee']} » n’est pas une commune de la région. Corrigez le code INSEE.")
        if unknown := [found for found in after if found not in current]:
            raise BadFile(f"Ligne {line} : le successeur « {unknown[0]} » n’est pas un quartier de 2024. Corrigez-le.")
        fields = quarter_fields(row["nom"], [communes[insee] for insee in inside])
        fields |= {"generation": Generation.Y2015, "valid_from": FROM, "valid_to": TO}
        places.append(Place(code, TerritoryKind.QPV, place_name(row["nom"]), inside[0], fields, communes=frozenset(inside)))
        successors[code] = after
    return places, successors


def _table(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadFile(f"Le fichier « {path} » ne peut pas être ouvert : vérifiez son nom et vos droits.") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"Le fichier « {path} » n’est pas en UTF-8 : enregistrez-le en CSV UTF-8.") from error
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        raise BadFile(f"Il manque la colonne « {missing[0]} ». Colonnes attendues : {', '.join(COLUMNS)}.")
    return [{column: (row[column] or "").strip() for column in COLUMNS} for row in reader]


def _codes(cell: str) -> list[str]:
    """Codes separated by « | » or spaces."""
    return cell.replace("|", " ").split()
