"""Send what waits in the outbox, one claimed message at a time; what the mail server answers decides what follows."""

import logging
import smtplib
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from .mail_text import Rendered
from .outbox import TRIES, MailBody, OutgoingMail

logger = logging.getLogger(__name__)

LOOKED_AT = 20  # candidates read at once: a letter under way lets a message to one person pass after so many
AWAY = 2  # failures to reach the server, one after the other, after which it is left alone until the next run
CLOSING = 421  # the server ends the conversation (RFC 5321, 4.2.3)


class Outcome(NamedTuple):
    """`more`: the limit was reached, some messages may be due still. `away`: the server could not be reached."""

    sent: int
    refused: int
    more: bool
    away: bool


class Refusal(NamedTuple):
    reason: str
    for_good: bool = False
    away: bool = False


def send_due(limit: int | None = None) -> Outcome:
    """Send what is due, `limit` messages at most. Safe at any number at once, and killed at any moment."""
    connection = get_connection()
    sent = refused = unreachable = 0
    try:
        for mail in islice(claimed(), limit):
            refusal = deliver(connection, mail)
            sent, refused = (sent, refused + 1) if refusal else (sent + 1, refused)
            unreachable = unreachable + 1 if refusal and refusal.away else 0
            if unreachable == AWAY:
                break
    finally:
        close(connection)
    return Outcome(sent, refused, more=sent + refused == limit, away=unreachable == AWAY)


def claimed() -> Iterator[OutgoingMail]:
    """The messages due, each belonging to this worker until its lease ends."""
    while candidates := list(OutgoingMail.objects.due()[:LOOKED_AT]):
        yield from (mail for mail in candidates if mail.claim())


def deliver(connection: BaseEmailBackend, mail: OutgoingMail) -> Refusal | None:
    """Try once, and store what came of it. None: the server took the message."""
    refusal = attempt(connection, mail)
    if refusal is None:
        mail.delivered()
        return None
    logger.warning("mail %s (%s), try %s: %s", mail.pk, mail.kind, mail.attempts, refusal.reason)
    mail.refused(refusal.reason, for_good=refusal.for_good)
    if refusal.away:
        close(connection)
    return refusal


def attempt(connection: BaseEmailBackend, mail: OutgoingMail) -> Refusal | None:
    if mail.attempts > TRIES:
        return Refusal(
            "Chaque essai d’envoi a été interrompu : ce message empêche peut-être les autres de partir.", for_good=True
        )
    if mail.body is None:
        return Refusal("Le contenu du message a été effacé.", for_good=True)
    try:
        connection.open()  # kept open from one message to the next
        connection.send_messages([as_message(mail)])
    except OSError as error:  # what smtplib raises is one
        return meaning(error)
    except Exception as error:  # one spoilt message must not keep the others from leaving
        logger.exception("mail %s cannot be written", mail.pk)
        return Refusal(f"Ce message ne peut pas être écrit : {error}", for_good=True)
    return None


def meaning(error: OSError) -> Refusal:
    """What the server refused, or that it could not be reached."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return answered(*next(iter(error.recipients.values())))
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return Refusal(said(error.smtp_code, error.smtp_error), away=True)
        case smtplib.SMTPResponseException():
            return answered(error.smtp_code, error.smtp_error)
    return Refusal(f"Le serveur d’envoi ne répond pas : {error}", away=True)


def as_message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The message as it leaves, its own values in the place of the marks; the same Message-ID at each try."""
    body = mail.body or MailBody()
    own = Rendered(mail.subject, body.text, body.html).filled(mail.marks)
    message = EmailMultiAlternatives(
        subject=own.subject,
        body=own.text,
        to=[mail.recipient],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id, **mail.headers},
    )
    if own.html:
        message.attach_alternative(own.html, "text/html")
    for name, media_type, text in body.attachments:
        message.attach(name, text, media_type)
    return message


def answered(code: int, text: bytes | str) -> Refusal:
    """4xx: later; 5xx: never (RFC 5321, 4.2.1)."""
    return Refusal(said(code, text), for_good=code >= 500, away=code == CLOSING)


def said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"


def close(connection: BaseEmailBackend) -> None:
    """Leave the server; that it has left first is no harm."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.debug("the mail server left first", exc_info=True)
