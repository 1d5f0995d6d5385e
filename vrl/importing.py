"""Trainers and their habilitations from tables: two formats, so that a file may hold one or the other, or be brought twice."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from network.importing.places import Places
from trajectoire.core.importing import Action, Column, Importer, Planned, Record, cells, filling, rows
from trajectoire.core.importing.cells import Wrong
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.text import fold

from .trainer import Habilitation, Trainer
from .vocabulary import HabilitationLevel, HabilitationState

TABLES = (".csv", ".xlsx", ".ods")
WHO = (
    Column(
        "name",
        "Prénom et nom",
        ("nom et prenom", "nom prenom", "formateur", "formatrice", "formatrice ou formateur", "nom complet"),
    ),
    Column("last_name", "Nom", ("nom de famille", "nom d’usage")),
    Column("first_name", "Prénom", ()),
    Column(
        "email",
        "Adresse e-mail",
        ("email", "e mail", "mail", "courriel", "adresse mail"),
        help="Elle reconnaît la personne ; sans elle, son nom.",
    ),
)
TRAINER_COLUMNS = (
    *WHO,
    Column("phone", "Téléphone", ("tel", "portable", "mobile")),
    Column("employer", "Employeur", ("structure", "organisme", "organisation", "association")),
    Column("agreed_on", "Accord de l’employeur", ("accord", "accord le", "accord de l’employeur donne le")),
    Column(
        "departments",
        "Départements",
        ("departement", "dep", "departements d’intervention"),
        help="Séparés par des points-virgules ou des virgules.",
    ),
    Column("about", "Présentation", ("description", "ce que je propose", "a propos")),
    Column("left_on", "Partie le", ("parti le", "depart", "date de depart"), help="La personne n’anime plus."),
)
HABILITATION_COLUMNS = (
    *WHO,
    Column("level", "Niveau", ("habilitation", "niveau d’habilitation"), required=True, help="N1 ou N2."),
    Column("obtained_on", "Obtenue le", ("date", "date d’habilitation", "habilite le", "depuis le"), required=True),
    Column("expires_on", "Jusqu’au", ("fin", "expire le", "echeance", "valable jusqu’au"), help="Vide : sans limite."),
    Column(
        "state", "État", ("statut",), help="« Active », « En pause », « À renouveler », « Retirée », « Partie ». Vide : active."
    ),
    Column("granted_by", "Donnée par", ("organisme formateur", "formation", "delivree par")),
    Column("note", "Note", ("remarque", "remarques", "commentaire")),
)
LEVELS = cells.worded(HabilitationLevel.choices, {"n1": ["n 1", "niveau 1", "1"], "n2": ["n 2", "niveau 2", "2"]})
STATES = cells.worded(
    HabilitationState.choices, {HabilitationState.ACTIVE: ["actif", "valide", "oui"], HabilitationState.LEFT: ["parti"]}
)
PLAIN = ("email", "phone", "employer", "agreed_on", "about", "left_on")
ASIDE = ("expires_on", "granted_by", "note")


def read_trainers(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    return rows.records(TRAINER_COLUMNS, path, options, _trainer)


def read_habilitations(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    return rows.records(HABILITATION_COLUMNS, path, options, _habilitation)


def _who(line: Mapping[str, str]) -> dict[str, Any]:
    """Her name and her address; one of the two is enough to be found, the name is needed to be made."""
    name = " ".join(" ".join(filter(None, [line["name"] or line["first_name"], line["last_name"]])).split())
    email = cells.email(line["email"])
    if not name and not email:
        raise Wrong("Le nom et l’adresse e-mail manquent : l’un des deux est nécessaire.")
    if len(name) > 120:
        raise Wrong("Le nom a plus de 120 caractères.")
    return {"name": name, "email": email}


def _iso(text: str) -> str:
    found = cells.day(text)
    return found.isoformat() if found else ""


def _trainer(number: int, line: Mapping[str, str]) -> Record:
    who = _who(line)
    values = who | {
        "phone": cells.phone(line["phone"])[:30],
        "employer": line["employer"][:150],
        "agreed_on": _iso(line["agreed_on"]),
        "about": line["about"][:1500],
        "left_on": _iso(line["left_on"]),
        "departments": cells.several(line["departments"]),
    }
    return Record(number, "", who["name"] or who["email"], values)


def _habilitation(number: int, line: Mapping[str, str]) -> Record:
    who = _who(line)
    level = cells.among(line["level"], LEVELS)
    if level is None:
        raise Wrong(f"Le niveau « {line['level']} » est inconnu : écrivez N1 ou N2.")
    state = cells.among(line["state"], STATES) if line["state"] else HabilitationState.ACTIVE
    if state is None:
        raise Wrong(f"L’état « {line['state']} » est inconnu : écrivez {', '.join(HabilitationState.labels)}.")
    obtained, expires = cells.day(line["obtained_on"]), cells.day(line["expires_on"])
    if obtained is None:
        raise Wrong("La date d’obtention manque.")
    values = who | {
        "level": str(level),
        "state": str(state),
        "obtained_on": obtained.isoformat(),
        "expires_on": expires.isoformat() if expires else "",
        "granted_by": line["granted_by"][:150],
        "note": line["note"][:300],
    }
    return Record(number, "", f"{who['name'] or who['email']}, {level.upper()}", values)


class Team:
    """The trainers, read once, found by their address, else by their name when one only has it."""

    def __init__(self) -> None:
        self.by_email: dict[str, int] = {}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for trainer in Trainer.objects.order_by("pk"):
            self.add(trainer)

    def add(self, trainer: Trainer) -> None:
        if trainer.email:
            self.by_email[trainer.email.lower()] = trainer.pk
        self.by_name[_letters(trainer.name)].append(trainer.pk)

    def find(self, name: str, email: str) -> int | None:
        """Raises ValidationError when two people have this name."""
        if email and email.lower() in self.by_email:
            return self.by_email[email.lower()]
        found = self.by_name.get(_letters(name), []) if name else []
        if len(found) > 1:
            raise ValidationError(f"Deux personnes s’appellent « {name} » : ajoutez l’adresse e-mail.")
        return found[0] if found else None


def _letters(name: str) -> str:
    """« LOVELACE Ada » and « Ada Lovelace » are one person."""
    return " ".join(sorted(fold(name).replace("-", " ").split()))


class TrainerTarget:
    model: type[models.Model] = Trainer

    def __init__(self, run: ImportRun) -> None:
        self.replace = bool(run.options.get("replace"))
        self.places = Places()
        self.team = Team()
        self.planned: set[str] = set()

    def plan(self, record: Record) -> Planned:
        values, notes = record.values, list[str]()
        departments = self._departments(values["departments"], notes)
        pk = self.team.find(values["name"], values["email"])
        if pk is not None:
            return self._known(Trainer.objects.get(pk=pk), values, departments, notes)
        if not values["name"]:
            raise ValidationError("Le nom manque : cette adresse n’est celle de personne.")
        person = values["email"].lower() or _letters(values["name"])
        if person in self.planned:
            return Planned(Action.SAME, notes=("La même personne est plus haut dans le fichier.",))
        self.planned.add(person)
        return Planned(Action.NEW, None, {"departments": departments}, tuple(notes))

    def _departments(self, words: Iterable[str], notes: list[str]) -> list[int]:
        found = {word: self.places.department(word) for word in words}
        kept = {pk for pk in found.values() if pk and self.places.path[pk].count("/") == 1}
        notes += [f"Département « {word} » inconnu : laissé de côté." for word, pk in found.items() if pk not in kept]
        return sorted(kept)

    def _known(self, trainer: Trainer, values: Mapping[str, Any], departments: list[int], notes: list[str]) -> Planned:
        held = {name: _plain(getattr(trainer, name)) for name in PLAIN}
        wanted = {name: values[name] for name in PLAIN}
        if wanted["email"].lower() == held["email"].lower():
            wanted["email"] = ""
        if wanted["left_on"] and wanted["left_on"] != held["left_on"]:
            notes.append("Départ : à noter sur sa fiche, pour que ses sessions à venir trouvent quelqu’un.")
        wanted["left_on"] = ""
        changes, told = filling.filled(held, wanted, TRAINER_LABELS, replace=self.replace)
        links = set(trainer.departments.values_list("pk", flat=True))
        if not links.issuperset(departments):
            changes["departments"] = sorted({*links, *departments})
        return Planned(Action.COMPLETED if changes else Action.SAME, trainer.pk, changes, (*notes, *told))

    def write(self, record: Record, planned: Planned) -> Trainer:
        changes = dict(planned.changes)
        departments = changes.pop("departments", None)
        if planned.pk is None:
            trainer = Trainer(name=record.values["name"])
            changes = {name: record.values[name] for name in PLAIN}
        else:
            trainer = Trainer.objects.get(pk=planned.pk)
            trainer.version += 1
        for name, value in changes.items():
            setattr(trainer, name, _day(value) if name.endswith("_on") else value)
        trainer.save()
        if departments is not None:
            trainer.departments.set(departments)
        if planned.pk is None:
            self.team.add(trainer)
        return trainer

    def finish(self) -> Iterable[Trainer]:
        return ()


class HabilitationTarget:
    model: type[models.Model] = Habilitation

    def __init__(self, run: ImportRun) -> None:
        self.replace = bool(run.options.get("replace"))
        self.team = Team()
        self.planned: set[tuple[int, str, str]] = set()

    def plan(self, record: Record) -> Planned:
        values = record.values
        trainer = self.team.find(values["name"], values["email"])
        if trainer is None:
            raise ValidationError("Cette personne n’est pas parmi les formatrices et formateurs : importez-la d’abord.")
        same = Habilitation.objects.filter(trainer=trainer, level=values["level"], obtained_on=values["obtained_on"]).first()
        if same is not None:
            return self._known(same, values)
        identity = (trainer, values["level"], values["obtained_on"])
        if identity in self.planned:
            return Planned(Action.SAME, notes=("La même habilitation est plus haut dans le fichier.",))
        self.planned.add(identity)
        return Planned(Action.NEW, None, {"trainer": trainer})

    def _known(self, held: Habilitation, values: Mapping[str, Any]) -> Planned:
        notes = []
        if held.state != values["state"]:
            label = HabilitationState(values["state"]).label
            notes.append(f"État : « {held.get_state_display()} » est gardé, le fichier dit « {label} ».")
        now = {name: _plain(getattr(held, name)) for name in ASIDE}
        changes, told = filling.filled(now, {name: values[name] for name in ASIDE}, HABILITATION_LABELS, replace=self.replace)
        return Planned(Action.COMPLETED if changes else Action.SAME, held.pk, changes, (*notes, *told))

    def write(self, record: Record, planned: Planned) -> Habilitation:
        values = record.values
        if planned.pk is None:
            row = Habilitation(trainer_id=planned.changes["trainer"], level=values["level"], state=values["state"])
            row.obtained_on = datetime.date.fromisoformat(values["obtained_on"])
            changes: Mapping[str, Any] = {name: values[name] for name in ASIDE}
        else:
            row = Habilitation.objects.get(pk=planned.pk)
            row.version += 1
            changes = planned.changes
        for name, value in changes.items():
            setattr(row, name, _day(value) if name.endswith("_on") else value)
        row.full_clean(exclude=["trainer"])
        row.save()
        return row

    def finish(self) -> Iterable[Habilitation]:
        return ()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else value or ""


def _day(value: str) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None


TRAINER_LABELS = {column.name: column.label for column in TRAINER_COLUMNS}
HABILITATION_LABELS = {column.name: column.label for column in HABILITATION_COLUMNS}
FORMATS = (
    Importer(
        name="formateurs",
        label="Formatrices et formateurs (tableau)",
        help="Un tableau CSV, XLSX ou ODS, une personne par ligne. Aucun compte n’est ouvert, aucun message ne part.",
        extensions=TABLES,
        permission="vrl.add_trainer",
        read=read_trainers,
        target=TrainerTarget,
        columns=TRAINER_COLUMNS,
        remembered=False,
    ),
    Importer(
        name="habilitations",
        label="Habilitations (tableau)",
        help="Un tableau CSV, XLSX ou ODS, une habilitation par ligne, de personnes déjà connues.",
        extensions=TABLES,
        permission="vrl.add_habilitation",
        read=read_habilitations,
        target=HabilitationTarget,
        columns=HABILITATION_COLUMNS,
        remembered=False,
    ),
)
