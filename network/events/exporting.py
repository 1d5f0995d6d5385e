"""The people of an event as a spreadsheet: every cell is text typed as text, nothing of it runs as a formula."""

from collections.abc import Callable, Iterator

from django.utils import timezone

from trajectoire.core import spreadsheets
from trajectoire.core.spreadsheets import CSV_TYPE, ODS_TYPE, XLSX_TYPE, Cell

from ..models import Territory, TerritoryKind
from .event import Event
from .presence import slots
from .registrations import Presence, Registration, RegistrationState

TITLE = "Participants"
# What staff asks for once the people are known by name; what concerns consent says yes or nothing.
COLUMNS: list[tuple[str, Callable[[Registration], Cell]]] = [
    ("Prénom et nom", lambda person: person.name),
    ("État", lambda person: person.get_state_display()),
    ("Adresse e-mail", lambda person: person.email),
    ("Téléphone", lambda person: person.phone),
    ("Structure", lambda person: person.structure),
    ("Fonction", lambda person: person.position),
    ("Statut", lambda person: person.get_status_display()),
    ("Besoin d’aménagement", lambda person: person.needs),
    ("Repas", lambda person: person.meal),
    ("Motivation", lambda person: person.motivation),
    ("Liste partagée", lambda person: "oui" if person.list_wording else ""),
    ("Inscription faite par", lambda person: person.registered_by),
    ("Dans l’ordre depuis", lambda person: timezone.localtime(person.queued_at)),
]


def write(event: Event, extension: str) -> tuple[str, Iterator[bytes]]:
    """(media type, pieces of the file) of csv, ods or xlsx; KeyError for anything else."""
    header, rows = table(event)
    ways: dict[str, tuple[str, Callable[[], Iterator[bytes]]]] = {
        "csv": (CSV_TYPE, lambda: spreadsheets.write_csv(header, rows)),
        "ods": (ODS_TYPE, lambda: spreadsheets.write_ods(header, rows, TITLE)),
        "xlsx": (XLSX_TYPE, lambda: spreadsheets.write_xlsx(header, rows, TITLE)),
    }
    media_type, made = ways[extension]
    return media_type, made()


def table(event: Event) -> tuple[list[str], list[list[Cell]]]:
    """The people not anonymous, in the order of the line; then the questions of the event and its half-days as columns."""
    people = list(event.holder.registrations.filter(anonymous_since=None).order_by("queued_at", "pk"))
    questions = [(str(question.pk), question.text) for question in event.holder.questions.all()]
    halves = slots(event)
    ticked = {
        (row.registration_id, f"{row.date_id}-{row.half_day}"): "oui" if row.present else "non"
        for row in Presence.objects.filter(date__event=event).order_by("pk")
    }
    departments = dict(Territory.objects.filter(kind=TerritoryKind.DEPARTMENT).values_list("code", "name"))
    header = [label for label, _ in COLUMNS]
    header += ["Département", *(text for _, text in questions), *(f"Présence {slot.label}" for slot in halves)]
    rows = [
        [
            *(value(person) for _, value in COLUMNS),
            departments.get(person.department, person.department),
            *(_answer(person.answers.get(key)) for key, _ in questions),
            *(ticked.get((person.pk, slot.key), "") for slot in halves),
        ]
        for person in people
    ]
    return header, rows


def _answer(value: object) -> str:
    return {True: "oui", False: "non", None: ""}.get(value, str(value)) if isinstance(value, bool | None) else str(value)


def expected(event: Event) -> list[Registration]:
    """Who comes, by name: for badges."""
    known = event.holder.registrations.filter(state=RegistrationState.CONFIRMED, anonymous_since=None).exclude(name="")
    return list(known.order_by("name", "pk"))
