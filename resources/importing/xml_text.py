"""XML as software writes it: an encoding that is not the one announced, forbidden characters, names of HTML. Read a piece at a time."""

import codecs
import html
import re
from pathlib import Path

from .text import BOMS, is_utf8
from .wordpress.stream import DECLARED, ENTITY, FORBIDDEN, OF_XML

HEAD = 400
REFERENCE = re.compile(r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.IGNORECASE)  # to what XML forbids
BARE = re.compile(r"&(?!#?\w{1,31};)")
CUT = 40  # characters: an entity is no longer


class XmlText:
    """What a parser reads: UTF-8 that XML can hold. `encoding`: the real one of the file."""

    def __init__(self, path: Path | str) -> None:
        self.encoding = encoding(path)
        self.file = Path(path).open("rb")  # noqa: SIM115  (closed by `close`)
        self.decoder = codecs.getincrementaldecoder(self.encoding)(errors="trajectoire.windows")
        self.held, self.begun = "", False

    def read(self, size: int = -1) -> bytes:
        """At least a byte, until the end."""
        while raw := self.file.read(size):
            text = self.held + self.decoder.decode(raw)
            cut = text.rfind("&", -CUT)
            text, self.held = (text, "") if cut < 0 else (text[:cut], text[cut:])
            text, self.begun = text if self.begun else text.lstrip(), True  # nothing may stand before the declaration
            if kept := _clean(text):
                return kept
        rest, self.held = self.held + self.decoder.decode(b"", True), ""
        return _clean(rest)

    def close(self) -> None:
        self.file.close()


def _clean(text: str) -> bytes:
    text = BARE.sub("&amp;", REFERENCE.sub("", FORBIDDEN.sub("", text)))
    return ENTITY.sub(_written, text).encode("utf-8", "ignore")


def _written(entity: re.Match[str]) -> str:
    """« &eacute; » as the character; what is no name is text."""
    if entity[1] in OF_XML:
        return entity.group()
    written = html.unescape(entity.group())
    return written if written != entity.group() else f"&amp;{entity[1]};"


def encoding(path: Path | str) -> str:
    """UTF-8 when the whole of it is, whatever is announced; else what is announced; bytes that do not fit are those of Windows."""
    with Path(path).open("rb") as content:
        head = content.read(HEAD)
        if marked := next((name for mark, name in BOMS.items() if head.startswith(mark)), ""):
            return marked
        content.seek(0)
        if is_utf8(content):
            return "utf-8"
    declared = DECLARED.search(head)
    try:
        name = codecs.lookup(declared[1].decode("ascii") if declared else "utf-8").name
    except LookupError:
        return "utf-8"
    return "cp1252" if name == "iso8859-1" else name
