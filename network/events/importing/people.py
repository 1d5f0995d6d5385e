"""People registered, from a table: of one event that staff names, or of those that each line names. Nobody is written to."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from network.importing.places import Places
from network.models import Territory, TerritoryKind
from trajectoire.core.importing import Action, Options, Planned, Record, cells, filling, rows
from trajectoire.core.importing.cells import Wrong
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.text import day, fold

from .. import bringing
from ..event import Event
from ..places import counts
from ..registering import Refused
from ..registrations import Registration, RegistrationState
from ..vocabulary import ParticipantStatus
from .columns import PEOPLE

SLUG = re.compile(r"(?:^|/)([-\w]+)/?$")
LABELS = {name: str(Registration._meta.get_field(name).verbose_name).capitalize() for name in bringing.BROUGHT}  # type: ignore[union-attr]
STATES = cells.worded(
    RegistrationState.choices,
    {
        RegistrationState.CONFIRMED: [
            "inscrit",
            "inscrite",
            "confirme",
            "oui",
            "ok",
            "valide",
            "validee",
            "present",
            "presente",
            "participe",
        ],
        RegistrationState.WAITING: ["liste d attente", "attente", "en attente"],
        RegistrationState.APPLIED: ["candidate", "candidat", "a examiner", "a valider"],
        RegistrationState.REFUSED: ["refuse", "non retenue", "non retenu"],
        RegistrationState.CANCELLED: ["annule", "desiste", "desistee", "desistement", "non"],
    },
)
STATUSES = cells.worded(ParticipantStatus.choices)


class PeopleOptions(Options):
    event = forms.CharField(
        label="Événement",
        required=False,
        max_length=300,
        help_text="L’adresse de sa page, ou son titre. Vide : chaque ligne du fichier dit le sien.",
    )


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    return rows.records(PEOPLE, path, options, _record)


def _record(number: int, line: Mapping[str, str]) -> Record:
    name = " ".join(filter(None, [line["name"] or line["first_name"], line["last_name"]])).strip()[:120]
    email = cells.email(line["email"])
    if not name and not email:
        raise Wrong("Le nom et l’adresse e-mail manquent : l’un des deux est nécessaire.")
    state = cells.among(line["state"], STATES) if line["state"] else RegistrationState.CONFIRMED
    if state is None:
        raise Wrong(f"L’état « {line['state']} » est inconnu : écrivez {', '.join(RegistrationState.labels)}.")
    status = cells.among(line["status"], STATUSES) or (ParticipantStatus.OTHER if line["status"] else "")
    queued_at, event_on = cells.moment(line["queued_at"]), cells.day(line["event_on"])
    values = {
        "event": line["event"],
        "event_on": event_on.isoformat() if event_on else "",
        "name": name,
        "email": email,
        "phone": cells.phone(line["phone"])[:30],
        "structure": line["structure"][:150],
        "position": line["position"][:120],
        "status": str(status),
        "department": line["department"],
        "state": str(state),
        "queued_at": queued_at.isoformat() if queued_at else "",
    }
    return Record(number, "", name or email, values)


class Agenda:
    """The events, read once, to find one by its page, or by its title and its day. Raises ValidationError."""

    def __init__(self) -> None:
        self.by_slug: dict[str, int] = {}
        self.by_title: dict[str, list[tuple[datetime.date | None, int]]] = defaultdict(list)
        for pk, slug, title, starts_at in Event.objects.order_by("pk").values_list("pk", "slug", "title", "starts_at"):
            self.by_slug[slug] = pk
            self.by_title[fold(title)].append((timezone.localdate(starts_at) if starts_at else None, pk))

    def find(self, said: str, on: datetime.date | None) -> int:
        if not said:
            raise ValidationError("De quel événement ? Dites-le dans une colonne « Événement », ou au moment de l’import.")
        slug = SLUG.search(said)
        if slug and slug[1] in self.by_slug:
            return self.by_slug[slug[1]]
        named = self.by_title.get(fold(said), [])
        found = [pk for starts_on, pk in named if on is None or on == starts_on]
        if len(found) == 1:
            return found[0]
        if found:
            days = ", ".join(day(starts_on) or "sans date" for starts_on, _ in named)
            raise ValidationError(
                f"Plusieurs événements s’appellent « {said} » ({days}) : ajoutez la date, ou l’adresse de la page."
            )
        raise ValidationError(f"Aucun événement ne s’appelle « {said} »{' ce jour-là' if named else ''} : importez-le d’abord.")


class PeopleTarget:
    model: type[models.Model] = Registration

    def __init__(self, run: ImportRun) -> None:
        self.said = str(run.options.get("event", "")).strip()
        self.replace = bool(run.options.get("replace"))
        self.writes = run.job == ImportRun.Job.IMPORT
        self.agenda = Agenda()
        self.places = Places()
        self.departments = dict(Territory.objects.filter(kind=TerritoryKind.DEPARTMENT).values_list("pk", "code"))
        self.events: dict[int, Event] = {}
        self.planned: set[tuple[int, str]] = set()  # (event, person) of the lines that a try would write
        self.taken: dict[int, int] = defaultdict(int)

    def plan(self, record: Record) -> Planned:
        values, notes = dict(record.values), list[str]()
        on = datetime.date.fromisoformat(values["event_on"]) if values["event_on"] else None
        event = self._event(self.agenda.find(values["event"] or self.said, on))
        fields = {name: values[name] for name in bringing.BROUGHT} | {"department": self._department(values["department"], notes)}
        registered = bringing.known(event, fields["name"], fields["email"])
        if registered is not None:
            return self._known(registered, fields, values["state"], notes)
        person = (event.holder.pk, (fields["email"] or fields["name"]).lower())
        if person in self.planned:
            return Planned(Action.SAME, notes=("La même personne est plus haut dans le fichier.",))
        self.planned.add(person)
        state = values["state"]
        if state == RegistrationState.OFFERED:
            state = RegistrationState.WAITING
            notes.append("Une place proposée ailleurs ne s’accepte pas ici\u00a0: en liste d’attente.")
        notes += self._places(event, state)
        return Planned(Action.NEW, None, fields | {"event": event.pk, "state": state}, tuple(notes))

    def _event(self, pk: int) -> Event:
        if pk not in self.events:
            self.events[pk] = Event.objects.select_related("series__lead").get(pk=pk)
        return self.events[pk]

    def _department(self, text: str, notes: list[str]) -> str:
        found = self.places.department(text) if text else None
        code = self.departments.get(found or 0, "")
        if text and not code:
            notes.append(f"Département « {text} » inconnu : laissé de côté.")
        return code

    def _known(self, registered: Registration, fields: dict[str, Any], state: str, notes: list[str]) -> Planned:
        if registered.state != state:
            label = RegistrationState(state).label
            notes.append(f"État : « {registered.get_state_display()} » est gardé, le fichier dit « {label} ».")
        held = {name: getattr(registered, name) for name in bringing.BROUGHT}
        wanted = fields | {"email": ""}
        changes, told = filling.filled(held, wanted, LABELS, replace=self.replace)
        return Planned(Action.COMPLETED if changes else Action.SAME, registered.pk, changes, (*notes, *told))

    def _places(self, event: Event, state: str) -> list[str]:
        """What the places of the event make of this state; a try counts those that the lines above would take. Raises ValidationError."""
        holder = event.holder
        if state != RegistrationState.CONFIRMED or holder.capacity is None:
            return []
        taken = counts(holder).taken + (0 if self.writes else self.taken[holder.pk])
        self.taken[holder.pk] += 1
        if taken < holder.capacity:
            return []
        if holder.is_past:
            return [f"Plus de personnes que de places ({holder.capacity}) : gardée, puisque l’événement a eu lieu."]
        if not holder.waiting_list:
            raise ValidationError(bringing.FULL)
        return ["Toutes les places sont prises : en liste d’attente."]

    def write(self, record: Record, planned: Planned) -> Registration:
        if planned.pk is not None:
            return bringing.complete(Registration.objects.select_related("event__series").get(pk=planned.pk), planned.changes)
        queued_at = record.values["queued_at"]
        moment = datetime.datetime.fromisoformat(queued_at) if queued_at else None
        event = self._event(planned.changes["event"])
        try:
            return bringing.bring(event, planned.changes, planned.changes["state"], queued_at=moment)
        except Refused as refused:
            raise ValidationError(str(refused)) from refused

    def finish(self) -> Iterable[Registration]:
        return ()
