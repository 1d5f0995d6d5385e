"""Structures from a table. A structure is recognised by its page, by its SIRET, else by its name however it is written, in a
department that agrees; what is known is completed, never replaced unless staff asks for it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from trajectoire.core.importing import Action, Importer, Options, Planned, Record, filling, rows
from trajectoire.core.importing.cells import Wrong
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.text import fold

from ..duplicates import Known, Row, normalised
from ..merging import find_pairs
from ..models import DirectoryAddress, Organisation
from .columns import COLUMNS, LABELS
from .wanted import CHECKS, Reader, Wanted
from .writing import Slugs, complete, create

LIKENESSES_UP_TO = 2_000  # lines; beyond, they are looked for by the button of the screen of duplicates
LISTS = ("territories", "themes")
TEXTS = ("sources", "former_names")


class OrganisationOptions(Options):
    source = forms.CharField(
        label="Source",
        required=False,
        max_length=200,
        help_text="D’où vient le fichier, avec sa date : noté sur chaque structure importée.",
    )


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    return rows.records(COLUMNS, path, options, _record)


def _record(number: int, line: Mapping[str, str]) -> Record:
    name = " ".join(line["name"].split())
    if not name:
        raise Wrong("Le nom manque.")
    if len(name) > 200:
        raise Wrong("Le nom a plus de 200 caractères.")
    key = "|".join(fold(line[column]) for column in ("name", "siret", "department", "place"))
    return Record(number, key, name, {**line, "name": name})


class OrganisationTarget:
    """Reads what the database holds once; structures planned by this very file have negative keys until they have their own."""

    model: type[models.Model] = Organisation

    def __init__(self, run: ImportRun) -> None:
        self.source = str(run.options.get("source", "")).strip()
        self.replace = bool(run.options.get("replace"))
        self.reader = Reader()
        self.known = Known.read()
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for (pk, _), name in self.known.names.items():
            self.by_name[name].append(pk)
        self.held = {row["pk"]: row for row in Organisation.objects.values("pk", "name", *TEXTS, *CHECKS)}
        self.linked = {name: _linked(name) for name in LISTS}
        self.stored: dict[int, int] = {}  # {negative key: its own}
        self.here: set[int] = set()  # planned or made by this file
        self.slugs: Slugs | None = None
        self.count = 0

    def plan(self, record: Record) -> Planned:
        self.count += 1
        notes: list[str] = []
        wanted = self.reader.wanted(record.values, notes)
        wanted.sources = wanted.sources or ([self.source] if self.source else [])
        key = record.known.pk if record.known is not None else self._recognise(wanted, notes)
        return self._new(wanted, notes) if key is None or key not in self.held else self._known(key, wanted, notes)

    def _recognise(self, wanted: Wanted, notes: list[str]) -> int | None:
        if wanted.page:
            address = DirectoryAddress.objects.filter(slug=wanted.page).first()
            if address is not None and address.organisation_id is None:
                raise ValidationError(
                    "Cette fiche est celle d’une personne ou d’une initiative : seules les structures s’importent."
                )
            if address is not None:
                return address.organisation_id
        siret = wanted.values.get("siret", "")
        for key in self.known.by_siret.get(siret, ()) if siret else ():
            return self.stored.get(key, key)
        return self._named(wanted, siret, notes)

    def _named(self, wanted: Wanted, siret: str, notes: list[str]) -> int | None:
        departments = self.reader.places.departments_of(wanted.territories)
        for key in self.by_name.get(normalised(wanted.name), ()):
            row = self.known.rows[key]
            if departments and row.departments and not departments & row.departments:
                continue
            if siret and row.siret and siret != row.siret:
                notes.append(f"Même nom que « {row.name} », mais un autre SIRET : gardées toutes deux.")
                continue
            return self.stored.get(key, key)
        return None

    def _new(self, wanted: Wanted, notes: list[str]) -> Planned:
        siret = wanted.values.get("siret", "")
        if self.count <= LIKENESSES_UP_TO:
            close = self.known.likely(wanted.name, siret)
            notes += [f"Ressemble à « {candidate.name} » ({candidate.reason})." for candidate in close[:2]]
        notes += [_unknown(word) for word in wanted.unknown]
        changes: dict[str, Any] = {"name": wanted.name, "kind": wanted.kind} | dict.fromkeys(CHECKS, "") | wanted.values
        changes |= {name: "\n".join(dict.fromkeys(getattr(wanted, name))) for name in TEXTS}
        changes |= {name: sorted(set(getattr(wanted, name))) for name in LISTS}
        key = -len(self.here) - 1
        self.here.add(key)
        names = [wanted.name, *wanted.former_names]
        self.known.add(Row(key, wanted.name, siret, self.reader.places.departments_of(wanted.territories)), names)
        for name in names:
            self.by_name[normalised(name)].append(key)
        self.held[key] = {name: value for name, value in changes.items() if name not in LISTS}
        for name in LISTS:
            self.linked[name][key] = set(changes[name])
        return Planned(Action.NEW, None, changes | {"key": key}, tuple(notes))

    def _known(self, key: int, wanted: Wanted, notes: list[str]) -> Planned:
        """Only what the database lacks; what differs is told."""
        held = self.held[key]
        if key in self.here or key in self.stored.values():
            notes.append(f"Réunie à « {held['name']} », plus haut dans le fichier.")
        changes, told = filling.filled(held, wanted.values, LABELS, replace=self.replace)
        notes += told
        for name, texts in (("sources", wanted.sources), ("former_names", _other_names(held, wanted))):
            fresh = [text for text in texts if text not in held[name].splitlines()]
            if fresh:
                changes[name] = "\n".join(filter(None, [held[name], *fresh]))
        held.update(changes)
        for name, new in (("territories", self._more_places(key, wanted, notes)), ("themes", wanted.themes)):
            links = self.linked[name][key]
            if not links.issuperset(new):
                links.update(new)
                changes[name] = sorted(links)
        return Planned(Action.COMPLETED if changes else Action.SAME, key if key > 0 else None, changes, tuple(notes))

    def _more_places(self, key: int, wanted: Wanted, notes: list[str]) -> list[int]:
        """Those that say more: not a department already known by one of its communes, nor a name already linked."""
        places, links = self.reader.places, self.linked["territories"][key]
        names = {places.words[link] for link in links}
        notes += [_unknown(word) for word in wanted.unknown if places.words_of(word) not in names]
        fresh = [pk for pk in wanted.territories if pk not in links and places.words[pk] not in names]
        return [pk for pk in fresh if not any(places.path[link].startswith(f"{places.path[pk]}/") for link in links)]

    def write(self, record: Record, planned: Planned) -> Organisation:
        if planned.pk is not None:
            return complete(planned.pk, planned.changes)
        values = dict(planned.changes)
        key = values.pop("key")
        self.slugs = self.slugs or Slugs()
        try:
            row = create(values, self.slugs)
        except Exception:
            self._forget(key)
            raise
        self.stored[key] = row.pk
        self.held[row.pk] = self.held.pop(key)
        for name in LISTS:
            self.linked[name][row.pk] = self.linked[name].pop(key)
        return row

    def _forget(self, key: int) -> None:
        """What could not be written is nothing that the next lines may join."""
        for keys in (*self.by_name.values(), *self.known.by_siret.values()):
            if key in keys:
                keys.remove(key)

    def finish(self) -> Iterator[Organisation]:
        """Pairs of structures that look alike are looked for, to be shown to staff."""
        if self.stored and self.count <= LIKENESSES_UP_TO:
            find_pairs()
        yield from ()


def _unknown(word: str) -> str:
    return f"Lieu « {word} » inconnu ou ambigu (une commune fusionnée ?) : à préciser."


def _other_names(held: Mapping[str, Any], wanted: Wanted) -> list[str]:
    """A name that says something else than the known one is kept too, so that it is recognised next time."""
    known = {normalised(name) for name in [held["name"], *held["former_names"].splitlines()]}
    return [name for name in [wanted.name, *wanted.former_names] if normalised(name) not in known]


def _linked(name: str) -> dict[int, set[int]]:
    """{organisation: {territory or theme}}"""
    through: Any = getattr(Organisation, name).through
    target = {"territories": "territory_id", "themes": "theme_id"}[name]
    links: dict[int, set[int]] = defaultdict(set)
    for organisation, key in through.objects.order_by("pk").values_list("organisation_id", target):
        links[organisation].add(key)
    return links


ORGANISATIONS = Importer(
    name="structures",
    label="Structures (tableau)",
    help="Un tableau CSV, XLSX ou ODS, une structure par ligne : elles entrent dans l’annuaire, ou le complètent.",
    extensions=(".csv", ".xlsx", ".ods"),
    permission="network.delete_organisation",  # the right to undo what it makes
    read=read,
    target=OrganisationTarget,
    columns=COLUMNS,
    options=OrganisationOptions,
)
