"""The only writer of registrations: joining, leaving, the waiting list, the decisions of staff. See docs/events.md.

Each write holds the row of the event from its first read to its commit, so that two of them never count the same place:
`SELECT … FOR UPDATE` on PostgreSQL; on SQLite the transaction itself, which is IMMEDIATE
(settings.DATABASES), begun in turn (core/turns.py).
The hour is read once the row is held: whoever is served first also stands first in line.
Mails are stored in the same transaction: nobody is told what is not in the database.
"""

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from trajectoire.core import mail, newsletter
from trajectoire.core.limits import too_many_for
from trajectoire.core.turns import in_turn

from .event import Event
from .notice_texts import NoticeKind
from .notices import notice
from .opening import opening
from .places import counts, free_for_newcomers, may_promote, places_left
from .registrations import ACTIVE, Registration, RegistrationState

State = RegistrationState
# What a person says of herself; nothing else of a form is ever stored.
SAID = ("name", "email", "phone", "structure", "position", "status", "department", "needs", "meal", "motivation", "answers")
CHANGEABLE = tuple(name for name in SAID if name not in ("email", "motivation"))
LIST_WORDING = "J’accepte que mon nom, ma structure et ma fonction figurent sur la liste remise aux personnes inscrites."
NOTICES = {
    State.CONFIRMED: NoticeKind.CONFIRMATION,
    State.WAITING: NoticeKind.WAITING,
    State.OFFERED: NoticeKind.OFFER,
    State.APPLIED: NoticeKind.APPLIED,
    State.REFUSED: NoticeKind.REFUSED,
}
MAILS_A_DAY = 5  # to somebody already registered, whoever fills the form again
FULL_NOW = (
    "Toutes les places viennent d’être prises. Si cette adresse avait déjà une inscription, elle est gardée : "
    "le message reçu par e-mail fait foi."
)


class Refused(Exception):
    """What cannot be done; its text is the French sentence to show."""


class Outcome(NamedTuple):
    """`shown` is what the page says: what somebody unknown would have got, or the truth to the form that registered."""

    registration: Registration
    shown: str


@contextmanager
def held(event: Event) -> Iterator[Event]:
    """The event that holds the registrations, fresh, and nobody else's until the end of the transaction.

    What the public sees of it is announced when it changes (open, last places, full): not at each registration.
    """
    with in_turn(), transaction.atomic():
        holder = locked(event.holder.pk)
        before = opening(holder).sentence
        yield holder
        if opening(holder).sentence != before:
            Event.announce(*holder.sessions.order_by("pk").values_list("pk", flat=True))


def locked(pk: int) -> Event:
    return Event.objects.select_for_update().get(pk=pk)


# Joining


def register(event: Event, fields: Mapping[str, Any], *, now: datetime.datetime | None = None) -> Registration:
    """One person, as the public form does; raises Refused when it is not open."""
    return register_all(event, [fields], now=now)[0].registration


def register_all(
    event: Event,
    people: Sequence[Mapping[str, Any]],
    *,
    form_key: uuid.UUID | None = None,
    by: str = "",
    now: datetime.datetime | None = None,
) -> list[Outcome]:
    """Everybody of one form, in order, or nobody: raises Refused when it is not open, or when a place is missing and nobody waits.

    `people`: the keys of SAID, `share` for the list of participants, `newsletter` the wording agreed to. The first one fills
    the form; `by` is who registers the others. Sent again (`form_key`), it changes nothing and writes to nobody.
    """
    with held(event) as holder:
        now = now or timezone.now()
        if form_key and (known := _same_form(holder, people, form_key)):
            return known
        found = opening(holder, now)
        if not found.accepts:
            raise Refused(FULL_NOW if found.state == "full" else found.sentence)
        shared = {"form_key": form_key, "group": uuid.uuid4() if len(people) > 1 else None}
        return [
            _join(holder, person, now, shared | {"registered_by": by if number else ""}) for number, person in enumerate(people)
        ]


def _same_form(holder: Event, people: Sequence[Mapping[str, Any]], form_key: uuid.UUID) -> list[Outcome]:
    """What this very form got when it was sent before (double click, Back, reload); nothing when somebody is new."""
    mine = {one.email_key: one for one in holder.registrations.filter(form_key=form_key)}
    keys = [key_of(person["email"]) for person in people]
    return [Outcome(mine[key], mine[key].state) for key in keys] if all(key in mine for key in keys) else []


def key_of(email: str) -> str:
    """One person is one address, whatever its case."""
    return email.strip().lower()


def _join(holder: Event, person: Mapping[str, Any], now: datetime.datetime, shared: Mapping[str, Any]) -> Outcome:
    would = _newcomer(holder)
    known = holder.registrations.filter(email_key=key_of(person["email"])).first()
    if known is not None and known.state != State.CANCELLED:
        return _again(known, would, now)
    joined = known or Registration(event=holder)
    for name, value in (_told(person, now) | dict(shared)).items():
        setattr(joined, name, value)
    joined.state, joined.queued_at, joined.cancelled_at = would, now, None
    joined.confirmed_at = now if would == State.CONFIRMED else None
    joined.save()
    notice(NOTICES[would], joined)
    return Outcome(joined, would)


def _newcomer(holder: Event) -> State:
    """The state of somebody who comes now."""
    if holder.registering == Event.Registering.BY_STAFF:
        return State.APPLIED
    if free_for_newcomers(holder, counts(holder)) == 0:
        if not holder.waiting_list:
            raise Refused(FULL_NOW)
        return State.WAITING
    return State.CONFIRMED


def _told(person: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """What is stored of a form."""
    said = {name: person[name] for name in SAID if name in person}
    letter, share = person.get("newsletter", ""), LIST_WORDING if person.get("share") else ""
    agreed = {"newsletter_wording": letter, "list_wording": share, "consented_at": now if letter or share else None}
    return said | agreed | {"email": person["email"].strip(), "email_key": key_of(person["email"])}


def _again(known: Registration, would: State, now: datetime.datetime) -> Outcome:
    """Somebody registered already: nothing changes (anybody may have typed this address), and she is reminded of it by mail.

    A place kept for her, while others are free for whoever comes, is hers.
    """
    kept = known.state == State.OFFERED and would == State.CONFIRMED
    if kept:
        _confirm(known, now)
    if not too_many_for(f"{known.event_id} {known.email_key}", "registration-mails", limit=MAILS_A_DAY, seconds=86_400):
        notice(NOTICES[State(known.state)], known, again=not kept)
    return Outcome(known, would)


def add(event: Event, fields: Mapping[str, Any], *, walk_in: bool = False, now: datetime.datetime | None = None) -> Registration:
    """By staff, or on the spot: confirmed at once, open or not, places or not. Who was known keeps what she said.

    Nothing is written to somebody who stands at the door.
    """
    with held(event) as holder:
        now = now or timezone.now()
        email = fields.get("email", "")
        known = holder.registrations.filter(email_key=key_of(email)).first() if email else None
        added = known or Registration(event=holder, walk_in=walk_in, **_told({"email": ""} | dict(fields), now))
        if added.state != State.CONFIRMED:
            _set(added, State.CONFIRMED, now)
            if added.email and not walk_in:
                notice(NoticeKind.CONFIRMATION, added)
        return added


# Leaving and changing


def cancel(registration: Registration, *, by_staff: bool = False, now: datetime.datetime | None = None) -> None:
    """Leave; the place goes to the next one. Done twice, it stays done; raises Refused once it has begun, but for staff."""
    with held(registration.event) as holder:
        now = now or timezone.now()
        fresh = _fresh(registration)
        if fresh.state not in ACTIVE:
            return
        if not by_staff and holder.starts_at and holder.starts_at <= now:
            raise Refused("L’événement a commencé : écrivez-nous si vous ne pouvez plus y participer.")
        _set(fresh, State.CANCELLED, now)
        notice(NoticeKind.LEFT, fresh)
        _promote(holder, now)
    _copy(fresh, registration)


def change(registration: Registration, fields: Mapping[str, Any]) -> None:
    """What the person corrects of herself; neither her address nor her state."""
    with held(registration.event):
        fresh = _fresh(registration)
        for name in CHANGEABLE:
            setattr(fresh, name, fields.get(name, getattr(fresh, name)))
        fresh.save()
    _copy(fresh, registration)


def choose(registration: Registration, *, share: bool, letter: bool, now: datetime.datetime | None = None) -> None:
    """Give or withdraw one's agreements; the wording agreed to, and when, are kept. The letter is confirmed from the mailbox."""
    door = newsletter.current()
    with held(registration.event) as holder:
        now = now or timezone.now()
        fresh = _fresh(registration)
        before = bool(fresh.newsletter_wording)
        fresh.list_wording = LIST_WORDING if share and holder.shares_list else ""
        fresh.newsletter_wording = door.wording if door and letter else ""
        fresh.consented_at = now if fresh.list_wording or fresh.newsletter_wording else None
        fresh.save()
        if door and letter != before:
            (door.ask if letter else door.leave)(fresh.email)
    _copy(fresh, registration)


def revoke_link(registration: Registration) -> None:
    """The former links of this person are dead; `notices` writes the new ones."""
    with held(registration.event):
        fresh = _fresh(registration)
        fresh.link_version += 1
        fresh.save()
    _copy(fresh, registration)


# The waiting list


def promote(event: Event, *, now: datetime.datetime | None = None) -> list[Registration]:
    """Give the free places to those who wait, in order; those who got one, or were offered one."""
    with held(event) as holder:
        return _promote(holder, now or timezone.now())


def capacity_changed(event: Event) -> list[Registration]:
    """After staff changed the number of places: raised, the line moves; lowered, everybody stays (`places_left` is negative)."""
    return promote(event)


def _promote(holder: Event, now: datetime.datetime) -> list[Registration]:
    if not (holder.waiting_list and holder.promotes and may_promote(holder, now)):
        return []
    left = places_left(holder)
    line = holder.registrations.in_line()
    return [_serve(one, holder, now) for one in (line if left is None else line[: max(left, 0)])]


def _serve(registration: Registration, holder: Event, now: datetime.datetime) -> Registration:
    """Offer a place for a while, or give it when nothing is asked."""
    if not holder.accept_hours:
        _confirm(registration, now)
        notice(NoticeKind.CONFIRMATION, registration)
        return registration
    ends = now + datetime.timedelta(hours=holder.accept_hours)
    registration.offer_ends_at = min(ends, holder.starts_at) if holder.starts_at else ends
    _set(registration, State.OFFERED, now)
    notice(NoticeKind.OFFER, registration)
    return registration


def offer(registration: Registration, *, now: datetime.datetime | None = None) -> None:
    """Staff chooses somebody who waits; raises Refused twice, when no place is free, once it has begun."""
    with held(registration.event) as holder:
        now = now or timezone.now()
        fresh = _fresh(registration)
        if fresh.state != State.WAITING:
            raise Refused("Cette personne n’est pas, ou n’est plus, en liste d’attente.")
        if not may_promote(holder, now):
            raise Refused("L’événement a commencé, est annulé ou reporté : aucune place ne peut plus être proposée.")
        if places_left(holder) is not None and (places_left(holder) or 0) <= 0:
            raise Refused("Aucune place n’est libre : augmentez d’abord le nombre de places.")
        _serve(fresh, holder, now)
    _copy(fresh, registration)


def accept(registration: Registration, *, now: datetime.datetime | None = None) -> None:
    """The person takes the place kept for her; done twice, it stays done. Raises Refused when it is no longer kept."""
    with held(registration.event) as holder:
        now = now or timezone.now()
        fresh = _fresh(registration)
        if fresh.state != State.CONFIRMED:
            kept = fresh.state == State.OFFERED and fresh.offer_ends_at and now < fresh.offer_ends_at
            if not kept or not may_promote(holder, now):
                raise Refused("Cette place n’est plus gardée : le délai pour l’accepter est passé.")
            _confirm(fresh, now)
            notice(NoticeKind.CONFIRMATION, fresh)
    _copy(fresh, registration)


def end_offers(*, now: datetime.datetime | None = None) -> int:
    """Take back the places nobody accepted in time, and offer them to the next ones; how many were taken back."""
    now = now or timezone.now()
    late = Registration.objects.filter(state=State.OFFERED, offer_ends_at__lte=now).order_by("event")
    ended = 0
    for event in Event.objects.filter(pk__in=late.values("event")).order_by("pk"):
        with mail.held(), held(event) as holder:
            for one in late.filter(event=holder).order_by("offer_ends_at", "pk"):
                _set(one, State.CANCELLED, now)
                notice(NoticeKind.OFFER_OVER, one)
                ended += 1
            _promote(holder, now)
    return ended


def prioritise(registration: Registration, priority: int) -> None:
    """Staff: a greater number is served sooner."""
    with held(registration.event):
        fresh = _fresh(registration)
        fresh.priority = priority
        fresh.save()
    _copy(fresh, registration)


# Applications


def decide(registration: Registration, accepted: bool, note: str = "", *, now: datetime.datetime | None = None) -> None:
    """Staff answers an application, with a message of its own; accepted without a free place, the person waits.

    Somebody refused may be accepted later; anything else already decided raises Refused.
    """
    with held(registration.event) as holder:
        now = now or timezone.now()
        fresh = _fresh(registration)
        if fresh.state != State.APPLIED and not (accepted and fresh.state == State.REFUSED):
            raise Refused("Cette candidature a déjà reçu sa réponse.")
        fresh.decision_note, fresh.queued_at = note, now
        full = free_for_newcomers(holder, counts(holder)) == 0
        if accepted and full and not holder.waiting_list:
            raise Refused("Aucune place n’est libre : augmentez le nombre de places, ou ouvrez la liste d’attente.")
        _set(fresh, State.REFUSED if not accepted else State.WAITING if full else State.CONFIRMED, now)
        kinds = {State.REFUSED: NoticeKind.REFUSED, State.WAITING: NoticeKind.WAITING, State.CONFIRMED: NoticeKind.ACCEPTED}
        notice(kinds[State(fresh.state)], fresh, note=note)
    _copy(fresh, registration)


# One row


def _fresh(registration: Registration) -> Registration:
    """As it is now that the event is held."""
    return Registration.objects.select_related("event__series").get(pk=registration.pk)


def _copy(fresh: Registration, registration: Registration) -> None:
    """The caller's row says what was stored."""
    for field in Registration._meta.concrete_fields:
        if not field.is_relation:
            setattr(registration, field.attname, getattr(fresh, field.attname))


def _confirm(registration: Registration, now: datetime.datetime) -> None:
    _set(registration, State.CONFIRMED, now)


def _set(registration: Registration, state: State, now: datetime.datetime) -> None:
    registration.state = state
    registration.confirmed_at = now if state == State.CONFIRMED else None
    registration.cancelled_at = now if state == State.CANCELLED else None
    if state != State.OFFERED:
        registration.offer_ends_at = None
    registration.save()
