"""Putting people in touch: the site hands a message over without giving an address to anyone; answers go directly."""

from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse

from trajectoire.core import mail, tokens
from trajectoire.core.limits import too_many_for

from ..models import Initiative, Person
from .cards import MODELS
from .entries import DirectoryEntry, Reachable
from .marking import mailbox_mark

STOP = "network.relay.stop"
DAY = 24 * 3600
FROM_ONE_SENDER, TO_ONE_RECIPIENT = 10, 20  # messages a day


def refusal(entry: DirectoryEntry, sender: str) -> str:
    """Why a message cannot leave now; an empty string when it can. Counts the try."""
    if too_many_for(sender.lower(), "relay-sender", limit=FROM_ONE_SENDER, seconds=DAY):
        return "Vous avez envoyé beaucoup de messages aujourd’hui. Gardez celui-ci et envoyez-le demain."
    if too_many_for(f"{entry.search_kind}/{entry.pk}", "relay-recipient", limit=TO_ONE_RECIPIENT, seconds=DAY):
        return "Beaucoup de messages ont déjà été transmis aujourd’hui. Gardez celui-ci et envoyez-le demain."
    return ""


@dataclass(frozen=True)
class Message:
    """What a visitor writes through the site."""

    name: str
    email: str
    subject: str
    text: str


@transaction.atomic
def hand_over(entry: DirectoryEntry, message: Message, *, copy: bool) -> None:
    """Write to the mailbox of the entry, and a copy to the sender who asked for it; nothing else is kept."""
    said = {"entry": entry, "url": mail.link(entry.get_absolute_url()), "message": message}
    mail.post("relay", entry.mailbox, said | {"stop_url": mail.link(stop_path(entry))}, reply_to=message.email)
    if copy:
        mail.post("relay_copy", message.email, said)


def stop_path(entry: DirectoryEntry) -> str:
    """The page where whoever reads the mailbox of this entry refuses the next messages."""
    held = _owner(entry)
    value = [held.search_kind, held.pk, mailbox_mark(held.email)]  # type: ignore[attr-defined]
    return reverse("network:directory_stop", args=[tokens.sign(STOP, value)])


def _owner(entry: DirectoryEntry) -> DirectoryEntry:
    """Whose mailbox it is: for an initiative, its carrier's."""
    if not isinstance(entry, Initiative):
        return entry
    return entry.carriers.filter(published=True, contactable=True, email=entry.mailbox).order_by("name")[0]


def entry_to_stop(token: str) -> DirectoryEntry | None:
    """The entry a link was made for; None once it is gone or its mailbox changed. Raises tokens.Invalid."""
    kind, pk, mark = tokens.unsign(STOP, token)
    entry = MODELS[kind]._default_manager.filter(pk=pk).first()
    return entry if isinstance(entry, Reachable) and mailbox_mark(entry.email) == mark else None


def stop(entry: DirectoryEntry) -> None:
    """No more message of the site to this mailbox; doing it twice changes nothing."""
    entry.contactable = False  # type: ignore[attr-defined]
    entry.save()


def withdraw(person: Person) -> None:
    """Erase the entry of a person who asks for it, at once and whole: its name in the log of the admin too."""
    kind = ContentType.objects.get_for_model(Person)
    with transaction.atomic():
        LogEntry.objects.filter(content_type=kind, object_id=str(person.pk)).delete()
        person.delete()
