"""Badges to print and cut, eight on an A4 page (drawn by data/badges.typ)."""

from pathlib import Path

from django.utils.text import Truncator

from trajectoire.core.pdf import typst_pdf
from trajectoire.core.text import NBSP

from .event import Event
from .exporting import expected

TEMPLATE = Path(__file__).parent / "data" / "badges.typ"
LONGEST_NAME, LONGEST_LINE = 60, 90


def badges_pdf(event: Event) -> bytes:
    """A PDF/UA-1 file with one badge a person expected: name, structure, event."""
    people = [
        {"name": Truncator(person.name).chars(LONGEST_NAME), "about": Truncator(person.structure).chars(LONGEST_LINE)}
        for person in expected(event)
    ]
    short = Truncator(event.title).chars(LONGEST_LINE)
    return typst_pdf(
        TEMPLATE.read_text(encoding="utf-8"), {"title": f"Badges{NBSP}: {event.title}", "event": short, "people": people}
    )
