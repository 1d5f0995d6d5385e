"""Each file brought is read by an antivirus when there is one (CLAMAV_URL): clamd's INSTREAM, a few bytes of protocol.

https://docs.clamav.net/manual/Usage/Scanning.html (clamd, INSTREAM). Without CLAMAV_URL nothing is asked.
"""

import logging
import socket
import struct
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)
SECONDS = 30
PIECE = 64 * 1024
INFECTED = (
    "L’antivirus reconnaît un logiciel malveillant dans ce fichier\u00a0: il n’a pas été gardé. Prévenez qui vous l’a donné."
)
AWAY = "L’antivirus ne répond pas, et aucun fichier n’est gardé sans lui\u00a0: réessayez dans quelques minutes."


class Refused(Exception):
    """The message is a French sentence for who brought the file."""


def address(url: str) -> tuple[str, int]:
    """(host, port) of « tcp://host:3310 »; ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme != "tcp" or not parts.hostname or parts.path.strip("/"):
        raise ValueError(url)
    return parts.hostname, parts.port or 3310


def check(pieces: Iterable[bytes]) -> None:
    """Raises Refused when the antivirus says so, or cannot say anything."""
    if not settings.CLAMAV_URL:
        return
    try:
        answer = ask(address(settings.CLAMAV_URL), pieces)
    except OSError as error:
        logger.error("antivirus away: %s", error)
        raise Refused(AWAY) from error
    if answer.endswith("FOUND"):
        logger.warning("antivirus: %s", answer)
        raise Refused(INFECTED)
    if not answer.endswith("OK"):
        logger.error("antivirus: %s", answer)
        raise Refused(AWAY)


def ask(where: tuple[str, int], pieces: Iterable[bytes]) -> str:
    """What clamd answers to these bytes: « stream: OK », « stream: Eicar-Test-Signature FOUND »."""
    with socket.create_connection(where, timeout=SECONDS) as line:
        line.sendall(b"zINSTREAM\0")
        for piece in pieces:
            for start in range(0, len(piece), PIECE):
                part = piece[start : start + PIECE]
                line.sendall(struct.pack("!I", len(part)) + part)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(4096)):
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace")


class ScannedFileField(forms.FileField):
    """A file that the antivirus has read."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return file
        try:
            check(file.chunks())
        except Refused as error:
            raise ValidationError(str(error)) from error
        file.seek(0)
        return file
