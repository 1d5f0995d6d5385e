"""A format for the tests: one structure a line, « key|name|summary|slugs of themes », with the signs of what goes wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from network.models import Organisation, Theme
from trajectoire.core.importing import Action, Column, Importer, Planned, Record, Unreadable, rows


class Elsewhere(Storage):
    """Like S3: its files have no place on a disk."""

    files: ClassVar[dict[str, bytes]] = {}

    def exists(self, name):
        return name in self.files

    def _save(self, name, content):
        self.files[name] = content.read()
        return name

    def _open(self, name, mode):
        return ContentFile(self.files[name])


def read(path, options) -> Iterator[Record]:
    with Path(path).open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.startswith("!"):
                raise Unreadable("Ce fichier est coupé.")
            if line.startswith("#"):
                continue
            key, name, summary, themes, *_ = [*line.rstrip("\n").split("|"), "", "", ""]
            refused = "Le nom manque." if not name else ""
            values = {"name": name, "summary": summary, "themes": themes.split()}
            yield Record(number, key, name, values, refused=refused, address=f"/ancien/{key}/" if key else "")


class ToyTarget:
    model = Organisation

    def __init__(self, run):
        self.replace = run.options.get("replace", False)
        self.themes = dict(Theme.objects.values_list("slug", "pk"))
        self.planned = set()
        self.to_finish = []

    def plan(self, record):
        if record.values["name"] == "Panne":
            raise KeyError("panne")
        if record.values["name"] == "Doute":
            return Planned(Action.DOUBT, notes=("Deux structures portent ce nom.",))
        held = record.known or Organisation.objects.filter(name=record.values["name"]).first()
        if held is None:
            new = record.label not in self.planned
            self.planned.add(record.label)
            return Planned(Action.NEW if new else Action.SAME)
        changes, notes = {}, []
        summary = record.values["summary"]
        if summary and summary != held.summary:
            if held.summary and not self.replace:
                notes.append(f"Présentation : « {held.summary} » est gardée.")
            else:
                changes["summary"] = summary
        wanted = [self.themes[slug] for slug in record.values["themes"]]
        links = sorted(held.themes.values_list("pk", flat=True))
        if set(wanted) - set(links):
            changes["themes"] = sorted({*wanted, *links})
        return Planned(Action.COMPLETED if changes else Action.SAME, held.pk, changes, tuple(notes))

    def write(self, record, planned):
        if planned.pk is None:
            row = Organisation(name=record.values["name"], summary=record.values["summary"], kind="association")
            row.full_clean(exclude=["slug"])
        else:
            row = Organisation.objects.get(pk=planned.pk)
            row.summary = planned.changes.get("summary", row.summary)
        row.save()
        row.themes.set(planned.changes.get("themes") or [self.themes[slug] for slug in record.values["themes"]])
        if "suite" in record.values["summary"]:
            self.to_finish.append(row)
        return row

    def finish(self):
        for row in self.to_finish:
            row.address = "1 rue de la Suite"
            row.version += 1
            row.save()
            yield row


def read_table(path, options) -> Iterator[Record]:
    return rows.records(
        TABLE.columns, path, options, lambda number, cells: Record(number, "", cells["name"], {**cells, "themes": []})
    )


TABLE = Importer(
    name="jouet-tableau",
    label="Jouet en tableau",
    help="Une table pour les essais.",
    extensions=(".csv",),
    permission="network.add_organisation",
    read=read_table,
    target=ToyTarget,
    columns=(Column("name", "Nom", ("structure",), required=True), Column("summary", "Présentation", ("resume",))),
)
TOY = Importer(
    name="jouet",
    label="Jouet",
    help="Un format pour les essais.",
    extensions=(".txt",),
    permission="network.add_organisation",
    read=read,
    target=ToyTarget,
    pieces=True,
)
