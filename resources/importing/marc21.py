"""MARC21 bibliographic (Library of Congress): Unicode or MARC-8, as the leader says."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pymarc import Record as Structure
from pymarc import marc8_to_unicode

from trajectoire.core.importing import Record

from . import marc
from .mapping import Raw, every, take
from .marc import Notice, all_bytes, either, fits_utf8, utf8

TABLE = (
    take("key", "001"),
    take("title", "245 $a $n $p"),
    take("subtitle", "245 $b"),
    every("authors", "100 $a", "110 $a. $b", "111 $a", "700 $a", "710 $a. $b", "711 $a"),
    take("authors", "245 $c"),
    take("publisher", "264 $b", "260 $b"),
    take("date", "264 $c", "260 $c", "008 /7-10"),
    every("type", "655 $a", "245 $h"),
    take("collection", "490 $a", "830 $a", "773 $t"),
    take("number", "490 $v", "830 $v", "773 $g"),
    take("language", "041 $a", "008 /35-37"),
    every("isbn", "020 $a"),
    every("issn", "022 $a", "490 $x", "773 $x"),
    every("doi", "024 $a", "856 $u"),
    every("url", "856 $u"),
    take("pages", "300 $a"),
    every("summary", "520 $a"),
    every("subjects", "650 $a", "650 $x", "653 $a"),
    every("territories", "651 $a", "650 $z"),
    take("audiences", "521 $a"),
    take("rights", "540 $a"),
)
FORMS = {
    "g": "vidéo",
    "i": "audio",
    "j": "audio",
    "e": "carte",
    "r": "jeu",
    "o": "kit",
    "k": "affiche",
    "a": "livre",
    "m": "document électronique",
}


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    return marc.read(path, FAMILY)


def decoder(structure: Structure, notes: list[str]) -> Callable[[bytes], str]:
    """Unicode when the bytes are (whatever the leader says), else MARC-8."""
    data = b" ".join(all_bytes(structure))
    if data.isascii() and b"\x1b" not in data:
        return utf8
    declared = str(structure.leader)[9:10] == "a"
    if fits_utf8(data) and b"\x1b" not in data:
        if not declared:
            notes.append("Le guide annonce MARC-8, la notice est en Unicode : lue ainsi.")
        return utf8
    if declared:
        notes.append("Le guide annonce Unicode, la notice n’en est pas : lue en MARC-8.")
    return either(_marc8)


def _marc8(data: bytes) -> str:
    return marc8_to_unicode(data, hide_utf8_warnings=True)


def also(notice: Notice) -> Raw:
    leader = notice.leader.ljust(9)
    form = "périodique" if leader[7] == "s" else "article" if leader[7] in "ab" else FORMS.get(leader[6], "")
    return {"type": [form]}


FAMILY = marc.Family("MARC21", "245", "200", TABLE, decoder, also)
