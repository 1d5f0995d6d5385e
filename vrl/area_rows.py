"""How a session shows in the lists of the area."""

from typing import Any

from django.urls import reverse
from django.utils import formats, timezone

from network.events.dates import summed
from network.events.models import Event

from .models import Session
from .vocabulary import SessionState

GOOD = (SessionState.CONFIRMED, SessionState.OPEN, SessionState.FULL)
WAIT = (SessionState.DRAFT, SessionState.PROPOSED, SessionState.TEAM, SessionState.HELD, SessionState.TO_CLOSE)


def row(session: Session) -> dict[str, Any]:
    """Enough for vrl/area/session_row.html; its event, dates and department must have been fetched."""
    return {
        "title": session.event.title,
        "url": reverse("vrl:own_session", args=[session.event.slug]),
        "leaf": leaf(session.event),
        "state": session.get_state_display(),
        "look": look(session.state),
        "facts": facts(session),
        "notes": [],
    }


def leaf(event: Event) -> dict[str, str]:
    """The first day as a leaf of a calendar: {day, month}, empty without a date."""
    if event.starts_at is None:
        return {"day": "?", "month": "à fixer", "look": "none"}
    here = timezone.localtime(event.starts_at)
    return {"day": str(here.day), "month": formats.date_format(here, "N Y"), "look": ""}


def look(state: str) -> str:
    """The class of the mark that says the state."""
    return "good" if state in GOOD else "wait" if state in WAIT else "end"


def facts(session: Session) -> list[str]:
    """Level and length, dates, where."""
    event = session.event
    where = ", ".join(part for part in (event.venue, session.department.name) if part)
    return [
        f"{session.level.upper()}, {session.get_length_display()}"
        if session.level.startswith("n")
        else session.get_level_display(),
        summed(event),
        where,
    ]
