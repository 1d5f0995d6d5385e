"""Lines of the journal: one line an event whatever it holds (ASVS 5, 16.4.1), and no link that opens something."""

import logging
import re

# Signed values (core/tokens.py), and the links by which a password is chosen.
LINK = re.compile(r"[\w-]{4,}:[\w-]{4,}:[\w-]{20,}|(?<=/reset/key/)[^\s\"/]+")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")


class OneLine(logging.Formatter):
    """A message with its links masked and its line breaks written « \\n ». What follows an exception stays on lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        return CONTROL.sub(_escaped, LINK.sub("…", super().formatMessage(record)))

    def formatException(self, ei) -> str:  # noqa: N802
        return LINK.sub("…", super().formatException(ei))


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
