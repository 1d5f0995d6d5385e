"""Whether someone touched, since, what an import made or completed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max


def mark_of(instance: models.Model) -> str:
    """What changes when someone edits the object: its version, for what has one, else a fingerprint of its columns."""
    version = getattr(instance, "version", None)
    if isinstance(version, int):
        return f"v{version}"
    columns = [field for field in instance._meta.concrete_fields if not getattr(field, "auto_now", False)]
    told = "\0".join(f"{field.name}={field.value_to_string(instance)}" for field in columns)
    return hashlib.sha256(told.encode()).hexdigest()


def values_of(instance: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """{field: what it holds, as JSON}; what is no field is left out. Of an object as stored."""
    held: dict[str, Any] = {}
    for field in _fields(instance, names):
        if field.many_to_many:
            held[field.name] = sorted(getattr(instance, field.name).values_list("pk", flat=True))
        else:
            value = getattr(instance, field.attname)
            plain = value is None or isinstance(value, str | int | list | dict)
            held[field.name] = value if plain else field.value_to_string(instance)
    return held


def give_back(instance: models.Model, before: Mapping[str, list[Any]]) -> list[str]:
    """Put back what each field held, unless it was changed again since: the names, in French, of those that were."""
    now = values_of(instance, before)
    fields = _fields(instance, before)
    kept = [str(field.verbose_name) for field in fields if now[field.name] != before[field.name][1]]
    for field in fields:
        if now[field.name] == before[field.name][1]:
            old = before[field.name][0]
            if field.many_to_many:
                getattr(instance, field.name).set(old)
            else:
                setattr(instance, field.attname, field.to_python(old))
    if isinstance(version := getattr(instance, "version", None), int):
        instance.version = version + 1  # type: ignore[attr-defined]
    instance.save()
    return kept


def _fields(instance: models.Model, names: Iterable[str]) -> list[Any]:
    known = {field.name: field for field in (*instance._meta.concrete_fields, *instance._meta.many_to_many)}
    return [known[name] for name in names if name in known]


def highest() -> dict[str, int]:
    """{table: its last number}, for every table that something can depend on: read when an import ends."""
    models_ = [model for model in apps.get_models(include_auto_created=True) if isinstance(model._meta.pk, models.AutoField)]
    return {model._meta.db_table: model._base_manager.aggregate(last=Max("pk"))["last"] or 0 for model in models_}


def depended_on(model: type[models.Model], pks: list[int], marks: Mapping[str, int]) -> set[int]:
    """Those that a row made since points to: a registration to an event, a document to an organisation."""
    found: set[int] = set()
    for field in _pointing_to(model):
        last = marks.get(field.model._meta.db_table, 0)
        since = field.model._base_manager.filter(**{f"{field.name}__in": pks, "pk__gt": last})
        found.update(since.values_list(field.attname, flat=True))
    return found


def _pointing_to(model: type[models.Model]) -> Iterator[Any]:
    """Every foreign key to this model, links of many-to-many included; not those of the histories, which hold nothing, nor of
    rows without a number, which do not say when they were made, nor of what the site computes (`computed = True` in the model)."""
    for other in apps.get_models(include_auto_created=True):
        if not isinstance(other._meta.pk, models.AutoField) or getattr(other, "computed", False):
            continue
        for field in other._meta.local_concrete_fields:
            relation = field.remote_field
            points = relation and relation.model in (model, *model._meta.get_parent_list())
            if relation and points and not field.primary_key and relation.on_delete is not models.DO_NOTHING:  # type: ignore[attr-defined]
                yield field
