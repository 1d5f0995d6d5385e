"""A letter leaves: its page, its links and one message for each person are stored together, once. See docs/mail.md."""

import logging
import re
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django_tasks import task

from trajectoire.core import mail
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.prose import plain

from ..models import KIND, Collection, Document, DocumentType
from .composing import absolute, context, page_html, sections
from .models import COLLECTION, LONGEST_URL, TYPE, Letter, Link, Subscription

logger = logging.getLogger(__name__)

# What the server says of an address that is no more (RFC 5321, 4.2; RFC 3463): neither our own password (53x), nor what it
# thinks of our letters (5.7.x), nor a full mailbox (552, 5.2.2).
DEAD = re.compile(r"5(?!3|52)\d\d (?!5\.7\.|5\.2\.2)")
REFUSALS = 2  # letters one after the other
SUMMARY = 400


def obstacles(letter: Letter) -> list[str]:
    """Why it cannot leave: [sentence]."""
    said = []
    if not letter.intro and not sections(letter):
        said.append("Cette lettre est vide : écrivez l’édito, ou ajoutez des éléments.")
    if Document.objects.filter(collection__slug=COLLECTION, number=letter.number).exists():
        said.append(f"La collection a déjà un numéro {letter.number} : choisissez-en un autre.")
    return said


def schedule(letter: Letter) -> None:
    """Ready for its hour, or at once when it has none."""
    changed = Letter.objects.filter(pk=letter.pk, status=Letter.Status.DRAFT)
    changed.update(status=Letter.Status.READY, send_at=letter.send_at or timezone.now(), problem="", version=F("version") + 1)
    transaction.on_commit(send_letters.enqueue)


def cancel(letter: Letter) -> bool:
    """Back to a draft; False when it has already left."""
    ready = Letter.objects.filter(pk=letter.pk, status=Letter.Status.READY)
    return bool(ready.update(status=Letter.Status.DRAFT, problem="", version=F("version") + 1))


@task()
def send_letters() -> None:
    """What the command does, as soon as someone asks for it."""
    send_due()


def send_due() -> int:
    """Send the letters whose hour has come; how many. Safe at any number at once, and killed at any moment."""
    sent = 0
    for pk in Letter.objects.due().values_list("pk", flat=True):
        try:
            sent += send(pk)
        except Exception as error:  # it stays ready: staff sees why, the next run tries again
            logger.exception("letter %s", pk)
            Letter.objects.filter(pk=pk).update(problem=f"La lettre n’a pas pu partir : {error}"[:300])
    return sent


@transaction.atomic
def send(pk: int) -> bool:
    """Everything or nothing; False when another run was quicker."""
    letter = Letter.objects.due().select_for_update().filter(pk=pk).first()
    if letter is None:
        return False
    letter.document = publish(letter)
    given = context(letter, counted(letter)) | {"page_url": mail.link(letter.document.get_absolute_url()), "trial": False}
    letter.recipients = mail.post_batch("letter", letter.batch, given, recipients(), names=("manage_url", "leave_url"))
    letter.status, letter.sent_at, letter.problem = Letter.Status.SENT, timezone.now(), ""
    letter.version += 1
    letter.save()
    return True


def recipients() -> Iterator[mail.Recipient]:
    """Everyone who agreed and whose address is alive, with links of their own."""
    for subscription in Subscription.objects.active().select_related("subscriber").order_by("pk").iterator():
        leave = mail.link(subscription.leave_path)
        own = {"manage_url": mail.link(subscription.subscriber.manage_path), "leave_url": leave}
        yield mail.Recipient(subscription.subscriber.email, own, mail.leaving(leave))


def counted(letter: Letter):
    """A function that gives, for an address, the one by which its clicks are counted: the same for everybody."""
    known: dict[str, str] = {}

    def follow(url: str) -> str:
        url = absolute(url)
        if not url.startswith(("http://", "https://")) or len(url) > LONGEST_URL:
            return url
        if url not in known:
            known[url] = mail.link(Link.objects.get_or_create(letter=letter, url=url)[0].path)
        return known[url]

    return follow


def publish(letter: Letter) -> Document:
    """The number of the collection that the letter becomes, with the themes of the documents it tells."""
    document = Document.objects.create(
        title=str(letter),
        type=DocumentType.objects.get(slug=TYPE),
        collection=Collection.objects.get(slug=COLLECTION),
        number=letter.number,
        summary=summary(letter),
        body=page_html(letter),
        date=timezone.localdate(),
        status=Document.Status.PUBLISHED,
    )
    told = [key.split("/")[1] for key in letter.items.values_list("key", flat=True) if key.startswith(f"{KIND}/")]
    themes = Document.objects.public().filter(pk__in=told).exclude(themes=None).values_list("themes", flat=True)
    document.themes.set(set(themes.order_by()))
    return document


def summary(letter: Letter) -> str:
    """The beginning of the editorial; without one, what the letter tells."""
    titles = (piece.title for section in sections(letter) for piece in section.pieces if piece.title)
    return Truncator(plain(letter.intro) or ", ".join(titles)).chars(SUMMARY)


def try_out(letter: Letter, user: AbstractBaseUser) -> None:
    """Send it to one member of staff, as it will look; nothing is counted, and its links to leave lead to the form."""
    here = mail.link(reverse("letters:index"))
    given = context(letter) | {"page_url": here, "manage_url": here, "leave_url": here, "trial": True}
    mail.post("letter", user.email, given, headers=mail.leaving(here))  # type: ignore[attr-defined]


def bury() -> int:
    """Stop writing to addresses that refused the last letters for good; how many."""
    refused = OutgoingMail.objects.failed().filter(kind="letter", last_error__startswith="5").exclude(batch="")
    suspects = refused.annotate(address=Lower("recipient")).values("address").annotate(n=Count("pk")).filter(n__gte=REFUSALS)
    addresses = list(suspects.values_list("address", flat=True))
    dead = [pk for start in range(0, len(addresses), 500) for pk in _dead_among(addresses[start : start + 500])]
    for start in range(0, len(dead), 500):
        Subscription.objects.filter(pk__in=dead[start : start + 500]).update(dead_at=timezone.now())
    return len(dead)


def _dead_among(addresses: list[str]) -> Iterator[int]:
    """Those of the last letters, since someone last said that the address is good, all refused for good."""
    letters = OutgoingMail.objects.filter(kind="letter").exclude(Q(batch="") | Q(status=OutgoingMail.Status.WAITING))
    rows = letters.annotate(address=Lower("recipient")).filter(address__in=addresses).order_by("address", "-created_at", "-pk")
    active = Subscription.objects.active().annotate(address=Lower("subscriber__email")).filter(address__in=addresses)
    known = {address: (pk, trusted) for address, pk, trusted in active.values_list("address", "pk", "trusted_from")}
    for address, group in groupby(rows, key=attrgetter("address")):
        pk, trusted = known.get(address, (None, None))
        last = [one for one in group if trusted is None or one.created_at > trusted][:REFUSALS]
        if pk and len(last) == REFUSALS and all(one.status == "failed" and DEAD.match(one.last_error) for one in last):
            yield pk
