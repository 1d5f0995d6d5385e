"""Entries of the directory as the site stores them: through the models' own save."""

import datetime
import itertools
from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.utils import timezone

from network.directory.entries import DirectoryEntry
from network.models import Audience, Initiative, Offer, Organisation, Person, Territory, Theme

_numbers = itertools.count(1)
VOCABULARIES = {"themes": (Theme, "slug"), "territories": (Territory, "code"), "audiences": (Audience, "slug")}
# Genuine keys, of establishments that mean nothing here.
SIRET, SAME_COMPANY, OTHER_SIRET = "73282932000074", "73282932000082", "81520791500019"


def organisation(name: str = "", **given: Any) -> Organisation:
    """In the directory, reachable, confirmed today, unless told otherwise; vocabularies are given by their codes."""
    return _made(Organisation, name or f"Organisation {next(_numbers)}", {"kind": "association"} | given)


def person(name: str = "", **given: Any) -> Person:
    accord = {"basis": "consentement", "basis_on": timezone.localdate(), "basis_wording": "J’accepte.", "published": True}
    return _made(Person, name or f"Personne {next(_numbers)}", {"kind": "expert"} | accord | given)


def initiative(name: str = "", carriers: Sequence[Organisation] = (), **given: Any) -> Initiative:
    made = _made(Initiative, name or f"Initiative {next(_numbers)}", given)
    made.carriers.set(carriers)
    made.announce(made.pk)
    return made


def _made(model: type[DirectoryEntry], name: str, given: dict[str, Any]) -> Any:
    links = {field: given.pop(field, ()) for field in (*VOCABULARIES, "offers")}
    defaults: dict[str, Any] = {"summary": "Ce qu’elle fait, en une phrase.", "confirmed_on": timezone.localdate()}
    if model is not Initiative:
        defaults["email"] = f"boite{next(_numbers)}@example.org"
    made = model(name=name, **defaults | given)
    made.save()
    for field, (vocabulary, code) in VOCABULARIES.items():
        getattr(made, field).set(vocabulary.objects.filter(**{f"{code}__in": links[field]}))
    if links["offers"]:
        made.offers.set(Offer.objects.filter(slug__in=links["offers"]))
    made.announce(made.pk)
    return made


def offers() -> None:
    Offer.objects.bulk_create(
        Offer(slug=slug, name=name, order=order)
        for order, (slug, name) in enumerate([("former", "Former ou sensibiliser"), ("financer", "Financer")])
    )


def ago(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


def shown_a_minute_ago() -> str:
    """What the hidden field of a form holds when someone took the time to fill it."""
    then = datetime.datetime.now(tz=datetime.UTC).timestamp() - 60
    return signing.dumps(int(then), salt="form")
