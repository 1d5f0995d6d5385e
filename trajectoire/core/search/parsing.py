"""What someone typed: words, "quoted phrases", -excluded, auteur: annee: territoire:. Anything malformed is plain words."""

import re
from dataclasses import dataclass, field

from ..text import NBSP
from . import analysis

LONGEST_TEXT = 300
MOST_WORDS = 24
_QUOTED = re.compile(r'(-?)(?:"([^"]+)"|«([^«»]+)»|“([^“”]+)”)')
_NAMED = re.compile(r'(?<!\S)(auteur|autrice|annee|année|territoire)\s?:\s?("[^"]+"|«[^«»]+»|“[^“”]+”|\S+)', re.I)
_YEARS = re.compile(r"(\d{4})(?:\.\.(\d{4}))?$")
_OPEN_YEARS = re.compile(r"(?:(\d{4})\.\.|\.\.(\d{4}))$")
_EXCLUDED = re.compile(r"(?<!\S)-([^\W_]\S*)")
FIRST_YEAR, LAST_YEAR = 1, 9_999


@dataclass
class Asked:
    """A text taken apart. `words` is what is left, cleaned; `years` is inclusive."""

    words: str = ""
    phrases: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    years: tuple[int, int] | None = None

    @property
    def restricted(self) -> bool:
        return bool(self.phrases or self.excluded or self.authors or self.places or self.years)


def parse(text: str) -> Asked:
    """Never fails; what is longer than 300 characters or 24 words is cut."""
    asked = Asked()
    text = analysis.clean(text[: LONGEST_TEXT * 4])[:LONGEST_TEXT]
    text = _QUOTED.sub(lambda found: _quoted(asked, found), _NAMED.sub(lambda found: _named(asked, found), text))
    text = _EXCLUDED.sub(lambda found: _exclude(asked, found[1], found[0]), text)
    found = analysis.tokens(text)
    asked.words = text if len(found) <= MOST_WORDS else text[: found[MOST_WORDS].start]
    return asked


def _exclude(asked: Asked, words: str, whole: str) -> str:
    """A lone « -mot » beside nothing else would match everything but the word: kept as an exclusion all the same."""
    if not analysis.tokens(words):
        return whole
    asked.excluded.append(words)
    return " "


def _quoted(asked: Asked, found: re.Match) -> str:
    words = found[2] or found[3] or found[4]
    if not analysis.tokens(words):
        return f" {words} "
    (asked.excluded if found[1] else asked.phrases).append(words)
    return " "


def _named(asked: Asked, found: re.Match) -> str:
    name, value = analysis.fold(found[1]), found[2].strip(f'"«»“” {NBSP}')
    if name == "annee":
        return _year(asked, value, found[0])
    if not analysis.tokens(value):
        return f" {value} "
    (asked.places if name == "territoire" else asked.authors).append(value)
    return " "


def _year(asked: Asked, value: str, whole: str) -> str:
    if years := _YEARS.match(value):
        first, last = int(years[1]), int(years[2] or years[1])
    elif years := _OPEN_YEARS.match(value):
        first, last = int(years[1] or FIRST_YEAR), int(years[2] or LAST_YEAR)
    else:
        return whole.replace(":", " ")
    asked.years = (min(first, last), max(first, last))
    return " "
