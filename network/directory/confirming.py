"""« Ces informations sont-elles à jour ? »: asked once a year by mail, answered by one button, without an account."""

import datetime
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import mail, tokens

from ..models import Organisation, Person
from .cards import MODELS
from .entries import DirectoryEntry, EntryQuerySet, Reachable
from .marking import mailbox_mark

SCOPE = "network.confirm"
YEAR = datetime.timedelta(days=365)
LINK_LASTS = datetime.timedelta(days=60)


def due(model: type[Organisation] | type[Person], today: datetime.date) -> EntryQuerySet:
    """Published, with a mailbox, neither confirmed nor asked for a year."""
    long_ago = today - YEAR
    rows: EntryQuerySet = model._default_manager.filter(published=True, contactable=True)  # type: ignore[assignment]
    found = rows.exclude(email="").filter(Q(confirmed_on=None) | Q(confirmed_on__lte=long_ago))
    return found.filter(Q(asked_on=None) | Q(asked_on__lte=long_ago)).order_by("pk")


def ask_all(limit: int | None = None) -> int:
    """Ask everyone who is due; how many mails were written. Killed and run again, it asks only who is missing."""
    today, asked = timezone.localdate(), 0
    for entry in _due_entries(today):
        if limit is not None and asked >= limit:
            break
        asked += ask(entry, today)
    return asked


def _due_entries(today: datetime.date) -> Iterator[DirectoryEntry]:
    for model in (Organisation, Person):
        yield from due(model, today)


@transaction.atomic
def ask(entry: DirectoryEntry, today: datetime.date) -> bool:
    """One mail and the day it was written, together; False when another run has just done it."""
    mine = due(type(entry), today).filter(pk=entry.pk).update(asked_on=today)  # type: ignore[arg-type]
    if mine:
        mail.post("confirm_entry", entry.mailbox, {"entry": entry, "url": mail.link(confirm_path(entry))})
    return bool(mine)


def confirm_path(entry: DirectoryEntry) -> str:
    value = [entry.search_kind, entry.pk, mailbox_mark(entry.email)]  # type: ignore[attr-defined]
    return reverse("network:directory_confirm", args=[tokens.sign(SCOPE, value)])


def entry_to_confirm(token: str) -> DirectoryEntry | None:
    """The entry of a link, or None once it is gone or its mailbox changed. Raises tokens.Invalid, tokens.Expired."""
    kind, pk, mark = tokens.unsign(SCOPE, token, max_age=int(LINK_LASTS.total_seconds()))
    entry = MODELS[kind]._default_manager.filter(pk=pk, published=True).first()
    return entry if isinstance(entry, Reachable) and mailbox_mark(entry.email) == mark else None


def confirm(entry: DirectoryEntry) -> None:
    """It is all true today; twice the same day changes nothing more."""
    entry.confirmed_on = timezone.localdate()
    entry.save()
