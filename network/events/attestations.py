"""Attestations: issued from presence, numbered without a gap, verified by anyone, corrected or revoked in the open.

The file is not kept: it is drawn again from the facts stored when it was issued, and comes out the same.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, Q
from django.utils import formats, timezone

from trajectoire.core import qr
from trajectoire.core.mail import link
from trajectoire.core.models import User
from trajectoire.core.pdf import typst_pdf
from trajectoire.core.text import NBSP, day, local_day, plural

from .attestation import Attestation, AttestationQuerySet, AttestationYear
from .models import Event, EventDate, Presence, Registration
from .registrations import RegistrationQuerySet
from .vocabulary import EventMode, EventStatus, HalfDay

TEMPLATE = Path(__file__).parent / "data" / "attestation.typ"
CENTRE = "Trajectoire Ressources"
KEPT_FOR = datetime.timedelta(days=3 * 365)


class NotDue(Exception):
    """No attestation may be made; the message is a French sentence for staff."""


def attestation_for(registration: Registration) -> Attestation | None:
    """The valid attestation of a person, or None."""
    return registration.attestations.valid().first()


def due(event: Event) -> RegistrationQuerySet:
    """Who reaches the threshold of this event (the one that holds the registrations) and never had an attestation."""
    named = event.registrations.filter(anonymous_since=None).exclude(name="")
    return named.reaching().filter(attestations=None).order_by("queued_at", "pk")


def may_issue(event: Event, now: datetime.datetime | None = None) -> bool:
    """Not before the last day: until then half-days are still to come."""
    last = EventDate.objects.filter(event__in=event.sessions.exclude(status=EventStatus.CANCELLED)).order_by("-starts_at").first()
    return last is not None and timezone.localdate(last.starts_at) <= timezone.localdate(now)


def issue(event: Event, by: User | None = None, now: datetime.datetime | None = None) -> list[Attestation]:
    """An attestation for everyone who is due one, in the order of registration. Run again, or twice at once: nothing more."""
    now = now or timezone.now()
    with transaction.atomic():
        year = _locked_year(now)
        shared = event_facts(event)
        made = [
            _new(person, shared, (year.year, year.last + rank), by, now)
            for rank, person in enumerate(due(event).prefetch_related(_TICKED), start=1)
        ]
        Attestation.objects.bulk_create(made)
        AttestationYear.objects.filter(pk=year.pk).update(last=year.last + len(made))
    return made


def correct(attestation: Attestation, reason: str, by: User | None = None) -> Attestation:
    """A new version, with the same number and another code, from what is true now; the former one says that it is replaced.

    Raises NotDue when presence no longer reaches the threshold, or when the name has been erased. One that was revoked may be
    made anew in this way.
    """
    now = timezone.now()
    with transaction.atomic():
        _locked_year(now)
        current = Attestation.objects.filter(year=attestation.year, order=attestation.order).order_by("-version")[0]
        named = Registration.objects.with_attendance().exclude(name="").select_related("event__series")
        person = named.prefetch_related(_TICKED).filter(pk=current.registration_id or 0).first()
        if person is None:
            raise NotDue("Le nom de cette personne a été effacé : son attestation ne peut plus changer.")
        if not person.reached:  # type: ignore[attr-defined]
            raise NotDue("Cette personne n’a pas suivi assez de demi-journées : retirez plutôt son attestation.")
        if current.state == Attestation.State.VALID:
            _end(current, Attestation.State.REPLACED, reason)
        made = _new(person, event_facts(person.event), (current.year, current.order), by, now)
        made.version = current.version + 1
        made.save()
    return made


def revoke(attestation: Attestation, reason: str) -> bool:
    """It is no longer valid, and its page says so; the reason stays with staff. False when it was not valid any more."""
    return _end(attestation, Attestation.State.REVOKED, reason)


def _end(attestation: Attestation, state: str, reason: str) -> bool:
    """Only what is valid ends: of two people at once, the first one decides."""
    ended = {"state": state, "reason": reason, "ended_at": timezone.now()}
    return Attestation.objects.valid().filter(pk=attestation.pk).update(**ended) == 1


def _locked_year(now: datetime.datetime) -> AttestationYear:
    """The row of that year, ours alone until the end of the transaction: numbers follow one another, none is lost on failure."""
    this_year = timezone.localdate(now).year
    AttestationYear.objects.get_or_create(year=this_year)
    AttestationYear.objects.filter(year=this_year).update(last=F("last"))  # takes the lock on both databases
    return AttestationYear.objects.get(year=this_year)


_TICKED = Prefetch("presences", Presence.objects.counted().select_related("date"), to_attr="counted")


def _new(person: Any, shared: dict[str, Any], number: tuple[int, int], by: User | None, now: datetime.datetime) -> Attestation:
    """Not stored; `number`: the year, and the order in it."""
    half_days = [[timezone.localdate(row.date.starts_at).isoformat(), row.half_day] for row in person.counted]
    half_days.sort(key=lambda pair: (pair[0], HalfDay.values.index(pair[1])))
    counts = {"attended": person.attended, "planned": person.planned}
    known = {"event_id": person.event_id, "name": person.name, "facts": shared | {"half_days": half_days}}
    return Attestation(registration=person, year=number[0], order=number[1], issued_at=now, issued_by=by, **counts, **known)


def event_facts(event: Event) -> dict[str, Any]:
    """What is attested of the event, as of now; each person adds `half_days`, [[ISO day, half-day]]."""
    whole = event.series if event.series and event.series.lead_id == event.pk else None
    return {
        "title": whole.title if whole else event.title,
        "kind": event.get_kind_display(),
        "mode": event.mode,
        "place": ", ".join(part for part in (event.venue, event.address) if part),
        "organisers": [organiser.name for organiser in event.organisers.order_by("name")] or [CENTRE],
    }


def attestation_pdf(attestation: Attestation) -> bytes:
    """The attestation on A4: a PDF/UA-1 file, the same each time."""
    return typst_pdf(TEMPLATE.read_text(encoding="utf-8"), contents(attestation))


def contents(attestation: Attestation) -> dict[str, Any]:
    """What attestation.typ draws, from what was stored alone."""
    told = attestation.facts
    url = link(attestation.verify_path)
    return {
        "title": f"Attestation de participation {attestation.number}",
        "number": attestation.number,
        "name": attestation.name,
        "kind": told["kind"],
        "event": told["title"],
        "days": day_lines(told["half_days"]),
        "count": count_label(attestation),
        "place": told["place"] if told["mode"] != EventMode.ONLINE else "En ligne",
        "organisers": ", ".join(told["organisers"]),
        "issued": local_day(attestation.issued_at),
        "code": shown_code(attestation.code),
        "url": url,
        "qr": qr.svg(url),
    }


def day_lines(half_days: list[list[str]]) -> list[str]:
    """« jeudi 12 mars 2026, matin et après-midi », a line a day."""
    by_day: dict[str, list[str]] = {}
    for date, half_day in half_days:
        by_day.setdefault(date, []).append(HalfDay(half_day).label)
    return [
        f"{_weekday(date)} {day(datetime.date.fromisoformat(date))}, {' et '.join(halves)}" for date, halves in by_day.items()
    ]


def _weekday(date: str) -> str:
    return formats.date_format(datetime.date.fromisoformat(date), "l")


def count_label(attestation: Attestation) -> str:
    """« 3 demi-journées sur 4 »."""
    return f"{plural(attestation.attended, 'demi-journée', 'demi-journées')} sur{NBSP}{attestation.planned}"


def shown_code(code: str) -> str:
    """« ABCD-EFGH-JKMN-PQRS »."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """The code that someone copied from paper: case, spaces and dashes do not count, nor O for 0, I and L for 1."""
    kept = "".join(character for character in typed.upper() if character.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


def masked(name: str) -> str:
    """« Amina Martin » → « A. Martin »: enough to compare with the paper, not to learn who attended."""
    first, _, rest = name.strip().partition(" ")
    return f"{first[:1]}. {rest}".strip() if first else ""


def pdf_files(event: Event) -> Iterator[tuple[str, bytes]]:
    """(name of the file, content) of every valid attestation of an event, one at a time."""
    for attestation in event.attestations.valid().exclude(name="").in_order().iterator(chunk_size=50):
        yield f"attestation-{attestation.year}-{attestation.order:04}.pdf", attestation_pdf(attestation)


def with_old_names(now: datetime.datetime) -> AttestationQuerySet:
    """Still named, while the person no longer is, or three years after the event."""
    over = Q(event__ends_at__lt=now - KEPT_FOR) & Q(issued_at__lt=now - KEPT_FOR)
    gone = Q(registration=None) | Q(registration__anonymous_since__isnull=False)
    return Attestation.objects.filter(over | gone).exclude(name="")


def forget_names(now: datetime.datetime) -> int:
    """The number, the code, the event and the half-days stay: a paper shown later is still recognised, without its name."""
    return with_old_names(now).update(name="", reason="")
