"""Bringing in people who already agreed, with the proof: what is missing in a line is said, and the line is left out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from trajectoire.core.importing import Action, Column, Importer, Planned, Record, cells, rows
from trajectoire.core.importing.cells import Wrong
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.text import fold

from ..alerts.models import Subscriber
from .models import Departure, Subscription

COLUMNS = (
    Column(
        "email",
        "Adresse e-mail",
        ("e mail", "email", "mail", "courriel", "adresse", "adresse email", "adresse mail"),
        required=True,
        help="Chaque adresse une fois, quelle que soit sa casse.",
    ),
    Column(
        "date",
        "Date de l’accord",
        (
            "date",
            "date d’accord",
            "date du consentement",
            "consentement le",
            "accord le",
            "accord donne le",
            "optin time",
            "confirm time",
        ),
        required=True,
        help="Sans elle, la ligne est refusée.",
    ),
    Column(
        "consent",
        "Accord",
        ("texte", "texte de l’accord", "consentement", "source", "preuve", "origine"),
        required=True,
        help="Le texte accepté, ou ce qui le prouve. Sans lui, la ligne est refusée.",
    ),
    Column("state", "État", ("statut", "status"), help="Une personne désabonnée, inactive ou refusée est laissée de côté."),
    Column("dead", "Adresse morte depuis le", ("rejetee le",), help="Remplie : plus rien n’est envoyé à cette adresse."),
)
# What the tools that send letters say of those who no longer want any (Mailchimp, Brevo, MailPoet, Sympa).
GONE = (
    "desabonn",
    "desinscri",
    "unsubscribed",
    "cleaned",
    "bounced",
    "blacklist",
    "liste noire",
    "inacti",
    "archive",
    "plainte",
    "spam",
)
LEFT = "Cette personne s’est désabonnée depuis."


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    return rows.records(COLUMNS, path, options, _record)


def _record(number: int, line: Mapping[str, str]) -> Record:
    email = cells.email(line["email"])
    if not email:
        raise Wrong("L’adresse e-mail manque.")
    if any(word in fold(line["state"]) for word in GONE):
        raise Wrong(f"État « {line['state']} » : cette personne ne veut plus de lettre, ou ne la reçoit plus.")
    agreed_at, dead_at = cells.moment(line["date"]), cells.moment(line["dead"])
    if agreed_at is None or not line["consent"]:
        raise Wrong("L’accord n’est pas prouvé : il manque sa date ou son texte.")
    if agreed_at > timezone.now():
        raise Wrong("La date de l’accord est à venir.")
    values = {
        "email": email,
        "agreed_at": agreed_at.isoformat(),
        "consent": line["consent"][:500],
        "dead_at": dead_at.isoformat() if dead_at else "",
    }
    return Record(number, "", email, values)


class SubscriptionTarget:
    """Nobody is written to; who left after the agreement that the list holds does not come back."""

    model: type[models.Model] = Subscription

    def __init__(self, run: ImportRun) -> None:
        self.planned: set[str] = set()

    def plan(self, record: Record) -> Planned:
        email, agreed_at = record.values["email"], _moment(record.values["agreed_at"])
        known = Subscription.objects.filter(subscriber__email__iexact=email).first()
        if known is not None or email.lower() in self.planned:
            waits = known is not None and known.confirmed_at is None
            notes = ("Sa demande attend d’être confirmée : laissée telle quelle.",) if waits else ()
            return Planned(Action.SAME, known.pk if known else None, notes=notes)
        if Departure.objects.filter(digest=Departure.digest_of(email), left_at__gte=agreed_at).exists():
            raise ValidationError(LEFT)
        self.planned.add(email.lower())
        return Planned(Action.NEW)

    def write(self, record: Record, planned: Planned) -> Subscription:
        values, agreed_at = record.values, _moment(record.values["agreed_at"])
        subscriber = Subscriber.objects.filter(email__iexact=values["email"]).first()
        if subscriber is None:
            subscriber = Subscriber.objects.create(email=values["email"], created_at=timezone.now(), seen_at=agreed_at)
        dead_at = _moment(values["dead_at"]) if values["dead_at"] else None
        return Subscription.objects.create(
            subscriber=subscriber, confirmed_at=agreed_at, consent=values["consent"], dead_at=dead_at
        )

    def finish(self) -> Iterable[Subscription]:
        return ()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


SUBSCRIPTIONS = Importer(
    name="abonnements",
    label="Abonnements à la lettre (tableau)",
    help="Des personnes qui ont accepté de recevoir la lettre, avec la date et la preuve de leur accord. Aucun message ne part.",
    extensions=(".csv", ".xlsx", ".ods"),
    permission="letters.change_subscription",
    read=read,
    target=SubscriptionTarget,
    columns=COLUMNS,
    options=forms.Form,
    remembered=False,
)
