"""What an import makes beside the object of a line: redirects, files added to a document. Undoing the line takes it away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models

from .records import ImportLine

BESIDE = "+"  # in ImportLine.before, where no field is called so
# What tells that nobody changed it since.
TELLING = {"core.oldaddress": "target", "resources.documentfile": "title"}


def told(made: Iterable[models.Model]) -> list[list[Any]]:
    """[[model, number, what it says], …], as the database holds them at the end of the record."""
    by_model: dict[type[models.Model], list[Any]] = defaultdict(list)
    for instance in made:
        by_model[type(instance)].append(instance.pk)
    return [[*row] for model, pks in by_model.items() for row in _rows(model, pks)]


def _rows(model: type[models.Model], pks: list[Any]) -> Iterator[tuple[str, Any, Any]]:
    label = model._meta.label_lower
    for pk, value in model._base_manager.filter(pk__in=pks).order_by("pk").values_list("pk", TELLING[label]):
        yield label, pk, value


def take_away(lines: Iterable[ImportLine]) -> None:
    """Delete what these lines made, but for what was changed since."""
    wanted: dict[str, dict[Any, Any]] = defaultdict(dict)
    for line in lines:
        for label, pk, value in line.before.get(BESIDE, ()):
            wanted[label][pk] = value
    for label, values in wanted.items():
        rows = apps.get_model(label)._base_manager.in_bulk(list(values))
        for pk, row in rows.items():
            if getattr(row, TELLING[label]) == values[pk]:
                row.delete()
