"""Bringing in people who already agreed, with the proof: what is missing in a line is said, and the line is left out."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from trajectoire.core.tables import Table
from trajectoire.core.text import fold

from ..alerts.models import Subscriber
from .models import Departure, Subscription

BATCH = 500
# What people call each column, folded.
COLUMNS = {
    "email": ("e-mail", "email", "mail", "courriel", "adresse e-mail", "adresse email", "adresse", "adresse mail"),
    "date": ("date", "date de l’accord", "date d’accord", "date du consentement", "consentement le", "accord le"),
    "consent": ("texte", "texte de l’accord", "accord", "consentement", "source", "preuve", "origine"),
}
LABELS = {"email": "e-mail", "date": "date", "consent": "accord"}
FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


@dataclass
class Outcome:
    """How many lines brought someone, or someone already known; and those refused: (line, address, why)."""

    added: int = 0
    known: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    email: str
    agreed_at: datetime.datetime
    consent: str


def places(headers: Sequence[str]) -> dict[str, int]:
    """Where each column is; raises ValidationError with the names of those that are missing."""
    named = [fold(header).strip().replace("'", "’") for header in headers]
    found = {name: named.index(word) for name, words in COLUMNS.items() for word in reversed(words) if word in named}
    if missing := [LABELS[name] for name in COLUMNS if name not in found]:
        raise ValidationError(
            f"Il manque une colonne : {', '.join(missing)}. Chaque ligne dit l’adresse, la date de l’accord, et le texte accepté "
            "ou ce qui le prouve."
        )
    return found


def bring(table: Table) -> Outcome:
    """Store what the table holds, a few hundred people at a time; run again, it adds nobody twice."""
    where, outcome = places(table.headers), Outcome()
    people = list(_people(table, where, outcome))
    for start in range(0, len(people), BATCH):
        _store(people[start : start + BATCH], outcome)
    return outcome


def _people(table: Table, where: dict[str, int], outcome: Outcome) -> Iterator[tuple[int, Person]]:
    """The lines that can be kept; each address once, the first time it comes."""
    seen: set[str] = set()
    for number, cells in table.lines:
        given = {name: cells[place].strip() if place < len(cells) else "" for name, place in where.items()}
        email, agreed_at = given["email"], moment(given["date"])
        reason = _refusal(given, agreed_at)
        if reason or agreed_at is None:
            outcome.refused.append((number, email, reason))
        elif email.lower() in seen:
            outcome.known += 1
        else:
            seen.add(email.lower())
            yield number, Person(email, agreed_at, given["consent"][:500])


def _refusal(given: dict[str, str], agreed_at: datetime.datetime | None) -> str:
    try:
        validate_email(given["email"])
    except ValidationError:
        return "Cette adresse n’est pas complète."
    if len(given["email"]) > 254:
        return "Cette adresse est trop longue."
    if not given["date"] or not given["consent"]:
        return "L’accord n’est pas prouvé : il manque sa date ou son texte."
    if agreed_at is None:
        return "La date de l’accord n’est pas lisible : écrivez-la 31/12/2025."
    return "La date de l’accord est à venir." if agreed_at > timezone.now() else ""


def moment(text: str) -> datetime.datetime | None:
    """The beginning of a day, in Paris; the hour that spreadsheets add is left out."""
    day = re.sub(r"[ T]\d.*$", "", text)
    for wanted in FORMATS:
        try:
            return timezone.make_aware(datetime.datetime.strptime(day, wanted))
        except ValueError:
            continue
    return None


@transaction.atomic
def _store(people: list[tuple[int, Person]], outcome: Outcome) -> None:
    """These people, in seven queries at most."""
    left = _left_since(people)
    outcome.refused += [(number, one.email, "Cette personne s’est désabonnée depuis.") for number, one in people if one in left]
    wanted = {one.email.lower(): one for _, one in people if one not in left}
    rows = Subscriber.objects.annotate(address=Lower("email")).filter(address__in=wanted)
    known = set(rows.values_list("address", flat=True))
    Subscriber.objects.bulk_create(
        Subscriber(email=one.email, created_at=timezone.now(), seen_at=one.agreed_at)
        for address, one in wanted.items()
        if address not in known
    )
    without = {row.pk: wanted[row.address] for row in rows.filter(letter=None)}
    Subscription.objects.bulk_create(
        Subscription(subscriber_id=pk, confirmed_at=one.agreed_at, consent=one.consent) for pk, one in without.items()
    )
    outcome.added += len(without)
    outcome.known += len(wanted) - len(without)


def _left_since(people: list[tuple[int, Person]]) -> set[Person]:
    """Those who left after the agreement that the list holds."""
    digests = {Departure.digest_of(one.email): one for _, one in people}
    rows = Departure.objects.filter(digest__in=digests).values_list("digest", "left_at")
    return {digests[digest] for digest, left_at in rows if left_at >= digests[digest].agreed_at}
