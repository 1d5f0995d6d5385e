"""MARC as files bring it: ISO 2709 and the XML of several software, read record after record with bounded memory.

pymarc reads the structure of ISO 2709. Where the directory is wrong (lengths counted in letters instead of bytes, records beyond
99 999 bytes), the separators tell the fields as well.
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from lxml import etree
from pymarc import Record as Structure
from pymarc.exceptions import PymarcException
from pymarc.field import Indicators, RawField, Subfield

from trajectoire.core.importing import Record, Unreadable

from . import values
from .mapping import Take, gather
from .text import LONGEST, TOO_LONG
from .xml_text import XmlText

FIELD_END, RECORD_END, SUBFIELD = b"\x1e", b"\x1d", b"\x1f"
LEADER = 24
CHUNK = 1 << 18
CODES = re.compile(r"\$(.)")
logging.getLogger("pymarc").setLevel(logging.CRITICAL)  # it tells each odd indicator


@dataclass
class Notice:
    """A record in text. `fields`: [(tag, [(code, value)])]; a control field has one value under the code «  »."""

    leader: str
    fields: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def get(self, source: str) -> list[str]:
        """« 200 $a », « 700 $a, $b » (what is missing goes with what stands before it), « 001 », « 100 $a/9-12 » (from 0)."""
        tag, _, pattern = source.partition(" ")
        pattern, _, span = pattern.partition("/")
        found = [_told(subfields, pattern) for name, subfields in self.fields if name == tag]
        if span:
            first, last = map(int, span.split("-"))
            found = [text[first : last + 1] for text in found]
        return [text for text in found if text.strip()]


def _told(subfields: list[tuple[str, str]], pattern: str) -> str:
    if not pattern:
        return " ".join(value for _, value in subfields)
    text, place = "", 0
    for code in CODES.finditer(pattern):
        values_ = [value.strip() for name, value in subfields if name == code[1] and value.strip()]
        if values_:
            between = pattern[place : code.start()]
            # MARC21 keeps the punctuation that follows: « Presses ; » then « Ville, », « France. » then « Ministère ».
            *others, last = values_
            told = ", ".join([*(value.rstrip(" ,;:/") for value in others), last])
            text = text.rstrip(f" {between[:1]}") + between + told.lstrip(" ,;:/") if text else told
        place = code.end()
    return text


@dataclass(frozen=True)
class Family:
    """UNIMARC or MARC21. `title`: the tag of the title, `other`: that of the other family. `decode(structure, notes)` gives the text
    of bytes. `also(notice)`: what codes say, by our names, after the table."""

    name: str
    title: str
    other: str
    table: tuple[Take, ...]
    decoder: Callable[[Structure, list[str]], Callable[[bytes], str]]
    also: Callable[[Notice], dict[str, list[str]]]


def read(path: Path | str, family: Family) -> Iterator[Record]:
    """Records of a file in ISO 2709 or in XML. Raises Unreadable."""
    with Path(path).open("rb") as content:
        start = content.read(CHUNK)
        content.seek(0)
        if not start.strip():
            raise Unreadable("Ce fichier est vide.")
        notices = _xml(path) if _is_xml(start) else _exchange(content, start, family)
        for number, notice in enumerate(notices, 1):
            if isinstance(notice, str):
                yield values.refused(number, notice)
                continue
            if number == 1:
                _check(notice, family)
            yield record(number, notice, family)


def record(number: int, notice: Notice, family: Family) -> Record:
    raw = gather(family.table, notice.get)
    for name, said in family.also(notice).items():
        raw[name] = [*raw.get(name, []), *said]
    return values.record(number, raw, notice.notes)


def _check(notice: Notice, family: Family) -> None:
    tags = {tag for tag, _ in notice.fields}
    if family.other in tags and family.title not in tags:
        raise Unreadable(f"Ce fichier n’est pas en {family.name} : choisissez l’autre format MARC.")


def _is_xml(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or start[:4] in (b"\xff\xfe<\x00", b"\xfe\xff\x00<")


# ISO 2709


def _exchange(content: IO[bytes], start: bytes, family: Family) -> Iterator[Notice | str]:
    if RECORD_END not in start and FIELD_END not in start:
        raise Unreadable(f"Ce fichier n’est pas en {family.name} : ni ISO 2709, ni XML.")
    for chunk in _chunks(content):
        if chunk is None:
            yield TOO_LONG
            continue
        if not chunk.endswith(RECORD_END):
            yield "La notice est coupée : le fichier n’est pas entier."
            continue
        yield _notice(chunk, family)


def _chunks(content: IO[bytes]) -> Iterator[bytes | None]:
    """Each record with its mark of end; None for one that is too long."""
    kept, too_long = b"", False
    while data := content.read(CHUNK):
        *whole, rest = data.split(RECORD_END)
        for part in whole:
            chunk, kept = (kept + part).lstrip(b"\r\n\0\xef\xbb\xbf \t\x1a"), b""
            if too_long or chunk:
                yield None if too_long else chunk + RECORD_END
            too_long = False
        kept += rest
        if len(kept) > LONGEST:
            kept, too_long = b"", True
    if kept.strip(b"\r\n\0 \t\x1a") or too_long:
        yield None if too_long else kept


def _notice(chunk: bytes, family: Family) -> Notice | str:
    structure = _structure(chunk)
    notes: list[str] = []
    if structure is None:
        structure = _rebuilt(chunk)
        notes.append("Le répertoire de la notice est faux : les zones ont été retrouvées par leurs séparateurs.")
    if structure is None:
        return "Cette notice n’a pas la structure ISO 2709."
    decode = family.decoder(structure, notes)
    notice = Notice(str(structure.leader), notes=notes)
    for one in structure.fields:
        data: Any = one
        if one.control_field:
            notice.fields.append((one.tag, [("", decode(bytes(data.data)))]))
        else:
            notice.fields.append((one.tag, [(part.code, decode(part.value)) for part in data.subfields]))
    return notice


def _structure(chunk: bytes) -> Structure | None:
    """What pymarc reads, when each length of the directory ends where a field ends."""
    try:
        base = int(chunk[12:17])
        directory = chunk[LEADER : base - 1]
        entries = [directory[place : place + 12] for place in range(0, len(directory), 12)]
        ends = all(chunk[base + int(e[7:12]) + int(e[3:7]) - 1 :][:1] == FIELD_END for e in entries)
        if not ends or int(chunk[:5]) != len(chunk):
            return None
        with warnings.catch_warnings(action="ignore"):
            return Structure(data=chunk, to_unicode=False)
    except (ValueError, IndexError, PymarcException, UnicodeDecodeError):
        return None


def _rebuilt(chunk: bytes) -> Structure | None:
    """The same from the separators alone: the directory gives the tags in order, nothing else; made again, pymarc reads it."""
    head, *fields = chunk.rstrip(RECORD_END).split(FIELD_END)
    directory, fields = head[LEADER:], [part for part in fields if part]
    tags = [directory[place : place + 3] for place in range(0, len(directory), 12)]
    if not fields or len(tags) != len(fields) or not all(tag.isdigit() for tag in tags):
        return None
    structure = Structure(to_unicode=False)
    structure.leader = type(structure.leader)(head[:LEADER].decode("latin-1").ljust(LEADER)[:LEADER])  # type: ignore[assignment]
    for tag, data in zip(tags, fields, strict=True):
        if tag < b"010":
            structure.add_field(RawField(tag.decode(), data=data))  # type: ignore[arg-type]
            continue
        parts = [part for part in data.split(SUBFIELD)[1:] if part]
        subfields: Any = [Subfield(part[:1].decode("latin-1"), part[1:]) for part in parts]  # type: ignore[arg-type]
        structure.add_field(RawField(tag.decode(), indicators=Indicators(" ", " "), subfields=subfields))
    return structure


# The encodings of ISO 2709


def all_bytes(structure: Structure) -> Iterator[bytes]:
    for one in structure.fields:
        data: Any = one
        if one.control_field:
            yield data.data
        else:
            yield from (part.value for part in data.subfields)


def fits_utf8(data: bytes) -> bool:
    """All of it, but for a letter cut here and there (fields of a fixed length that a software cut by bytes)."""
    text = data.decode(errors="replace")
    broken = text.count("\ufffd")
    return not broken or 5 * broken < sum(char > "\x7f" for char in text)


def either(how: Callable[[bytes], str]) -> Callable[[bytes], str]:
    """`how`, but for the values that are UTF-8 among others that are not: lines pasted into an old catalogue."""

    def read(data: bytes) -> str:
        try:
            return how(data) if b"\x1b" in data else data.decode()
        except UnicodeDecodeError:
            return how(data)

    return read


def utf8(data: bytes) -> str:
    return data.decode(errors="replace")


def windows(data: bytes) -> str:
    return data.decode("cp1252", "replace")


# XML: MARCXML and MarcXchange (record, controlfield, datafield, subfield), and the XML of PMB (notice, f, s)

RECORDS = ("{*}record", "{*}notice")
CONTROL, DATA = {"controlfield"}, {"datafield", "f"}
LEADER_PARTS = ("rs", "dt", "bl", "hl", "el", "ru")  # PMB writes positions 5 to 8, 17 and 18 apart


def _xml(path: Path | str) -> Iterator[Notice | str]:
    with closing(XmlText(path)) as content:
        yield from _from_elements(elements(content, RECORDS))


def _from_elements(found: Iterator[Any]) -> Iterator[Notice | str]:
    for element in found:
        if element is None:
            yield "Le fichier XML est abîmé ou coupé ici : ce qui suit n’a pas pu être lu."
            return
        if _holds_fields(element):
            yield _from_element(element)
        elif not len(element):
            yield "Cette notice est vide."


def _holds_fields(element: Any) -> bool:
    """Not the « record » of SRU or of OAI-PMH, which wraps the one of MARC."""
    return any(etree.QName(child).localname in CONTROL | DATA | {"leader"} for child in element.iterchildren(tag=etree.Element))


def elements(content: XmlText, tags: Iterable[str]) -> Iterator[Any]:
    """Elements as they come, each forgotten once used; then None when the file breaks. No entity is read. Raises Unreadable."""
    walk = etree.iterparse(
        content,
        encoding="utf-8",
        events=("end",),
        tag=tuple(tags),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    found = False
    try:
        for _, element in walk:
            if not found and element.getroottree().docinfo.internalDTD is not None:
                _refuse_entities(element.getroottree().docinfo.internalDTD)
            found = True
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        if not found:
            raise Unreadable("Ce fichier XML est abîmé : exportez-le à nouveau.") from error
        yield None
    if not found:
        raise Unreadable("Ce fichier XML ne contient aucune notice de ce format.")


def _refuse_entities(dtd: Any) -> None:
    if any(True for _ in dtd.iterentities()):
        raise Unreadable("Ce fichier XML définit des entités : elles sont refusées, exportez-le à nouveau sans elles.")


def _from_element(element: Any) -> Notice:
    notice = Notice("")
    parts: dict[str, str] = {}
    for child in element.iterchildren(tag=etree.Element):
        name = etree.QName(child).localname
        tag = child.get("tag") or child.get("c") or ""
        if name == "leader":
            notice.leader = child.text or ""
        elif name in LEADER_PARTS:
            parts[name] = (child.text or " ")[:1]
        elif name in CONTROL or (name in DATA and not len(child)):
            notice.fields.append((tag, [("", "".join(child.itertext()))]))
        elif name in DATA:
            notice.fields.append((tag, [_subfield(sub) for sub in child.iterchildren(tag=etree.Element)]))
    if parts:
        notice.leader = "     " + "".join(parts.get(name, " ") for name in LEADER_PARTS[:4])
    return notice


def _subfield(sub: Any) -> tuple[str, str]:
    return sub.get("code") or sub.get("c") or "", "".join(sub.itertext())
