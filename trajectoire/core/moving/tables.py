"""The tables of an archive, in the order of what they depend on, and their rows as lines of JSON.

The same content gives the same bytes on SQLite and on PostgreSQL: their sums are compared.
"""

import datetime
import decimal
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import F, OrderBy
from django.db.models.functions import Collate

from . import declarations

OURS = ("trajectoire", "network", "resources", "vrl")
CHUNK = 1_000
Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A model as an archive holds it; `complete` archives hold the secrets too."""

    model: type[models.Model]
    complete: bool

    @cached_property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def entry(self) -> str:
        return f"donnees/{self.label}.jsonl"

    @cached_property
    def fields(self) -> list[models.Field]:
        return list(self.model._meta.concrete_fields)

    @property
    def columns(self) -> list[str]:
        return [field.attname for field in self.fields]

    @property
    def is_given(self) -> bool:
        """Whether a new site has rows of it before anybody wrote anything."""
        owner: Any = self.model._meta.auto_created or getattr(self.model, "instance_type", self.model)  # a link, a history
        return owner._meta.label in declarations.given

    def rows(self) -> Iterator[Row]:
        """Each row, by its key; reads CHUNK rows at a time."""
        found = self.model._base_manager.order_by(self._order()).values_list(*self.columns)
        names = Names()
        columns = [(field, self._instead(field)) for field in self.fields]
        for row in found.iterator(chunk_size=CHUNK):
            yield {
                field.attname: names.of(field, value) if instead is KEEP else instead
                for (field, instead), value in zip(columns, row, strict=True)
            }

    def _order(self) -> OrderBy:
        """Numbers sort alike everywhere; letters only when told to."""
        key = self.model._meta.pk
        if isinstance(key, models.CharField):
            return Collate(F(key.attname), "BINARY" if connection.vendor == "sqlite" else "C").asc()
        return F("pk").asc()

    def _instead(self, field: models.Field) -> Any:
        """What stands in the place of a value that must not leave; KEEP when it may."""
        if not self.complete and (self.label, field.attname) in declarations.secrets:
            return declarations.secrets[self.label, field.attname]
        target = field.remote_field.model if field.remote_field else None
        hidden = target and target not in BY_NAME and not is_taken(target, complete=self.complete)
        return None if hidden else KEEP

    def files(self, row: Row) -> Iterator[str]:
        """The names, in the storage, of the files that this row speaks of."""
        for field in self.file_fields:
            if row[field.attname]:
                yield row[field.attname]
        for column, names in self.file_columns:
            yield from names(row[column])

    @cached_property
    def file_fields(self) -> list[models.Field]:
        return [field for field in self.fields if isinstance(field, models.FileField)]

    @cached_property
    def file_columns(self) -> list[tuple[str, declarations.Names]]:
        found = declarations.file_columns.items()
        return [(column, names) for (label, column), names in found if label == self.label]


KEEP = object()
# Made by each site for itself, under other numbers: rows name them in words.
BY_NAME = (ContentType, Permission)


class Names:
    """Rows of `BY_NAME` by their words, « core.page » or « core.page.view_page », and back."""

    def __init__(self) -> None:
        self._words: dict[tuple[type, Any], str] = {}
        self._keys: dict[tuple[type, str], Any] = {}

    def of(self, field: models.Field, value: Any) -> Any:
        target = field.remote_field.model if field.remote_field else None
        if value is None or target not in BY_NAME:
            return value
        if (target, value) not in self._words:
            self._words[target, value] = self._named(target, value)
        return self._words[target, value]

    def key(self, target: type[models.Model], words: str) -> Any:
        """Made when this site has it not: rights on what a former version held, for example."""
        if (target, words) not in self._keys:
            app, model, *codename = words.split(".")
            kind, _ = ContentType.objects.get_or_create(app_label=app, model=model)
            found: models.Model = kind
            if target is Permission:
                given = {"name": codename[0]}
                found, _ = Permission.objects.get_or_create(content_type=kind, codename=codename[0], defaults=given)
            self._keys[target, words] = found.pk
        return self._keys[target, words]

    @staticmethod
    def _named(target: type[models.Model], pk: Any) -> str:
        if target is ContentType:
            return ".".join(ContentType.objects.filter(pk=pk).values_list("app_label", "model").get())
        columns = ("content_type__app_label", "content_type__model", "codename")
        return ".".join(Permission.objects.filter(pk=pk).values_list(*columns).get())


def is_ours(model: type[models.Model]) -> bool:
    return model.__module__.split(".")[0] in OURS


def is_taken(model: type[models.Model], *, complete: bool) -> bool:
    """Whether archives of this form hold this model; what links two models follows the one that declares the link."""
    owner: Any = model._meta.auto_created or model  # the stubs say « True »
    label = owner._meta.label
    if label in declarations.left_out:
        return False
    if label in declarations.backups_only:
        return complete
    return is_ours(owner) or label in declarations.taken


def all_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]


def tables(*, complete: bool) -> list[Table]:
    """In the order of what they depend on; in a circle, in the order of the models."""
    chosen = [model for model in all_models() if is_taken(model, complete=complete)]
    ordered: dict[type[models.Model], None] = {}
    seen: set[type[models.Model]] = set()

    def place(model: type[models.Model]) -> None:
        if model in seen or model not in chosen:
            return
        seen.add(model)
        for field in model._meta.concrete_fields:
            if field.remote_field and getattr(field, "db_constraint", False):
                place(field.remote_field.model)
        ordered[model] = None

    for model in chosen:
        place(model)
    return [Table(model, complete) for model in ordered]


def as_line(row: Row) -> bytes:
    """Keys are sorted within values too: PostgreSQL keeps those of a JSON column in an order of its own."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode() + b"\n"


def _plain(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    raise TypeError(type(value))
