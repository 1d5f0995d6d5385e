"""What a PDF must not carry (U2): JavaScript, commands to launch, embedded files.

PDFium counts the ordinary places. This scan looks for the names themselves, conservatively: in the file's bytes, in its inflated object streams,
and in the copy PDFium writes of the whole document, where every live object stands in clear with its name spelt plainly.
ISO 32000-2, 12.6.4 (actions), 7.11 (file specifications), 7.5.7 (object streams).
"""

import mmap
import re
import zlib
from collections.abc import Iterator
from itertools import islice

OVERLAP = 64
STREAM_BYTES = 4 * 1024 * 1024
STREAMS = 5_000

Bytes = bytes | mmap.mmap


def _name(word: str) -> bytes:
    """A pattern for a PDF name, each letter plain or as #xx."""
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (ord(c), ord(c), ord(c)) for c in word) + b"(?![A-Za-z0-9])"


PATTERNS = {
    # a rendition action may carry a script without the word JavaScript
    "javascript": re.compile(_name("JavaScript") + b"|" + _name("Rendition")),
    "launch": re.compile(_name("Launch")),
    "embedded": re.compile(
        b"|".join(map(_name, ("EmbeddedFile", "FileAttachment", "RichMedia"))) + b"|" + _name("EF") + rb"\s*(?:<<|\d+\s+\d+\s+R)"
    ),
}
OBJECT_STREAM = re.compile(_name("ObjStm") + rb"[^\0]{0,1000}?stream\r?\n")


def found_in(data: Bytes) -> set[str]:
    """Which of javascript, launch, embedded these bytes name."""
    return {danger for danger, pattern in PATTERNS.items() if pattern.search(data)}


def found_in_file(data: Bytes) -> set[str]:
    """The same, looking into object streams too (the first 5 000, 4 MiB of each)."""
    dangers = found_in(data)
    for content in islice(_object_streams(data), STREAMS):
        dangers |= found_in(content)
    return dangers


def _object_streams(data: Bytes) -> Iterator[bytes]:
    for match in OBJECT_STREAM.finditer(data):
        try:
            yield zlib.decompressobj().decompress(data[match.end() : match.end() + STREAM_BYTES], STREAM_BYTES)
        except zlib.error:  # not a Flate stream: PDFium's copy shows it in clear
            continue


class Scanner:
    """Looks into bytes that arrive in pieces, without keeping them."""

    def __init__(self) -> None:
        self.dangers: set[str] = set()
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        window = self._tail + piece
        self.dangers |= found_in(window)
        self._tail = window[-OVERLAP:]
