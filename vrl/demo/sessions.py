"""The sessions of the demonstration: events on working days counted from today, their teams and the steps of their lives."""

import datetime
from typing import Any

from django.utils import timezone

from network.accompaniment.requests import Mission
from network.events.models import Event, EventDate, ProgrammeItem
from network.events.vocabulary import CATEGORY_OF, EventKind, EventStatus
from network.models import Territory, Theme

from ..session import Session, SessionChange, SessionModel, TeamMember
from ..trainer import Trainer
from ..vocabulary import Length, Level, Place, SessionState

State = SessionState
DAYS = {Length.TWO_DAYS: 2, Length.THREE_DAYS: 3}
HOURS = {Length.HOURS: (14, 16), Length.HALF_DAY: (14, 17)}
CAPACITY = {Level.N2: 12, Level.N3: 15}
LIFE = [State.DRAFT, State.PROPOSED, State.TEAM, State.OPEN, State.CONFIRMED, State.HELD, State.TO_CLOSE, State.CLOSED]
LEFT_FROM = {State.CANCELLED: State.OPEN, State.POSTPONED: State.OPEN, State.FULL: State.OPEN}
NOT_ONLINE = (State.DRAFT, State.PROPOSED, State.TEAM)
STATUSES = {State.CANCELLED: EventStatus.CANCELLED, State.POSTPONED: EventStatus.POSTPONED}
SUMMARIES = {
    Level.N2: "Devenir formatrice ou formateur régional : trois jours, une candidature et l’accord de l’employeur.",
    Level.N3: "Comprendre la laïcité, répondre aux situations du métier. Gratuit, pour qui travaille ou agit au contact du public.",
    Level.AWARENESS: "Un moment pour poser ses questions, sans inscription et sans donner son nom.",
}
BODY = "<p>Session imaginaire, écrite pour la démonstration du site. Elle suit le kit national du plan.</p>"


def load(rows: list[dict[str, Any]], trainers: dict[str, Trainer]) -> dict[str, Session]:
    """{address: session}, one whose address is taken left out."""
    taken = set(Event.objects.filter(slug__in=[row["slug"] for row in rows]).values_list("slug", flat=True))
    rows = [row for row in rows if row["slug"] not in taken]
    places = {row.code: row for row in Territory.objects.filter(kind__in=["commune", "departement"])}
    events = Event.objects.bulk_create(_event(row, places.get(row["place"])) for row in rows)
    pairs = list(zip(rows, events, strict=True))
    dates = EventDate.objects.bulk_create(EventDate(event=event, **times) for row, event in pairs for times in _times(row))
    _add_vocabulary(pairs, places)
    models = {(model.level, model.length): model for model in SessionModel.objects.all()}
    made = [_session(row, event, places, trainers, models.get((row["level"], row["length"]))) for row, event in pairs]
    Session.objects.bulk_create(made)
    _add_programme(made, dates)
    _add_teams(rows, made, trainers)
    SessionChange.objects.bulk_create(change for row, session in zip(rows, made, strict=True) for change in _life(row, session))
    Event.announce(*(event.pk for event in events))
    return {event.slug: session for event, session in zip(events, made, strict=True)}


def working_days(row: dict[str, Any]) -> list[datetime.date]:
    """Its days, one after the other, from the first working day there is."""
    day = timezone.localdate() + datetime.timedelta(days=row["day"])
    found: list[datetime.date] = []
    while len(found) < DAYS.get(row["length"], 1):
        if day.isoweekday() <= 5:
            found.append(day)
        day += datetime.timedelta(days=1)
    return found


def _times(row: dict[str, Any]) -> list[dict[str, Any]]:
    begins, ends = HOURS.get(row["length"], (9, 17))
    return [
        {"starts_at": at(day, begins), "ends_at": at(day, ends), "morning": begins < 12, "afternoon": True}
        for day in working_days(row)
    ]


def at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def _event(row: dict[str, Any], place: Territory | None) -> Event:
    times, awareness, online = _times(row), row["level"] == Level.AWARENESS, row["state"] not in NOT_ONLINE
    length = "3 jours de formation de formateurs" if row["level"] == Level.N2 else Length(row["length"]).label
    title = f"Valeurs de la République et laïcité, {length} à {place.name if place else row['place']}"
    by_staff, at_once = Event.Registering.BY_STAFF, Event.Registering.AT_ONCE
    return Event(
        is_demo=True,
        of_plan=True,
        slug=row["slug"],
        title=row.get("title", title),
        kind=EventKind.TRAINING,
        category=CATEGORY_OF[EventKind.TRAINING],
        mission=Mission.VRL,
        summary=SUMMARIES[row["level"]],
        body=BODY,
        status=STATUSES.get(row["state"], EventStatus.SCHEDULED),
        status_note=row.get("why", ""),
        published=online,
        published_at=min(timezone.now(), times[0]["starts_at"] - datetime.timedelta(days=75)) if online else None,
        venue=row["venue"],
        place=place,
        accessibility=["moteur"],
        registering=Event.Registering.NONE if awareness else by_staff if row["level"] == Level.N2 else at_once,
        asks_motivation=row["level"] == Level.N2,
        capacity=CAPACITY.get(row["level"]),
        attests=not awareness,
        starts_at=times[0]["starts_at"],
        ends_at=times[-1]["ends_at"],
    )


def _add_vocabulary(pairs: list[tuple[dict[str, Any], Event]], places: dict[str, Territory]) -> None:
    to_theme, to_territory = Event.themes.through, Event.territories.through
    for theme in Theme.objects.filter(slug="laicite"):
        to_theme.objects.bulk_create(to_theme(event=event, theme=theme) for _, event in pairs)
    to_territory.objects.bulk_create(to_territory(event=event, territory=places[row["place"][:2]]) for row, event in pairs)


def _session(
    row: dict[str, Any], event: Event, places: dict[str, Territory], trainers: dict[str, Trainer], model: SessionModel | None
) -> Session:
    return Session(
        is_demo=True,
        event=event,
        level=row["level"],
        length=row["length"],
        state=row["state"],
        state_since=_moments(row)[-1],
        department=places[row["place"][:2]],
        owner=trainers[row["team"][0]],
        expected_trainers=1 if row["level"] == Level.AWARENESS else 2,
        model=model,
        **({"funding": row["funding"]} if "funding" in row else {}),
    )


def _add_programme(made: list[Session], dates: list[EventDate]) -> None:
    """That of its model, day after day."""
    days: dict[int, list[EventDate]] = {}
    for date in dates:
        days.setdefault(date.event_id, []).append(date)
    ProgrammeItem.objects.bulk_create(
        ProgrammeItem(
            event=session.event,
            date=days[session.event_id][line["day"] - 1],
            time=datetime.time.fromisoformat(line["time"]),
            title=line["title"],
            text=line.get("text", ""),
            order=order * 10,
        )
        for session in made
        if session.model and session.level != Level.AWARENESS
        for order, line in enumerate(session.model.programme, start=1)
    )


def _add_teams(rows: list[dict[str, Any]], made: list[Session], trainers: dict[str, Trainer]) -> None:
    places = {"team": Place.CONFIRMED, "invited": Place.INVITED, "offered": Place.OFFERED}
    TeamMember.objects.bulk_create(
        TeamMember(
            session=session,
            trainer=trainers[key],
            state=place,
            asked_at=_moments(row)[0],
            answered_at=_moments(row)[0] if place == Place.CONFIRMED else None,
        )
        for row, session in zip(rows, made, strict=True)
        for name, place in places.items()
        for key in row.get(name, [])
    )


def _path(row: dict[str, Any]) -> list[SessionState]:
    """The steps that led where it stands."""
    state = SessionState(row["state"])
    last = LEFT_FROM.get(state)
    return [*LIFE[: LIFE.index(last) + 1], state] if last else LIFE[: LIFE.index(state) + 1]


def _moments(row: dict[str, Any]) -> list[datetime.datetime]:
    """When each step was taken: a week apart until the session, then a few days apart after it; never in the future."""
    path, days = _path(row), working_days(row)
    before = [state for state in path if state not in LIFE[5:]]
    after = len(path) - len(before)
    first, now = at(days[0], 9), timezone.now()
    prepared = min(first, now)
    early = [prepared - datetime.timedelta(days=7 * rank) for rank in range(len(before), 0, -1)]
    late = [at(days[-1], 18) + datetime.timedelta(days=3 * rank) for rank in range(after)]
    return [min(moment, now) for moment in early + late]


def _life(row: dict[str, Any], session: Session) -> list[SessionChange]:
    path = _path(row)
    return [
        SessionChange(
            session=session,
            before=path[rank - 1] if rank else "",
            after=state,
            at=moment,
            note=row.get("why", "") if rank == len(path) - 1 else "",
        )
        for rank, (state, moment) in enumerate(zip(path, _moments(row), strict=True))
    ]
