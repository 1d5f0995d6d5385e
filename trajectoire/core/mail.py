"""Write mails. Each is stored in the caller's transaction and leaves after commit, in the background: see docs/mail.md."""

import email.utils
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django_tasks import task

from . import sending
from .mail_text import Rendered, mark, render
from .models import ContactMessage
from .outbox import MailBody, OutgoingMail

AT_A_TIME = 200  # messages a task sends before it lets the others work
_held: ContextVar[bool] = ContextVar("held", default=False)


@dataclass(frozen=True)
class Recipient:
    """One person of a batch: `values` replace the marks of the common text, `headers` are theirs alone."""

    address: str
    values: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    reply_to: str = ""


def link(path: str) -> str:
    """The public address of a page of the site, never taken from a request."""
    return settings.SITE_URL + path


def post(
    kind: str, to: str, context: dict[str, Any], *, reply_to: str = "", headers: Mapping[str, str] | None = None
) -> OutgoingMail:
    """Store a message made of templates/emails/<kind>.{txt,html}; it leaves once the transaction is committed.

    An unknown variable raises UnknownVariable, an address or a header that could hold a second one ValueError, both
    before anything is stored.
    """
    rendered = render(kind, context)
    stored = _row(kind, "", Recipient(to, headers=headers or {}), rendered, reply_to)
    with transaction.atomic():
        stored.body = MailBody.objects.create(text=rendered.text, html=rendered.html)
        stored.save()
        wake()
    return stored


def attach(message: OutgoingMail, name: str, media_type: str, text: str) -> None:
    """Add a file of text (a calendar) to a message just written, in the same transaction."""
    body: MailBody = message.body  # type: ignore[assignment]  # it lasts as long as the message may be sent
    body.attachments.append([name, media_type, text])
    body.save(update_fields=["attachments"])


def post_batch(kind: str, batch: str, context: dict[str, Any], recipients: Iterable[Recipient], *, names: Iterable[str]) -> int:
    """One message to many people, written once; how many addresses are new to this batch.

    `names` are the variables of the templates that differ from one person to the next (addresses of links: no space).
    Run again after an interruption, it adds only who is missing.
    """
    rendered = render(kind, context | {name: mark(name) for name in names})
    rows = [_row(kind, batch, recipient, rendered, recipient.reply_to) for recipient in recipients]
    with transaction.atomic():
        before = OutgoingMail.objects.filter(batch=batch)
        first, known = before.first(), before.count()
        body = (first and first.body) or MailBody.objects.create(text=rendered.text, html=rendered.html)
        for row in rows:
            row.body = body
        OutgoingMail.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        wake()
        return OutgoingMail.objects.filter(batch=batch).count() - known


def keep(kind: str, message: EmailMessage) -> None:
    """Store a message that a package has written, one row a recipient, instead of sending it within the request."""
    html = next((part[0] for part in getattr(message, "alternatives", []) if part[1] == "text/html"), "")
    rendered = Rendered(str(message.subject), str(message.body), str(html))
    with transaction.atomic():
        body = MailBody.objects.create(text=rendered.text, html=rendered.html)
        for address in message.to:
            row = _row(kind, "", Recipient(address), rendered, "")
            row.body = body
            row.save()
        wake()


def _row(kind: str, batch: str, to: Recipient, rendered: Rendered, reply_to: str) -> OutgoingMail:
    headers = {"Auto-Submitted": "auto-generated", **to.headers}
    for address in (to.address, *filter(None, [reply_to])):
        one_address(address)
    for text in (rendered.subject, *headers, *headers.values()):
        one_line(text)
    return OutgoingMail(
        kind=kind,
        batch=batch,
        recipient=to.address,
        subject=rendered.subject[:250],
        marks=dict(to.values),
        headers=headers,
        reply_to=reply_to,
        message_id=email.utils.make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
    )


def one_address(text: str) -> None:
    """Refuse anything but one address: no list, no line break."""
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValueError(f"not an e-mail address, {text!r}") from error


def one_line(text: str) -> None:
    """Refuse what would begin another header."""
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ValueError(f"control character in a header, {text!r}")


def leaving(url: str) -> dict[str, str]:
    """The headers by which mail programs show « se désabonner » (RFC 2369) and do it in one click, by POST (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def wake() -> None:
    """Have what waits sent once this transaction is committed."""
    if not _held.get():
        transaction.on_commit(send_waiting.enqueue)


@contextmanager
def held() -> Iterator[None]:
    """Many messages, one task: they leave at the end. Not run because of an accident, `send_mail` does it a minute later."""
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)
    wake()


@task()
def send_waiting() -> None:
    """Send what is due. What must be tried again later is taken by `manage.py send_mail`, run every minute."""
    if sending.send_due(limit=AT_A_TIME).more:
        send_waiting.enqueue()


def forward_contact(message: ContactMessage) -> None:
    """Write the message to the centre's mailbox; it is already safe in the database."""
    message.mail = post("contact", settings.CONTACT_EMAIL, {"message": message}, reply_to=message.email)
    message.save(update_fields=["mail"])
