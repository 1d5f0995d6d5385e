"""A mail server of this machine that refuses when asked, and messages to give it."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from tests.postgres import free_port
from trajectoire.core.outbox import MailBody, OutgoingMail

_numbers = itertools.count(1)


class Server:
    """`received` holds (address, message); `answer(address, tries)` gives a refusal, or nothing; `silent(stage)` no answer."""

    def __init__(self) -> None:
        self.received: list[tuple[str, EmailMessage]] = []
        self.tries: dict[str, int] = {}
        self.conversations = 0
        self.answer: Callable[[str, int], str | None] = lambda address, tries: None
        self.silent: Callable[[str], bool] = lambda stage: False

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.conversations += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.tries[address] = self.tries.get(address, 0) + 1
        if self.silent("RCPT"):
            await asyncio.sleep(60)  # until whoever waits for the answer is dead
        if refusal := self.answer(address, self.tries[address]):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.received += [(address, message) for address in envelope.rcpt_tos]
        if self.silent("DATA"):
            await asyncio.sleep(60)
        return "250 OK"

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.received]

    @property
    def identifiers(self) -> list[str]:
        return [message["Message-ID"] for _, message in self.received]


@pytest.fixture
def server(settings) -> Iterator[Server]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield handler
    controller.stop()


@pytest.fixture
def mail(db) -> Callable[..., OutgoingMail]:
    """A function that stores a message, without having it sent."""

    def make(recipient: str = "", **fields) -> OutgoingMail:
        number = next(_numbers)
        given = {"kind": "essai", "subject": f"Sujet {number}", "message_id": f"<{number}@example.org>"}
        body = fields.pop("body", None) or MailBody.objects.create(text="Bonjour\n", html="<p>Bonjour</p>")
        return OutgoingMail.objects.create(recipient=recipient or f"p{number}@example.org", body=body, **given | fields)

    return make
