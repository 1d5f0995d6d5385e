"""The sheet to sign, on paper: A4 landscape, a column a half-day, empty lines for who comes unannounced (drawn by data/sheet.typ)."""

from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator

from trajectoire.core.pdf import typst_pdf
from trajectoire.core.text import NBSP, local_day, plural

from .models import Event, Registration
from .presence import Slot, is_expected, people, slots

TEMPLATE = Path(__file__).parent / "data" / "sheet.typ"
MOST_COLUMNS = 6  # half-days side by side: narrower, nobody can sign
EMPTY_LINES = 6


def sheet_pdf(event: Event) -> bytes:
    """The sheet of one event: a PDF/UA-1 file of as many pages as people need."""
    return typst_pdf(TEMPLATE.read_text(encoding="utf-8"), contents(event))


def contents(event: Event) -> dict[str, Any]:
    """What sheet.typ draws: one table for each group of half-days, people expected in each."""
    expected = [person for person in people(event) if is_expected(person)]
    known = slots(event)
    groups = [known[start : start + MOST_COLUMNS] for start in range(0, len(known), MOST_COLUMNS)]
    return {
        "title": f"Feuille de présence{NBSP}: {event.title}",
        "event": event.title,
        "short": Truncator(event.title).chars(90),
        "place": ", ".join(part for part in (event.venue, event.address) if part),
        "days": days(known),
        "count": plural(len(expected), "personne attendue", "personnes attendues"),
        "people": [{"name": person.name, "about": about(person)} for person in expected],
        "tables": [[{"day": column_day(slot), "half": slot.half_day.label} for slot in group] for group in groups],
        "empty": EMPTY_LINES,
    }


def about(person: Registration) -> str:
    """« Régie du Grand Mail, chargée de mission »."""
    return Truncator(", ".join(part for part in (person.structure, person.position) if part)).chars(80)


def column_day(slot: Slot) -> str:
    return timezone.localtime(slot.date.starts_at).strftime("%d/%m/%Y")


def days(known: list[Slot]) -> str:
    """« 12 mars 2026, 2 avril 2026 »."""
    return ", ".join(dict.fromkeys(local_day(slot.date.starts_at) for slot in known))
