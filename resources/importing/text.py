"""Text files as they come: any French encoding, a BOM, mixed line ends, NUL bytes; read line by line."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from charset_normalizer import from_bytes

from trajectoire.core.importing import Unreadable
from trajectoire.core.tables import ENCODINGS

SAMPLE = 1_000_000  # bytes from which the encoding is told when it is not UTF-8
CHUNK = 1 << 20
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
LONGEST = 10_000_000  # characters of one record
TOO_LONG = "Cette notice dépasse 10 millions de caractères : elle est laissée de côté."
ENDS = re.compile("\r\n?|\u2028|\u0085")


def encoding(path: Path | str) -> str:
    """The encoding of a file: its mark, UTF-8 when all of it is, else what its beginning looks like. Raises Unreadable."""
    with Path(path).open("rb") as content:
        start = content.read(4)
        if not start:
            raise Unreadable("Ce fichier est vide.")
        if start.startswith((b"PK\x03\x04", b"%PDF")):
            raise Unreadable("Ce fichier n’est pas un texte : vérifiez le format choisi.")
        for mark, name in BOMS.items():
            if start.startswith(mark):
                return name
        content.seek(0)
        if is_utf8(content):
            return "utf-8"
        content.seek(0)
        best = from_bytes(content.read(SAMPLE), cp_isolation=ENCODINGS, preemptive_behaviour=False).best()
    if best is None:
        raise Unreadable("L’encodage de ce fichier n’est pas reconnu : enregistrez-le en UTF-8.")
    return best.encoding


def is_utf8(content: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := content.read(CHUNK):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True  # a character cut at the very end is a file cut in the middle, not another encoding


def lines(path: Path | str) -> Iterator[str]:
    """Each line with « \\n », whatever ended it; NUL bytes gone. A file without line ends comes in parts. Raises Unreadable."""
    with Path(path).open(encoding=encoding(path), errors="replace", newline=None) as content:
        while text := content.readline(LONGEST):
            yield text.replace("\0", "")
