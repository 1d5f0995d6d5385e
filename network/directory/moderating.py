"""Receiving a proposal, then accepting or refusing it: the only writers of what visitors propose."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from trajectoire.core import mail
from trajectoire.core.text import day

from ..duplicates import SURE, Candidate, likely_duplicates, normalised
from ..models import Initiative, Organisation
from .cards import MODELS
from .entries import DirectoryEntry
from .proposals import Proposal


class AlreadyDecided(Exception):
    """Someone has just accepted or refused it."""


def duplicates(proposal: Proposal) -> list[Candidate]:
    """The entries that something newly proposed may be."""
    model = Organisation if proposal.kind == Proposal.Kind.ORGANISATION else Initiative
    values = proposal.values
    return likely_duplicates(values.get("name", ""), values.get("siret", ""), proposal.first_territory(), model=model)


def same_waiting(proposal: Proposal) -> list[Proposal]:
    """The other proposals of the same thing that nobody has examined yet."""
    waiting = Proposal.objects.filter(status=Proposal.Status.WAITING, kind=proposal.kind).exclude(pk=proposal.pk)
    name, siret = normalised(proposal.values.get("name", "")), proposal.values.get("siret")
    return [
        other
        for other in waiting.order_by("received_at")
        if normalised(other.values.get("name", "")) == name or (siret and other.values.get("siret") == siret)
    ]


@transaction.atomic
def receive(proposal: Proposal) -> None:
    """Store it and tell the team."""
    proposal.save()
    path = f"/admin/network/proposal/{proposal.pk}/change/"
    mail.post("proposal_received", settings.CONTACT_EMAIL, {"proposal": proposal, "url": mail.link(path)})


@transaction.atomic
def accept(proposal: Proposal, user: Any, *, onto: DirectoryEntry | None = None, tell: bool = False) -> DirectoryEntry:
    """Write what is proposed: in a new entry, in the one it corrects, or in `onto`. Raises ValidationError, AlreadyDecided."""
    proposal = _locked(proposal)
    entry = onto or proposal.target or MODELS[proposal.kind](sources=f"Proposée par formulaire le {day(timezone.localdate())}")
    _write(entry, proposal, completing=onto is not None)
    setattr(proposal, entry.search_kind, entry)
    _decide(proposal, Proposal.Status.ACCEPTED, user)
    if tell and proposal.author_email:
        said = {"proposal": proposal, "entry": entry, "url": mail.link(entry.get_absolute_url())}
        mail.post("proposal_accepted", proposal.author_email, said)
    return entry


@transaction.atomic
def refuse(proposal: Proposal, user: Any, *, answer: str = "", tell: bool = False) -> None:
    """Leave everything as it is."""
    proposal = _locked(proposal)
    proposal.answer = answer
    _decide(proposal, Proposal.Status.REFUSED, user)
    if tell and proposal.author_email:
        mail.post("proposal_refused", proposal.author_email, {"proposal": proposal, "answer": answer})


def _locked(proposal: Proposal) -> Proposal:
    current = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not current.is_waiting:
        raise AlreadyDecided
    return current


def _decide(proposal: Proposal, status: Proposal.Status, user: Any) -> None:
    proposal.status, proposal.decided_at, proposal.decided_by = status, timezone.now(), user
    proposal.save()


def _write(entry: DirectoryEntry, proposal: Proposal, *, completing: bool) -> None:
    """The values proposed, in the entry; when completing, what exists stays."""
    values = {field: proposal.values[field.name] for field in proposal.fields}
    if completing:
        values = {field: field.completed(field.current(entry), value) for field, value in values.items()}
    for field, value in values.items():
        if not field.many and (entry.pk is None or value != field.current(entry)):  # a text that stays keeps its headings
            setattr(entry, field.name, field.stored(value))
    if proposal.by_owner:
        entry.confirmed_on = timezone.localdate()
    entry.version += 1
    entry.full_clean(exclude=["slug"])
    entry.save()
    for field, value in values.items():
        if field.many:
            getattr(entry, field.name).set(field.rows(value))
    if isinstance(entry, Initiative) and proposal.carrier:
        entry.carriers.add(*_carriers(proposal.carrier))
    entry.announce(entry.pk)


def _carriers(name: str) -> list[int]:
    """The organisation of that very name, if the directory knows it."""
    return [found.pk for found in likely_duplicates(name) if found.score == SURE][:1]


def reasons(error: ValidationError) -> str:
    """What a refusal of the model says, in one line."""
    return " ".join(error.messages)
