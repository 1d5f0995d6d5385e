"""What the pages of a registration show: what the form gave, and the person's own page."""

import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import newsletter, qr
from trajectoire.core.text import fold, local_moment, plural
from trajectoire.core.views import breadcrumb

from . import attestations, presence
from .event import Event, EventDate
from .notice_texts import dates_of, place_of
from .questionnaires import questionnaire_url
from .registering import LIST_WORDING
from .registrations import ACTIVE, Registration, RegistrationState
from .vocabulary import EventMode

State = RegistrationState
# {state: (title, what follows, tone)} on the person's own page.
STATES = {
    State.CONFIRMED: ("Votre place est confirmée.", "", ""),
    State.WAITING: ("Vous êtes en liste d’attente.", "Vous recevrez un message dès qu’une place se libère.", "warn"),
    State.OFFERED: ("Une place s’est libérée pour vous.", "", "warn"),
    State.APPLIED: ("Votre candidature est à l’étude.", "L’équipe vous répondra par e-mail.", "warn"),
    State.REFUSED: ("Votre candidature n’a pas été retenue.", "", "error"),
    State.CANCELLED: ("Votre inscription est annulée.", "", "error"),
}
GOT = {
    State.CONFIRMED: ("place confirmée", "places confirmées"),
    State.WAITING: ("inscription en liste d’attente", "inscriptions en liste d’attente"),
}
ALONE = {
    State.CONFIRMED: ("Votre place est confirmée", ""),
    State.WAITING: (
        "Vous êtes en liste d’attente",
        "Toutes les places sont prises. Vous recevrez un message dès qu’il s’en libère une.",
    ),
    State.APPLIED: (
        "Votre candidature est bien arrivée",
        "Ce n’est pas encore une inscription. L’équipe vous répondra par e-mail.",
    ),
}


def outcome(event: Event, states: list[str]) -> dict[str, Any]:
    """What the form gave to each of its people, the one who filled it first."""
    if len(states) == 1:
        title, text = ALONE.get(State(states[0]), STATES[State(states[0])][:2])
    else:
        counted = [(state, states.count(state)) for state in GOT]
        title = ", ".join(plural(count, *GOT[state]) for state, count in counted if count)
        text = "Les places ont été données dans l’ordre du formulaire." if len(set(states)) > 1 else ""
    return {
        "title": title,
        "text": text,
        "confirmed": set(states) == {State.CONFIRMED},
        "event": event,
        "when": dates_of(event),
        "where": place_of(event),
        "several": len(states) > 1,
        "breadcrumb": breadcrumb(
            ("Agenda", reverse("events:list")), (event.title, event.get_absolute_url()), ("Inscription", "")
        ),
    }


def own_page(mine: Registration, user: Any) -> dict[str, Any]:
    """Where this registration stands, and what may be done with it now."""
    event, now = mine.event, timezone.now()
    title, text, tone = STATES[State(mine.state)]
    begun = event.starts_at is not None and event.starts_at <= now
    active = mine.state in ACTIVE and not event.is_cancelled
    comes = active and mine.state == State.CONFIRMED and not event.is_past and event.mode != EventMode.ONLINE
    return {
        "mine": mine,
        "event": event,
        "title": "L’événement est annulé." if event.is_cancelled else title,
        "text": event.status_note if event.is_cancelled else text + _rank(mine),
        "tone": "error" if event.is_cancelled else tone,
        "sessions": [{"title": one.title, "when": dates_of(one), "where": place_of(one)} for one in _sessions(event)],
        "address": event.address,
        "access_note": event.access_note,
        "ics_url": reverse("events:registration_calendar", args=[mine.token]) if active else "",
        "kept_until": local_moment(mine.offer_ends_at) if _is_kept(mine, now) and mine.offer_ends_at else "",
        "online": online_links(mine, now),
        "documents": [{"label": d.title, "url": d.get_absolute_url()} for d in documents(event, user)],
        "materials": materials(mine),
        "may_cancel": active and not begun,
        "may_change": active and not begun,
        "again_url": reverse("events:register", args=[event.slug]) if mine.state == State.CANCELLED else "",
        "letter": newsletter.current(),
        "list_wording": LIST_WORDING if event.shares_list else "",
        "people": shared_list(mine),
        "code": qr.svg(presence.door_url(mine)) if comes else "",
        **_afterwards(mine),
    }


def _afterwards(mine: Registration) -> dict[str, str]:
    """What follows for who was there: an attestation once it is made, the questionnaire until it is answered."""
    attested = attestations.attestation_for(mine) is not None
    asked = mine.event.is_past and not mine.answered_hot and mine.presences.filter(present=True).exists()
    return {
        "attestation_url": reverse("events:own_attestation", args=[mine.token]) if attested else "",
        "survey_url": questionnaire_url(mine) if asked else "",
    }


def _sessions(event: Event) -> list[Event]:
    return list(event.sessions.select_related("place").prefetch_related("dates").order_by("starts_at", "pk"))


def _rank(mine: Registration) -> str:
    """« Vous êtes à la 3e place de la liste. »"""
    if mine.state != State.WAITING:
        return ""
    before = list(mine.event.registrations.in_line().values_list("pk", flat=True)).index(mine.pk)
    return f" Vous êtes à la {before + 1}{'e' if before else 're'} place de la liste."


def _is_kept(mine: Registration, now: datetime.datetime) -> bool:
    return mine.state == State.OFFERED and mine.offer_ends_at is not None and now < mine.offer_ends_at


def online_links(mine: Registration, now: datetime.datetime) -> list[dict[str, str]]:
    """The address of the video meeting, from the hour it is sent until the end of the date; for who has a place."""
    if mine.state != State.CONFIRMED or mine.event.is_cancelled:
        return []
    sessions = mine.event.sessions.exclude(online_url="").prefetch_related("dates").order_by("starts_at", "pk")
    now_on = [one for one in sessions if one.is_online and any(_is_time(one, date, now) for date in one.dates.all())]
    return [{"label": one.title, "url": one.online_url} for one in now_on]


def _is_time(event: Event, date: EventDate, now: datetime.datetime) -> bool:
    return date.starts_at - datetime.timedelta(hours=event.online_hours) <= now < date.ends_at


def documents(event: Event, user: Any) -> list[Any]:
    """What came of the event and that this reader may see (reverse name of `resources`)."""
    found = type(event).documents.rel.related_model.objects.visible_to(user)  # type: ignore[attr-defined]
    return list(found.filter(event__in=event.sessions).order_by("title", "pk"))


def materials(mine: Registration) -> list[dict[str, str]]:
    """The files kept for those who have a place (reverse name of `resources`): [{label, detail, url}]."""
    if mine.state != State.CONFIRMED:
        return []
    document: Any = Event.documents.rel.related_model  # type: ignore[attr-defined]
    files: Any = document._meta.get_field("files").related_model
    kept = document.objects.published().filter(access=document.Access.PARTICIPANTS, event__in=mine.event.sessions)
    return [
        {
            "label": one.title,
            "detail": file.label,
            "url": reverse("resources:material", args=[mine.token, file.pk, file.name]),
        }
        for one in kept.order_by("title", "pk").prefetch_related(Prefetch("files", files.objects.readable()))
        for file in one.files.all()
    ]


def shared_list(mine: Registration) -> list[dict[str, str]]:
    """Those who agreed to be on the list, shown to those who did: [{name, structure, position}]."""
    if not (mine.list_wording and mine.event.shares_list and mine.state == State.CONFIRMED):
        return []
    found = mine.event.registrations.confirmed().filter(~Q(list_wording=""), anonymous_since=None)
    rows = [{"name": one.name, "structure": one.structure, "position": one.position} for one in found]
    return sorted(rows, key=lambda row: fold(row["name"]))
