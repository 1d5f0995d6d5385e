"""The text of an export as XML can hold it, a piece at a time: its encoding, its forbidden characters, its end."""

import codecs
import html
import re
from pathlib import Path

from trajectoire.core.importing import Unreadable

HEAD = 64 * 1024
LARGEST_ITEM = 64_000_000  # characters between two ends of item: beyond, the file is not an export, or is made to fill the memory
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 §2.2
ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
BOUNDARY = re.compile(r"</?item>")
NOT_AN_EXPORT = (
    "Ce fichier n’est pas un export de WordPress (WXR) : dans WordPress, ouvrez « Outils », « Exporter », « Tout le contenu »."
)
ZIPPED = "Ce fichier est un ZIP : dépliez-le, et donnez le fichier XML qu’il contient."
DANGEROUS = "Ce fichier définit ses propres abréviations (DTD), ce qu’aucun export de WordPress ne fait : il n’est pas lu."
TOO_LONG = "Un seul contenu de ce fichier dépasse 64 millions de caractères : l’export est abîmé, faites-le à nouveau."


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 come from old texts pasted into the database: those of Windows."""
    found: bytes = error.object[error.start : error.end]  # type: ignore[attr-defined]
    return found.decode("cp1252", "ignore"), error.end  # type: ignore[attr-defined]


codecs.register_error("trajectoire.windows", _as_windows)


class Stream:
    """What the parser reads: UTF-8 without forbidden characters nor names of HTML. Raises Unreadable at once for another format."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        try:
            self.encoding = _encoding(self.file.read(HEAD))
        except Unreadable:
            self.file.close()
            raise
        self.file.seek(0)
        self.decoder = codecs.getincrementaldecoder(self.encoding)(errors="trajectoire.windows")
        self.held = ""  # an entity or a tag that the piece cuts
        self.tail = ""
        self.inside = False  # between <item> and </item>
        self.since = 0
        self.repaired = 0

    @property
    def whole(self) -> bool:
        """Whether the file ends as an export does; known once it has been read."""
        return self.tail.rstrip().endswith("</rss>")

    def read(self, size: int = -1) -> bytes:
        """At least a byte, until the end."""
        while raw := self.file.read(size):
            if text := self._cleaned(self.decoder.decode(raw)):
                return text.encode("utf-8", "ignore")
        rest, self.held = self.held + self.decoder.decode(b"", True), ""
        return self._kept(rest).encode("utf-8", "ignore")

    def close(self) -> None:
        self.file.close()

    def _cleaned(self, text: str) -> str:
        text = self.held + text
        cut = max(text.rfind("&", -40), text.rfind("<", -40))
        self.held = text[cut:] if cut >= 0 else ""
        return self._kept(text[:cut] if cut >= 0 else text)

    def _kept(self, text: str) -> str:
        text, removed = FORBIDDEN.subn("", text)
        self.repaired += removed
        for boundary in BOUNDARY.finditer(text):
            self.inside = boundary.group() == "<item>"
        self.since += len(text)
        if self.since > LARGEST_ITEM:
            raise Unreadable(TOO_LONG)
        self.tail = (self.tail + text)[-200:]
        return ENTITY.sub(_written, text)


def _written(entity: re.Match[str]) -> str:
    """« &nbsp; » as the character: XML knows five names only, HTML hundreds."""
    return entity.group() if entity[1] in OF_XML else html.unescape(entity.group())


def _encoding(head: bytes) -> str:
    """The encoding of a file that begins so; raises Unreadable when it is no export."""
    if head.startswith(b"PK\x03\x04"):
        raise Unreadable(ZIPPED)
    encoding = next((name for bom, name in BOMS if head.startswith(bom)), "")
    if not encoding:
        declared = DECLARED.search(head[:400])
        encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    try:
        text = head.decode(encoding, "ignore")
    except (LookupError, UnicodeError):
        encoding, text = "utf-8", head.decode("utf-8", "ignore")
    if "<!DOCTYPE" in text.split("<rss", 1)[0]:
        raise Unreadable(DANGEROUS)
    if "<rss" not in text or "wordpress.org/export/" not in text:
        raise Unreadable(NOT_AN_EXPORT)
    return encoding
