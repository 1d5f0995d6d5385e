"""A session made from a model: its event, dates, programme, places, with the owner in its team; and its dates moved."""

import datetime
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from network.accompaniment.requests import Mission
from network.events.admin_forms import half_days, local_moment
from network.events.changes import announce_changes, record_changes, stored_facts
from network.events.models import Event, EventDate, ProgrammeItem
from network.events.registering import Refused
from network.events.vocabulary import EventKind
from network.models import Territory, Theme
from trajectoire.core import mail
from trajectoire.core.text import NBSP, plural

from .asking import TrainingRequest
from .cascade import enforce, obstacle
from .session import Session, SessionModel, TeamMember
from .trainer import Trainer
from .vocabulary import DONE, Level, Place

MODELS = Path(__file__).parent / "data" / "session_models.toml"
THEME = "laicite"
SESSION_FACTS = ("expected_trainers", "funding", "follows", "is_demo")
# How one comes to a session of this level: by choice of the team for those who will train others; freely for inhabitants.
REGISTERING: dict[Level, dict[str, Any]] = {
    Level.N1: {"registering": Event.Registering.BY_STAFF, "asks_motivation": True},
    Level.N2: {"registering": Event.Registering.BY_STAFF, "asks_motivation": True},
    Level.N3: {"registering": Event.Registering.AT_ONCE},
    Level.AWARENESS: {"registering": Event.Registering.NONE, "attests": False},
}


def load_models() -> int:
    """Add the models of the file that are missing; how many. What staff changed stays."""
    made = 0
    for order, fields in enumerate(tomllib.loads(MODELS.read_text(encoding="utf-8"))["model"], start=1):
        made += SessionModel.objects.get_or_create(slug=fields.pop("slug"), defaults={"order": order * 10} | fields)[1]
    return made


@transaction.atomic
def create_from(
    model: SessionModel,
    *,
    owner: Trainer | None,
    department: Territory,
    dates: Sequence[datetime.date],
    request: TrainingRequest | None = None,
    **facts: Any,
) -> Session:
    """A draft with everything of the model, on these days (in Paris, as many as the model has); Refused against the cascade.

    `facts` are columns of the event (title, summary, venue, address, place, capacity, contact_name…) or of the session
    (expected_trainers, funding, follows, is_demo). Those of the request are taken where none is given.
    """
    days = sorted(dates)
    _check_days(model, days)
    if owner and (reason := obstacle(owner, model.level, days)):
        raise Refused(reason)
    own = {name: facts.pop(name) for name in SESSION_FACTS if name in facts}
    event = _event(model, department, request, facts | {name: own[name] for name in ("is_demo",) if name in own})
    _add_dates(event, model, days)
    base = {"level": model.level, "length": model.length, "model": model, "department": department}
    session = Session.objects.create(event=event, owner=owner, request=request, **base | own)
    if owner:
        TeamMember.objects.create(session=session, trainer=owner, state=Place.CONFIRMED, answered_at=session.state_since)
    return session


def _check_days(model: SessionModel, days: Sequence[datetime.date]) -> None:
    if len(set(days)) != len(days):
        raise Refused("La même date est donnée deux fois.")
    if len(days) != model.days:
        raise Refused(f"Donnez {plural(model.days, 'date', 'dates')}{NBSP}: c’est la durée de ce modèle.")


def _event(model: SessionModel, department: Territory, request: TrainingRequest | None, facts: dict[str, Any]) -> Event:
    asked = {"venue": request.place[:150], "contact_name": request.name} if request and request.place else {}
    known: dict[str, Any] = {
        "title": model.title,
        "summary": model.summary,
        "kind": EventKind.TRAINING,
        "mission": Mission.VRL,
        "capacity": model.capacity,
        "attests": True,
        "published": False,
    }
    event = Event.objects.create(**known | REGISTERING[Level(model.level)] | asked | facts)
    event.territories.add(department)
    event.themes.set(Theme.objects.filter(slug=THEME))
    if request:
        event.audiences.set(request.audiences.all())
    return event


def _add_dates(event: Event, model: SessionModel, days: Sequence[datetime.date]) -> None:
    dates = {}
    for number, day in enumerate(days, start=1):
        starts, ends = _moments(day, model.starts_at, model.ends_at)
        morning, afternoon = half_days("", model.starts_at, model.ends_at)
        dates[number] = EventDate.objects.create(
            event=event, starts_at=starts, ends_at=ends, morning=morning, afternoon=afternoon
        )
    ProgrammeItem.objects.bulk_create(
        ProgrammeItem(
            event=event,
            date=dates.get(line.get("day", 1)),
            time=datetime.time.fromisoformat(line["time"]) if line.get("time") else None,
            title=line["title"][:200],
            text=line.get("text", ""),
            order=order * 10,
        )
        for order, line in enumerate(model.programme, start=1)
    )
    event.keep_bounds()


def _moments(day: datetime.date, starts: datetime.time, ends: datetime.time) -> tuple[datetime.datetime, datetime.datetime]:
    try:
        return local_moment(day, starts), local_moment(day, ends)
    except ValidationError as error:
        raise Refused(error.messages[0]) from error


def reschedule(session: Session, dates: Sequence[datetime.date]) -> None:
    """Move the session to these days, at the same hours; those registered are told. Refused against the cascade, or too late."""
    days = sorted(dates)
    with mail.held(), transaction.atomic():
        held = Session.objects.select_for_update(of=("self",)).select_related("event__series__lead").get(pk=session.pk)
        event, rows = held.event, list(held.event.dates.order_by("starts_at", "pk"))
        if held.state in DONE:
            raise Refused("Les dates de cette session ne changent plus.")
        if len(set(days)) != len(days) or len(days) != len(rows):
            raise Refused(f"Donnez {plural(len(rows), 'date', 'dates')}, chacune une seule fois.")
        enforce(held, days)
        before = stored_facts(event)
        for row, day in zip(rows, days, strict=True):
            hours = (_hour(row.starts_at), _hour(row.ends_at))
            row.starts_at, row.ends_at = _moments(day, *hours)
            row.save(update_fields=["starts_at", "ends_at"])
        event.keep_bounds()
        record_changes(event, before)
        announce_changes(event)
    session.event.refresh_from_db()


def _hour(moment: datetime.datetime) -> datetime.time:
    return timezone.localtime(moment).time()
