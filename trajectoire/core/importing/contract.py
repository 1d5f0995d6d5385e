"""What a format brings: records read one by one, and a target that says what becomes of each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.apps import apps
from django.db import models

from .columns import Column

if TYPE_CHECKING:
    from .records import ImportRun


class Action(models.TextChoices):
    """What becomes of a record: the words of the report, and what is stored."""

    NEW = "nouveau", "Nouveau"
    COMPLETED = "complete", "Complété"
    SAME = "inchange", "Inchangé"
    DOUBT = "doute", "À vérifier"
    REFUSED = "refuse", "Refusé"


@dataclass(frozen=True)
class Record:
    """One thing of a file, as its source says it, by our names.

    `number`: its line or its place, from 1. `key`: what it is called in its source, the same each time; empty when it has no name
    there. `label`: how people recognise it. `values`: JSON can hold them. `notes`: French sentences for the report. `refused`: why it
    cannot be used (French sentence); then nothing else counts. `address`: its old path or URL, that will lead to the new page.
    `known`: what an earlier import made of the same key, if it still exists (filled in by the framework).
    """

    number: int
    key: str
    label: str
    values: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: str = ""
    address: str = ""
    known: Any = None


@dataclass(frozen=True)
class Planned:
    """What would become of a record. `pk`: of the object recognised. `changes`: {field: new value} of an object completed.

    The names of `changes` are fields of the model (a many-to-many: the list of primary keys, after): what they held is kept for undoing.
    `notes`: French sentences for the report.
    """

    action: Action
    pk: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()


class Target(Protocol):
    """Made once a run, so that it can read what the database holds once. Called record after record, in order."""

    model: type[models.Model]  # what `pk` of a plan designates

    def plan(self, record: Record) -> Planned:
        """What would be done; writes nothing. It remembers the records of the same file that it planned as new."""
        ...

    def write(self, record: Record, planned: Planned) -> models.Model:
        """Do it (NEW or COMPLETED), within a savepoint: all or nothing. Raises ValidationError to refuse, with its reason."""
        ...

    def finish(self) -> Iterable[models.Model]:
        """Once everything is written: links between records… Safe to run twice. Gives the objects that it changed again."""
        ...


class Options(forms.Form):
    """What staff may choose before an import; a format adds its own fields. What is chosen must fit JSON."""

    replace = forms.BooleanField(
        label="Remplacer ce qui est déjà rempli",
        required=False,
        help_text="Sans cette case, ce qui est déjà dans le site est complété, jamais remplacé.",
    )


@dataclass(frozen=True)
class Importer:
    """One format. `name` is its identity (in addresses too), `label` and `help` are what staff reads: a name, one sentence.

    `permission`: « app.codename » that who imports must hold. `read(path, options)` gives the records one at a time, without holding
    the file in memory, and raises Unreadable (French sentence) for a file that is not what it should be; `options`: what staff chose,
    with « mapping » ({name of a column: position}, for tables), « name » (what the file was called). `target(run)`: see Target.
    `columns`: for tables, shown and changed by staff. `options`: the form of the choices. `pieces`: whether attachments may come along,
    in a ZIP (`run.pieces.find(name)`). `from_address`: `path` is then an address (https://…) and not a file. `remembered`: keep which
    object came from which key, for ever; not for people, whose keys would designate them.
    """

    name: str
    label: str
    help: str
    extensions: tuple[str, ...]
    permission: str
    read: Callable[[Path | str, Mapping[str, Any]], Iterator[Record]]
    target: Callable[["ImportRun"], Target]
    columns: tuple[Column, ...] = ()
    options: type[forms.Form] = Options
    pieces: bool = False
    from_address: bool = False
    remembered: bool = True

    @property
    def subject(self) -> str:
        """Under what title it stands in the list of formats: the app of its permission."""
        return str(apps.get_app_config(self.permission.split(".")[0]).verbose_name)


_importers: dict[str, Importer] = {}


def register(*importers: Importer) -> None:
    for importer in importers:
        _importers[importer.name] = importer


def registered() -> list[Importer]:
    """In the order of their labels."""
    return sorted(_importers.values(), key=lambda importer: importer.label)


def named(name: str) -> Importer:
    """Raises KeyError."""
    return _importers[name]
