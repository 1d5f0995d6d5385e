"""The formats that the agenda brings in."""

from trajectoire.core.importing import Importer

from . import calendar, people, table
from .columns import EVENTS, PEOPLE
from .target import EventOptions, EventTarget

TABLES = (".csv", ".xlsx", ".ods")
FORMATS = (
    Importer(
        name="evenements",
        label="Événements (tableau)",
        help="Un tableau CSV, XLSX ou ODS, un événement par ligne : ils arrivent en brouillon dans l’agenda.",
        extensions=TABLES,
        permission="events.add_event",
        read=table.read,
        target=EventTarget,
        columns=EVENTS,
        options=EventOptions,
    ),
    Importer(
        name="calendrier",
        label="Événements (calendrier ICS)",
        help="Le calendrier d’un autre agenda (Google, Outlook, WordPress…), au format iCalendar.",
        extensions=(".ics", ".ical"),
        permission="events.add_event",
        read=calendar.read,
        target=EventTarget,
        options=EventOptions,
    ),
    Importer(
        name="inscriptions",
        label="Inscriptions (tableau)",
        help="Les personnes inscrites à un événement qui est déjà dans l’agenda, une par ligne. Personne ne reçoit de message.",
        extensions=TABLES,
        permission="events.change_registration",
        read=people.read,
        target=people.PeopleTarget,
        columns=PEOPLE,
        options=people.PeopleOptions,
        remembered=False,
    ),
)
