"""Lines of the journal: one line an event whatever it holds (ASVS 5, 16.4.1), and no link that opens something."""

import datetime
import json
import logging
import re
from contextvars import ContextVar

# The name of the request being answered (middleware.named_request).
request_name: ContextVar[str] = ContextVar("request_name", default="-")

# Signed values (core/tokens.py), and the links by which a password is chosen.
LINK = re.compile(r"[\w-]{4,}:[\w-]{4,}:[\w-]{20,}|(?<=/reset/key/)[^\s\"/]+")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")


class OfRequest(logging.Filter):
    """Each line says of which request it is."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = request_name.get()
        return True


class OneLine(logging.Formatter):
    """A message with its links masked and its line breaks written « \\n ». What follows an exception stays on lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        return CONTROL.sub(_escaped, LINK.sub("…", super().formatMessage(record)))

    def formatException(self, ei) -> str:  # noqa: N802
        return LINK.sub("…", super().formatException(ei))


class Json(logging.Formatter):
    """One JSON object a line, for whoever gathers the journals of several machines; links masked."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: LINK.sub("…", value) for name, value in told.items()}, ensure_ascii=False)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
