"""The register of processing (RGPD, article 30), made from what the apps declare beside their models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db import models

CENTRE = "L’équipe du centre, dans la limite de ses droits."
PEOPLE = {"phone", "position", "recipient", "reply_to", "registered_by", "authors", "user_agent"}
NAMES = ("email", "phone", "contact_name", "author_name", "person_name", "holder_name")


@dataclass(frozen=True)
class Treatment:
    """One purpose, everything written in French for the page.

    `holds`: {« app.Model »: names of the fields}. `rules`: labels of the retention rules that end it; none when `lasting`, that
    is when `kept` names an event rather than a delay (« jusqu’à ce que l’accord soit retiré »).
    """

    title: str
    purpose: str
    basis: str
    people: str
    kept: str
    holds: Mapping[str, tuple[str, ...]]
    rules: tuple[str, ...] = ()
    lasting: bool = False
    recipients: str = field(default=CENTRE)


_treatments: dict[str, Treatment] = {}
SIGNED: dict[str, tuple[str, ...]] = {}  # columns that say which member of the team did something


def register(treatment: Treatment) -> None:
    _treatments[treatment.title] = treatment


def signed(model: str, *names: str) -> None:
    """These columns say who of the team did it: part of the treatment « Travail de l’équipe »."""
    SIGNED[model] = names


def treatments() -> list[Treatment]:
    """In the order of their titles."""
    return [_treatments[title] for title in sorted(_treatments)]


def described(treatment: Treatment) -> dict[str, Any]:
    """What the page shows: {title, purpose, basis, people, kept, recipients, data}; `data` names each field once, as forms do."""
    labels = [label for model, names in treatment.holds.items() for name in names if (label := _label(model, name))]
    shown = {name: getattr(treatment, name) for name in ("title", "purpose", "basis", "people", "kept", "recipients")}
    return shown | {"data": ", ".join(dict.fromkeys(labels))}


def _label(model: str, name: str) -> str:
    """What forms call a column; nothing for one that was not given a French name, because no form shows it."""
    column = cast(models.Field, apps.get_model(model)._meta.get_field(name))
    return str(column.verbose_name) if column._verbose_name else ""  # type: ignore[attr-defined]


def looks_personal(column: models.Field) -> bool:
    """Whether a column says who someone is: an address, a number, an account."""
    if column.is_relation:
        return column.many_to_many is not True and column.related_model == apps.get_model(settings.AUTH_USER_MODEL)
    if isinstance(column, models.EmailField | models.GenericIPAddressField):
        return True
    texts = isinstance(column, models.CharField | models.TextField)
    return texts and (column.name in PEOPLE or any(word in column.name for word in NAMES))


def personal_fields(model: type[models.Model]) -> set[str]:
    """The columns that name someone; `name` counts as soon as one can be written to."""
    columns = {column.name: column for column in model._meta.local_concrete_fields}
    found = {name for name, column in columns.items() if looks_personal(column)}
    reached = any(not columns[name].is_relation for name in found)
    return found | ({"name"} & set(columns) if reached else set())


def undeclared() -> list[str]:
    """« app.Model.field » for each column about people that no treatment holds."""
    held: dict[str, set[str]] = {}
    for treatment in treatments():
        for model, names in treatment.holds.items():
            held.setdefault(model, set()).update(names)
    return [
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        for name in sorted(personal_fields(model) - held.get(model._meta.label, set()))
    ]
