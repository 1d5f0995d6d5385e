"""From what a format says, gathered under our names, to the neutral values of a document: the same for every format."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from stdnum import isbn as isbns
from stdnum import issn as issns
from stdnum.exceptions import ValidationError as WrongNumber

from trajectoire.core.importing import Record
from trajectoire.core.prose import clean_html, plain
from trajectoire.core.text import french_typography

from . import dates, languages
from .mapping import Raw

TITLE, SUMMARY, PUBLISHER, URL, NOTE = 250, 1200, 150, 500, 200
LONGEST_TEXT = 500_000  # characters of a summary kept whole
MOST_AUTHORS, LONGEST_AUTHOR, MOST_SUBJECTS, LONGEST_SUBJECT = 100, 150, 100, 100
ISBN = re.compile(r"(?<!\d)(?:97[89][-\s–]?)?\d(?:[-\s–]?\d){8}[-\s–]?[\dXx](?!\d)")
ISSN = re.compile(r"(?<![\d-])\d{4}\s?[-–]?\s?\d{3}[\dXx](?![\d-])")
DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
PAGES = re.compile(r"(\d[\d\s]*)\s*(?:p\b|pages?\b|f\b|ff\b|feuill)", re.IGNORECASE)
LAST_DOT = re.compile(r"(?<=[^\W\d_]{3})\.$")  # « Tournier, Paul. », not « Vauthier, A. » nor « Jr. »
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
UNSEEN = re.compile(r"<(script|style|head)\b.*?(?:</\1\s*>|\Z)|<!--.*?-->", re.IGNORECASE | re.DOTALL)
# They stand inside words: « l’<i>empowerment</i> ».
INLINE = re.compile(r"</?(?:jats:)?(?:a|abbr|b|bold|em|font|i|italic|sc|small|span|strong|sub|sup|u)\b[^>]*>", re.IGNORECASE)
SECOND = "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
TWICE = re.compile(f"[Â-Å]{SECOND}|â{SECOND}{{2}}")
ARTICLE_MARKS = re.compile(r"<<(.{1,6}?)>>|¬(.{1,6}?)¬")
LICENCES = {
    "cc-by-sa": ("cc by-sa", "by-sa/4.0", "by-sa", "attribution-sharealike"),
    "etalab": ("licence ouverte", "etalab", "open licence"),
}


def record(number: int, raw: Raw, notes: Iterable[str] = ()) -> Record:
    """What the import plans from; refused without a title."""
    said = list(notes)
    raw = _mended(raw, said)
    title = _titled(raw, said)
    key = next(iter(raw.get("key", [])), "")[:200]
    if not any(char.isalnum() for char in title):
        return Record(number, key, label(raw), notes=tuple(said), refused="Le titre manque.")
    values = {"title": title} | {name: value for name, value in _values(raw, said).items() if value not in ("", None, [])}
    address = next(iter(raw.get("address", [])), "").strip()
    return Record(number, key, title[:200], values=values, notes=tuple(said), address=address)


def _mended(raw: Raw, notes: list[str]) -> Raw:
    mended = {name: [accents(text) for text in texts] for name, texts in raw.items()}
    if mended != raw:
        notes.append("Les accents étaient codés deux fois (« Ã© » pour « é ») : ils ont été rétablis.")
    return mended


def accents(text: str) -> str:
    """« Ã©cole », which was UTF-8 read as Windows-1252 somewhere before, is « école » again."""
    return TWICE.sub(_once, text.replace("Ã ", "Ã\u00a0")) if TWICE.search(text) else text


def _once(found: re.Match[str]) -> str:
    data = b"".join(char.encode("cp1252", "ignore") or char.encode("latin-1") for char in found[0])
    return data.decode(errors="ignore") or found[0]


def label(raw: Raw) -> str:
    """What recognises a record that has no title."""
    return next((line(values[0])[:200] for values in raw.values() if values and line(values[0])), "sans titre")


def refused(number: int, why: str, shown: str = "") -> Record:
    return Record(number, "", line(shown)[:200] or f"notice {number}", refused=why)


def line(text: str) -> str:
    """One line of text without tags, control characters nor the marks of ISBD around it."""
    text = CONTROL.sub("", text.replace("\u0098", "").replace("\u009c", ""))
    text = ARTICLE_MARKS.sub(lambda found: found[1] or found[2], text)
    if "<" in text:
        text = INLINE.sub("", UNSEEN.sub(" ", text))
    return " ".join((plain(text) if "<" in text or "&" in text else text).split())


def _titled(raw: Raw, notes: list[str]) -> str:
    title = _trimmed(next(iter(raw.get("title", [])), ""))
    return french_typography(_cut(title, TITLE, "Titre", notes))


def _values(raw: Raw, notes: list[str]) -> dict[str, Any]:
    date, precision = _first(dates.read, raw.get("date", []), notes) or dates.NONE
    summary, body = _texts(raw.get("summary", []))
    address, others = _addresses(raw, notes)
    if others:
        links = "".join(f'<li><a href="{other}">{other}</a></li>' for other in others)
        body += f"<p>Aussi en ligne\u00a0:</p><ul>{links}</ul>"
    return {
        "subtitle": french_typography(_cut(" : ".join(_each(raw, "subtitle")), TITLE, "Sous-titre", notes)),
        "authors": [LAST_DOT.sub("", name) for name in _several(raw, "authors", MOST_AUTHORS, LONGEST_AUTHOR, ",")],
        "publisher": _cut(" ; ".join(dict.fromkeys(_each(raw, "publisher"))), PUBLISHER, "Éditeur", notes),
        "date": date,
        "date_precision": precision if date else "",
        "types": _each(raw, "type"),
        "collection": _cut(next(iter(_each(raw, "collection")), ""), PUBLISHER, "Collection", notes),
        "number": _number(raw.get("number", [])),
        "language": _first(languages.read, raw.get("language", []), notes),
        "isbn": _isbn(raw.get("isbn", []), notes),
        "issn": _issn(raw.get("issn", []), notes),
        "url": address,
        "pages": _pages(raw.get("pages", [])),
        "summary": french_typography(summary),
        "body": body,
        "subjects": _several(raw, "subjects", MOST_SUBJECTS, LONGEST_SUBJECT, ""),
        "territories": _several(raw, "territories", MOST_SUBJECTS, LONGEST_SUBJECT, ""),
        "audiences": _several(raw, "audiences", MOST_SUBJECTS, LONGEST_SUBJECT, ""),
        "event_note": _cut(next(iter(_each(raw, "event_note")), ""), NOTE, "Issu de", notes),
        "licence": _licence(raw.get("rights", [])),
    }


def _each(raw: Raw, name: str) -> list[str]:
    return list(filter(None, (_trimmed(value) for value in raw.get(name, []))))


def _trimmed(text: str) -> str:
    """Without the punctuation of ISBD that MARC21 leaves at the end: « Le titre / » → « Le titre »."""
    return re.sub(r"(?:\s+[/:;=,]|[,:;=])+$", "", line(text)).strip()


def _several(raw: Raw, name: str, most: int, longest: int, ends: str) -> list[str]:
    found = (value.strip(f" ;{ends}")[:longest] for value in _each(raw, name))
    return list(dict.fromkeys(filter(None, found)))[:most]


def _cut(text: str, length: int, label_: str, notes: list[str]) -> str:
    if len(text) <= length:
        return text
    notes.append(f"{label_} de {len(text)} caractères : coupé à {length}.")
    return f"{text[: length - 1].rsplit(' ', 1)[0][: length - 1]}…"


def _first(read: Any, texts: Iterable[str], notes: list[str]) -> Any:
    """The first that is understood; the notes of those that are not, only when none is."""
    said = []
    for text in texts:
        found, note = read(text)
        if found and found != dates.NONE:
            return found
        said += [note] if note else []
    notes += said
    return None


def _texts(parts: list[str]) -> tuple[str, str]:
    """(summary that fits a list, body as HTML when it did not fit)."""
    whole = "\n".join(CONTROL.sub("", part.replace("\r\n", "\n")).strip() for part in parts)[:LONGEST_TEXT]
    short = line(whole)
    if len(short) <= SUMMARY:
        return short, ""
    body = (
        whole
        if re.search(r"<(?:p|br|div)\b", whole)
        else "".join(f"<p>{_escaped(p)}</p>" for p in whole.split("\n") if p.strip())
    )
    return _shortened(short), clean_html(body)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _shortened(text: str) -> str:
    """The first sentences that fit, else the first words."""
    start = text[: SUMMARY - 1]
    stop = max(start.rfind(mark) for mark in (". ", "! ", "? ", "… "))
    return start[: stop + 1] if stop > SUMMARY // 3 else f"{start.rsplit(' ', 1)[0]}…"


def _addresses(raw: Raw, notes: list[str]) -> tuple[str, list[str]]:
    """(the address kept, the others): the DOI first, for it lasts."""
    found: list[str] = []
    for text in raw.get("doi", []):
        found += [f"https://doi.org/{match.rstrip('.,;)')}" for match in DOI.findall(text)]
    for text in raw.get("url", []):
        for word in text.split():
            fit = address(word)
            if fit:
                found.append(fit)
            else:
                notes.append(f"Adresse « {word[:80]} » illisible : laissée de côté.")
    kept = list(dict.fromkeys(found))
    return (kept[0], kept[1:]) if kept else ("", [])


def address(text: str) -> str:
    """An address of the web as it may be stored, or nothing: no script, no quotes, no local file."""
    text = CONTROL.sub("", text).strip().strip("<>.,;")
    text = f"https://{text}" if text.lower().startswith("www.") else text
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and len(text) <= URL
    return text if fit and not re.search(r"[\s\"'<>`\\]", text) else ""


def _number(texts: list[str]) -> int | None:
    """« n° 12 », « vol. 3, n. 12 » → 12; None when there is none or it is a year written as a number."""
    for text in texts:
        found = re.findall(r"\d{1,6}", text)
        if found:
            return int(found[-1])
    return None


def _pages(texts: list[str]) -> int | None:
    """« 1 vol. (253 p.) », « XII-253 p. », « 253 »; not « 12-25 », which are those of an article."""
    for text in texts:
        found = PAGES.search(text)
        digits = re.sub(r"\s", "", found[1]) if found else text.strip() if text.strip().isdigit() else ""
        if digits and 0 < int(digits[:9]) < 100_000:
            return int(digits)
    return None


def _isbn(texts: list[str], notes: list[str]) -> str:
    """The first good one, as 13 figures with its hyphens."""
    wrong = ""
    for text in texts:
        for found in ISBN.findall(text):
            try:
                return isbns.format(isbns.to_isbn13(isbns.validate(found.replace("–", "-"))))
            except WrongNumber:
                wrong = wrong or found
    if wrong:
        notes.append(f"ISBN « {wrong} » : sa clé est fausse, il est laissé de côté.")
    return ""


def _issn(texts: list[str], notes: list[str]) -> str:
    wrong = ""
    for text in texts:
        for found in ISSN.findall(text):
            compact = re.sub(r"[\s–-]", "", found).upper()
            if issns.is_valid(compact):
                return issns.format(compact)
            wrong = wrong or found
    if wrong:
        notes.append(f"ISSN « {wrong} » : sa clé est fausse, il est laissé de côté.")
    return ""


def _licence(texts: Iterable[str]) -> str:
    said = " ".join(texts).lower()
    return next((slug for slug, words in LICENCES.items() if any(word in said for word in words)), "")
