"""The bilan as spreadsheets (one sheet a part), as one long CSV, and as JSON: the numbers that the page shows, typed."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from trajectoire.core.prose import sentences
from trajectoire.core.spreadsheets import Cell as Written
from trajectoire.core.spreadsheets import Sheet

from . import period
from .asked import Bilan
from .reading import Cell, ShownGrid, ShownLine, ShownPart

LINE_HEADER = ("Chiffre", "Valeur", "Unité", "Un an avant", "Écart", "Cible", "Définition", "Corrections")
CSV_HEADER = ("Partie", "Tableau", "Ligne", "Colonne", "Valeur", "Unité", "Un an avant", "Cible", "Définition")


def sheets(bilan: Bilan) -> list[Sheet]:
    """What it is, then one sheet a part, then what the team tells."""
    found = [Sheet("Bilan", (bilan.title,), [[bilan.place], *([note] for note in bilan.notes)])]
    found += [Sheet(f"{part.number} {part.title}", LINE_HEADER, _part_rows(part)) for part in bilan.parts]
    if bilan.stories:
        found.append(
            Sheet("Récit par mission", ("Mission", "Récit"), [(mission, sentences(text)) for mission, text in bilan.stories])
        )
    return found


def _part_rows(part: ShownPart) -> Iterator[list[Written]]:
    for one in part.lines:
        yield _line_row(one)
    for grid in part.grids:
        yield []
        yield [grid.title, grid.definition]
        yield list(grid.heads)
        for label, cells in grid.rows:
            yield [label, *map(value, cells)]


def _line_row(one: ShownLine) -> list[Written]:
    previous = None if one.previous is None else value(one.previous)
    corrections = " ".join(one.corrections)
    return [one.label, value(one.value), one.unit, previous, one.difference, one.target, one.definition, corrections]


def value(cell: Cell) -> Written:
    """The number, or the word that stands for it."""
    return cell.text if cell.number is None else cell.number


def csv_rows(bilan: Bilan) -> Iterator[list[Written]]:
    """One number a line."""
    for part in bilan.parts:
        for one in part.lines:
            previous = None if one.previous is None else value(one.previous)
            yield [part.title, "", one.label, "", value(one.value), one.unit, previous, one.target, one.definition]
        for grid in part.grids:
            for label, cells in grid.rows:
                for head, cell in zip(grid.heads[1:], cells, strict=True):
                    yield [part.title, grid.title, label, head, value(cell), "", None, "", grid.definition]


def record(bilan: Bilan) -> dict[str, Any]:
    """export.json: see docs/bilan.md. A hidden number is null."""
    scope = bilan.scope
    return {
        "title": bilan.title,
        "from": scope.first.isoformat(),
        "to": scope.last.isoformat(),
        "department": scope.department or None,
        "place": bilan.place,
        "closed_at": bilan.kept.closed_at.isoformat() if bilan.kept and bilan.kept.closed_at else None,
        "notes": list(bilan.notes),
        "url": f"{settings.SITE_URL}{reverse('bilan:index')}{period.query(scope)}",
        "parts": [_part(part) for part in bilan.parts],
        "stories": [{"mission": mission, "html": text} for mission, text in bilan.stories],
    }


def _part(part: ShownPart) -> dict[str, Any]:
    return {
        "name": part.slug,
        "title": part.title,
        "figures": [_figure(one) for one in part.lines],
        "tables": [_table(grid) for grid in part.grids],
    }


def _figure(one: ShownLine) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "definition": one.definition,
        "value": one.value.number,
        "previous": one.previous.number if one.previous else None,
        "target": one.target or None,
        "unit": one.unit,
        "corrections": list(one.corrections),
    }


def _table(grid: ShownGrid) -> dict[str, Any]:
    rows = [{"label": label, "values": [cell.number for cell in cells]} for label, cells in grid.rows]
    return {"name": grid.slug, "title": grid.title, "definition": grid.definition, "heads": list(grid.heads), "rows": rows}
