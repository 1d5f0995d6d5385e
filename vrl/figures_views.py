"""The figures of the plan for partners: by year, level and department, without names, small numbers masked."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network.models import Territory, TerritoryKind
from trajectoire.core.text import spaced_number
from trajectoire.core.views import breadcrumb

from . import figures
from .access import check_reads_figures
from .views import BEGUN_ON
from .vocabulary import Level

COLUMNS = ("sessions", "registered", "present", "complete", "attested", "half_days")


@never_cache
@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """One year (`?annee=`, the current one at first), then the years side by side."""
    check_reads_figures(request.user)
    today = timezone.localdate()
    by_year = figures.of_sessions(BEGUN_ON, today, "year")
    years = sorted({*by_year, today.year}, reverse=True)
    asked = request.GET.get("annee", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else today.year
    first, last = datetime.date(year, 1, 1), min(datetime.date(year, 12, 31), today)
    places = dict(Territory.objects.filter(kind=TerritoryKind.DEPARTMENT).order_by("code").values_list("code", "name"))
    totals = figures.totals(first, last)
    context = {
        "year": year,
        "years": [{"label": str(one), "url": f"{request.path}?annee={one}", "current": one == year} for one in years],
        "figures": [{"label": one.label, "value": figures.shown(one), "definition": one.definition} for one in totals],
        "tables": [
            _table("Par niveau", "Niveau", figures.of_sessions(first, last, "level"), dict(Level.choices)),
            _table("Par département", "Département", figures.of_sessions(first, last, "department"), places),
            _table("Année par année", "Année", by_year, {one: str(one) for one in sorted(by_year)}),
        ],
        "trainers": [
            _trainers("Personnes habilitées, par niveau", "Niveau", figures.trainers_by_level(last), {"n1": "N1", "n2": "N2"}),
            _trainers("Personnes habilitées, par département", "Département", figures.trainers_by_department(last), places),
        ],
        "breadcrumb": breadcrumb(("Valeurs de la République et laïcité", reverse("vrl:index")), ("Chiffres", "")),
    }
    return render(request, "vrl/figures.html", context)


def _table(title: str, head: str, lines: dict[Any, figures.Counts], labels: dict[Any, str]) -> dict[str, Any]:
    """{title, columns, rows: [{label, cells}]}: a row for each label, each column about people masked by itself."""
    empty = dict.fromkeys(COLUMNS, 0)
    rows = [(label, lines.get(key, empty)) for key, label in labels.items()]
    columns = [_column(name, [line[name] for _, line in rows]) for name in COLUMNS]
    cells = zip(*columns, strict=True)
    heads = [head, *(figures.DEFINITIONS[name].label for name in COLUMNS)]
    return {
        "title": title,
        "columns": heads,
        "rows": [{"label": row[0], "cells": cell} for row, cell in zip(rows, cells, strict=True)],
    }


def _column(name: str, values: list[int]) -> list[str]:
    return figures.masked(values) if figures.DEFINITIONS[name].about_people else [spaced_number(value) for value in values]


def _trainers(title: str, head: str, counts: figures.Counts, labels: dict[str, str]) -> dict[str, Any]:
    shown = figures.masked([counts[key] for key in labels])
    rows = [{"label": label, "cells": (cell,)} for label, cell in zip(labels.values(), shown, strict=True)]
    return {"title": title, "columns": [head, figures.DEFINITIONS["trainers"].label], "rows": rows}
