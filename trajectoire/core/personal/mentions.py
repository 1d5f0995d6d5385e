"""An address written anywhere: in a note, a page, an error message. Looked for in every text column of the database."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.html import escape

from .traces import by_hand

INSTEAD = "adresse effacée"
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
TEXTS = (models.CharField, models.TextField, models.JSONField)


def pattern(email: str) -> re.Pattern[str]:
    """The address as itself, not as the end or the beginning of another one; also as HTML writes it."""
    written = "|".join(re.escape(form) for form in {email, escape(email)})
    return re.compile(rf"(?<![\w.+-])(?:{written})(?![\w-]|\.\w)", re.IGNORECASE)


def tables() -> list[type[models.Model]]:
    """Each model that has a table of its own."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]


def text_columns(model: type[models.Model]) -> list[str]:
    return [
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, TEXTS) and not column.choices and not column.primary_key
    ]


def rows_with(model: type[models.Model], words: str) -> Iterator[models.Model]:
    """Rows of which a text column contains these words; JSON is read as text."""
    columns = text_columns(model)
    if not columns:
        return
    casts = {f"text_of_{name}": Cast(name, models.TextField()) for name in columns}
    asked = Q()
    for name in casts:
        asked |= Q(**{f"{name}__icontains": words})
    yield from model._base_manager.alias(**casts).filter(asked).order_by("pk").iterator()


def found(email: str) -> Iterator[tuple[models.Model, dict[str, Any]]]:
    """Each row that mentions the address, with its columns as they would be without it."""
    wanted = pattern(email)
    for model in tables():
        for row in rows_with(model, "@" + email.rpartition("@")[2]):
            if changes := without(row, wanted):
                yield row, changes


def without(row: models.Model, wanted: re.Pattern[str]) -> dict[str, Any]:
    """{column: value without the address}, for the columns that mention it."""
    changes = {}
    for name in text_columns(type(row)):
        column, before = cast(models.Field, row._meta.get_field(name)), getattr(row, name)
        text = json.dumps(before, ensure_ascii=False) if isinstance(column, models.JSONField) else str(before or "")
        if not wanted.search(text):
            continue
        after = wanted.sub(INSTEAD, text)
        if isinstance(column, models.JSONField):
            changes[name] = json.loads(after)
        else:
            changes[name] = "" if isinstance(column, models.EmailField) else after[: column.max_length]
    return changes


def replace(email: str) -> list[str]:
    """Write « adresse effacée » in its place wherever it is left; what staff must mend by hand, in French."""
    told, left = by_hand(), []
    for row, changes in list(found(email)):
        if describe := told.get(row._meta.label):
            left.append(describe(row))
            continue
        for name, after in changes.items():
            setattr(row, name, after)
        row.save(update_fields=list(changes))
    return list(dict.fromkeys(left))


def addresses() -> set[str]:
    """Every e-mail address that the database holds, in lower case."""
    known: set[str] = set()
    for model in tables():
        for row in rows_with(model, "@"):
            for name in text_columns(model):
                known.update(address.lower().rstrip(".") for address in ADDRESS.findall(str(getattr(row, name) or "")))
    return known
