"""French text: typography, folding for comparison, slugs, numbers and sizes."""

import datetime
import re
import unicodedata
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.text import slugify

NBSP, NNBSP = "\u00a0", "\u202f"


def french_typography(text: str) -> str:
    """Typographic apostrophes, guillemets and no-break spaces (Lexique des règles typographiques, Imprimerie nationale)."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r'"([^"\n]*)"', rf"«{NBSP}\1{NBSP}»", text)
    text = re.sub(r"«[ \u00a0\u202f]*(?=\S)", f"«{NBSP}", text)
    text = re.sub(r"(?<=\S)[ \u00a0\u202f]*»", f"{NBSP}»", text)
    text = re.sub(r"(?<=\S)[ \u00a0\u202f]+([;!?])", rf"{NNBSP}\1", text)
    text = re.sub(r"(?<=\S)[ \u00a0\u202f]+(:)(?!\S)", rf"{NBSP}\1", text)
    return re.sub(r"(\d)[ \u202f](%|€)", rf"\1{NBSP}\2", text)


def fold(text: str) -> str:
    """Lower case without accents, ligatures nor typographic apostrophes: « L’Œuvre » → « l'oeuvre »."""
    text = (
        text.replace("’", "'").replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae").replace("\u00ad", "")
    )
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def slug_of(text: str, *, length: int = 90, fallback: str = "document") -> str:
    """« L’accueil à Besançon » → « l-accueil-a-besancon »."""
    return slugify(fold(text).replace("'", " "))[:length].strip("-") or fallback


def unique_slug(text: str, taken: QuerySet, *, length: int = 90, fallback: str = "document") -> str:
    """A slug made from the text that no row of `taken` has; a number is added when needed."""
    base = slug_of(text, length=length, fallback=fallback)
    if not taken.filter(slug=base).exists():  # an index answers; what begins so is looked for in the whole table
        return base
    used = set(taken.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in _numbered(base) if slug not in used)


def _numbered(base: str) -> Iterable[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def spaced_number(value: int) -> str:
    """12345 → « 12 345 » with narrow no-break spaces."""
    return f"{value:,}".replace(",", NNBSP)


def file_size(size: int) -> str:
    """Bytes → « 1,2 Mo » (decimal units, as browsers and systems in French show)."""
    if size < 1_000:
        return f"{size}{NBSP}octet{'s' if size > 1 else ''}"
    if size < 1_000_000:
        return f"{round(size / 1_000)}{NBSP}ko"
    number, unit = (size / 1_000_000, "Mo") if size < 1_000_000_000 else (size / 1_000_000_000, "Go")
    return f"{number:.1f}".replace(".", ",") + NBSP + unit


def plural(count: int, singular: str, many: str) -> str:
    """« 0 document », « 1 document », « 12 documents »: in French the plural starts at two."""
    return f"{spaced_number(count)}{NBSP}{singular if count < 2 else many}"


def day(date: datetime.date | None) -> str:
    """« 12 mars 2024 », « 1er mars 2024 », or nothing."""
    if date is None:
        return ""
    return formats.date_format(date, "j F Y" if date.day > 1 else r"j\e\r F Y")


def local_day(moment: datetime.datetime) -> str:
    """The day of a moment, in Paris."""
    return day(timezone.localtime(moment))


def local_moment(moment: datetime.datetime) -> str:
    """« jeudi 22 mai 2025 à 13 h 30 », in Paris."""
    here = timezone.localtime(moment)
    minutes = f"{NBSP}{here.minute:02}" if here.minute else ""
    return f"{formats.date_format(here, 'l')} {day(here.date())} à {here.hour}{NBSP}h{minutes}"
