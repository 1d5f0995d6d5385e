"""The bilan as a report on A4: a tagged PDF in the look of the site (the drawing is in data/report.typ)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from trajectoire.core.pdf import typst_pdf
from trajectoire.core.text import day
from trajectoire.core.typeset import html_to_typst

from . import period
from .asked import EVOLUTION, Bilan
from .reading import ShownGrid, ShownLine

TEMPLATE = Path(__file__).parent / "data" / "report.typ"


def report_pdf(bilan: Bilan) -> bytes:
    """A PDF/UA-1 file."""
    return typst_pdf(TEMPLATE.read_text(encoding="utf-8"), contents(bilan))


def contents(bilan: Bilan) -> dict[str, Any]:
    """What report.typ draws. A number that is hidden is null there, and its word is shown."""
    address = f"{settings.SITE_URL}{reverse('bilan:index')}{period.query(bilan.scope)}"
    return {
        "title": f"{bilan.title}, {bilan.place}",
        "name": bilan.title,
        "place": bilan.place,
        "day": day(timezone.localdate()),
        "closed": bool(bilan.kept and bilan.kept.is_closed),
        "notes": list(bilan.notes),
        "address": address,
        "summary": [_line(one) for one in bilan.summary],
        "parts": [
            {
                "number": part.number,
                "title": part.title,
                "lines": [_line(one) for one in part.lines],
                "grids": [_grid(grid) for grid in part.grids],
            }
            for part in bilan.parts
            if part.slug != EVOLUTION
        ],
        "evolution": [_line(one) for part in bilan.parts if part.slug == EVOLUTION for one in part.lines],
        "stories": [{"title": mission, "body": html_to_typst(text, under=2)} for mission, text in bilan.stories],
    }


def _line(one: ShownLine) -> dict[str, Any]:
    return {
        "label": one.label,
        "definition": one.definition,
        "value": one.value.text,
        "unit": one.unit if one.value.number is not None else "",
        "previous": one.previous.text if one.previous else "",
        "difference": one.difference,
        "target": one.target,
        "corrections": list(one.corrections),
    }


def _grid(grid: ShownGrid) -> dict[str, Any]:
    rows = [
        {"label": label, "cells": [{"text": cell.text, "number": cell.number} for cell in cells]} for label, cells in grid.rows
    ]
    return {"title": grid.title, "definition": grid.definition, "heads": list(grid.heads), "rows": rows, "chart": grid.chart}
