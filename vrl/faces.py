"""The sessions in other forms: those of the agenda, with what the plan adds."""

from collections.abc import Iterable, Sequence
from typing import Any

from network.events import faces as agenda
from network.events.cards import card
from network.events.models import Event
from network.events.search_source import has_room
from trajectoire.core import search
from trajectoire.core.faces import Column, Faces
from trajectoire.core.text import NBSP

from .levels import ABOUT


def load(keys: Iterable[Any]) -> list[Event]:
    """The public events of these keys that are sessions, with their facts, in their order, in a constant number of queries."""
    wanted = [key.pk for key in keys if key.kind == Event.search_kind]
    rows = Event.objects.published().filter(pk__in=wanted, of_plan=True).select_related("training__department")
    found = rows.for_cards().in_bulk()
    return [found[pk] for pk in wanted if pk in found]


def loaded(keys: "Sequence[search.Key]", access: frozenset[str]) -> list[Event]:
    return load(keys)


def cards_of(hits: "Sequence[search.Hit]") -> list[dict[str, Any]]:
    rows = {event.pk: event for event in load(hits)}
    return [session_card(rows[hit.pk], hit) for hit in hits if hit.pk in rows]


def session_card(event: Any, hit: "search.Hit | None" = None) -> dict[str, Any]:
    """The card of its event, which says the level, the length and the department."""
    session = event.training
    told = event.get_status_display() if event.status in ("annule", "reporte") else ""
    kind = f"{ABOUT[session.level].name}{NBSP}· {session.get_length_display()}"
    facts = card(event, hit)
    return facts | {
        "type_name": f"{kind}{NBSP}· {told}" if told else kind,
        "meta": [facts["meta"][0], session.department.name, *facts["meta"][1:]],
    }


def _room(event: Event) -> str:
    return "oui" if has_room(event) else "non"


PLAN: tuple[Column, ...] = (
    Column("Niveau", lambda event: ABOUT[event.training.level].name),
    Column("Durée", lambda event: event.training.get_length_display()),
    Column("Département", lambda event: event.training.department.name),
    Column("Il reste des places", _room),
)
COLUMNS = (agenda.COLUMNS[0], *PLAN, *agenda.COLUMNS[2:])


def record(event: Any) -> dict[str, Any]:
    """Those of the agenda, and `level`, `length`, `department`, `room`."""
    session = event.training
    place = {"code": session.department.code, "label": session.department.name}
    return agenda.record(event) | {
        "level": session.level,
        "length": session.length,
        "department": place,
        "room": has_room(event),
    }


FACES = Faces(load=loaded, columns=COLUMNS, record=record, entry=agenda.feed_entry, last_arrival=agenda.last_ended)
