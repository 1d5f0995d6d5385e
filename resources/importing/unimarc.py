"""UNIMARC bibliographic (IFLA): PMB, Koha in French, BnF, Sudoc… Which encoding is said by field 100, not by the leader."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pymarc import Record as Structure

from trajectoire.core.importing import Record

from . import iso5426, marc
from .mapping import Raw, every, take
from .marc import Notice, all_bytes, either, fits_utf8, utf8, windows

TABLE = (
    take("key", "001"),
    take("title", "200 $a. $h. $i"),
    take("subtitle", "200 $e"),
    every("authors", "700 $a, $b", "701 $a, $b", "702 $a, $b", "710 $a. $b", "711 $a. $b", "712 $a. $b"),
    take("authors", "200 $f"),
    take("publisher", "214 $c", "210 $c", "219 $c"),
    take("date", "214 $d", "210 $d", "219 $d", "100 $a/9-12"),
    every("type", "608 $a", "200 $b"),
    take("collection", "225 $a", "410 $t", "461 $t", "463 $t"),
    take("number", "225 $v", "410 $v", "463 $v", "461 $v", "200 $h"),
    take("language", "101 $a"),
    every("isbn", "010 $a"),
    every("issn", "011 $a", "225 $x", "410 $x"),
    every("doi", "017 $a", "856 $u"),
    every("url", "856 $u"),
    take("pages", "215 $a"),
    every("summary", "330 $a"),
    every("subjects", "606 $a", "606 $x", "610 $a"),
    every("territories", "607 $a", "606 $y"),
    take("audiences", "333 $a"),
    take("rights", "371 $a", "310 $a"),
)
FORMS = {
    "g": "vidéo",
    "i": "audio",
    "j": "audio",
    "e": "carte",
    "r": "jeu",
    "k": "affiche",
    "a": "livre",
    "l": "document électronique",
}
CONTENTS = {"m": "thèse", "v": "thèse", "7": "thèse"}  # 105 $a, places 4 to 7
# 100 $a, places 26-27 and 28-29
UNICODE, LATIN, ISO_5426 = "50", "latin-1", "03"
ACCENTED = re.compile(rb"[\xc0-\xdf][A-Za-z]")
LETTERS = re.compile(rb"[\xe0-\xff]")


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    return marc.read(path, FAMILY)


def decoder(structure: Structure, notes: list[str]) -> Callable[[bytes], str]:
    """How the bytes of a record read: as its field 100 says, unless its bytes cannot be that, and then a note says so."""
    data = b" ".join(all_bytes(structure))
    declared = _declared(structure)
    if data.isascii():
        return iso5426.decode
    real = _real(data, declared)
    if real == UNICODE:
        how: Callable[[bytes], str] = utf8
    else:
        how = either(iso5426.decode if real == ISO_5426 else windows)
    if declared and real != declared:
        notes.append(f"La zone 100 annonce {NAMES.get(declared, declared)}, la notice est en {NAMES[real]} : lue ainsi.")
    return how


NAMES = {UNICODE: "Unicode", ISO_5426: "ISO 5426", "01": "ISO 646", LATIN: "ISO 8859-1"}


def _real(data: bytes, declared: str) -> str:
    if fits_utf8(data):
        return UNICODE
    accents, letters = len(ACCENTED.findall(data)), len(LETTERS.findall(data))
    # In Latin-1 most French accents are letters above E0; in ISO 5426 nearly all are a byte from C0 to DF, then the letter.
    return ISO_5426 if accents > letters or (accents == letters and declared == ISO_5426) or not letters else LATIN


def _declared(structure: Structure) -> str:
    """« 50 », « 03 » … ; the second set when there are two (« 0103 »: ISO 646, then ISO 5426); nothing when it is not said."""
    for field in structure.get_fields("100"):
        for part in field.subfields:
            if part.code == "a":
                value: Any = part.value
                first, second = (value[26:28].decode("latin-1"), value[28:30].decode("latin-1"))
                return UNICODE if UNICODE in (first, second) else (second.strip() or first.strip())
    return ""


def also(notice: Notice) -> Raw:
    """The type that the leader and the codes say, after the words of the cataloguer; the authors of a periodical's article."""
    leader = notice.leader.ljust(9)
    contents = [CONTENTS[code] for text in notice.get("105 $a/4-7") for code in text if code in CONTENTS]
    form = "périodique" if leader[7] == "s" else "article" if leader[7] == "a" else FORMS.get(leader[6], "")
    return {"type": [*contents, form]}


FAMILY = marc.Family("UNIMARC", "200", "245", TABLE, decoder, also)
