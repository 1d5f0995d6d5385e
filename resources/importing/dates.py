"""Dates as catalogues write them: « 2012 », « [2012?] », « cop. 2010 », « 2010-2012 », « mai 2012 », « s.d. »."""

import datetime
import re

from trajectoire.core.text import fold

YEAR, MONTH, DAY = "annee", "mois", "jour"
MONTHS = [
    *(("janv", "jan"), ("fev", "feb"), ("mars", "mar"), ("avr", "apr"), ("mai", "may"), ("juin", "jun")),
    *(("juil", "jul"), ("aout", "aug"), ("sept", "sep"), ("oct",), ("nov",), ("dec",)),
]
SEASONS = {"printemps": 4, "spring": 4, "ete": 7, "summer": 7, "automne": 10, "autumn": 10, "fall": 10, "hiver": 1, "winter": 1}
NO_DATE = re.compile(r"^\W*(?:s\W*d\b|sans date|n\W*d\b|no date|undated|date inconnue|0000)\W*\w?\W*$")
ISO = re.compile(r"(?<!\d)([12]\d{3})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
FRENCH = re.compile(r"(?<![\d/.-])(\d{1,2})[-/.](\d{1,2})[-/.]([12]\d{3})(?!\d)")
MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2})[-/.]([12]\d{3})(?!\d)")
COMPACT = re.compile(r"(?<!\d)([12]\d{3})([01]\d)([0-3]\d)(?!\d)")
PLAIN_YEAR = re.compile(r"(?<!\d)([12]\d{3})(?!\d)")
DECADE = re.compile(r"(?<!\d)([12]\d{2})[-?u.x](?!\d)")
NEXT_YEAR = 2  # a book may be announced; later than that, the number is not a year

Told = tuple[str, str]  # (ISO date, precision)
NONE: Told = ("", DAY)


def read(text: str) -> tuple[Told, str]:
    """((ISO date, precision), note). No date: ("", …) with no note when the text says so, and one when it is not understood."""
    said = " ".join(fold(text).split())
    if not said or NO_DATE.match(said):
        return NONE, ""
    found = _numbers(said) or _words(said) or _year(said)
    if found is None:
        return NONE, f"Date « {text.strip()[:60]} » non comprise : laissée vide."
    return found, ""


def _numbers(said: str) -> Told | None:
    for pattern, order in ((COMPACT, (1, 2, 3)), (FRENCH, (3, 2, 1)), (ISO, (1, 2, 3)), (MONTH_YEAR, (2, 1))):
        if match := pattern.search(said):
            parts = [int(match[group]) for group in order if match[group]]
            if told := _day(parts):
                return told
    return None


def _day(parts: list[int]) -> Told | None:
    year, month, day = [*parts, 1, 1][:3]
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None
    return (date.isoformat(), (YEAR, MONTH, DAY)[len(parts) - 1]) if _likely(year) else None


def _words(said: str) -> Told | None:
    """« 12 mai 2012 », « mai 2012 », « May 12, 2012 », « printemps 2012 »."""
    year = PLAIN_YEAR.search(said)
    month = _month(said)
    if not year or not month or not _likely(int(year[1])):
        return None
    day = re.search(r"(?<!\d)([0-3]?\d)(?:er)?(?!\d)", said.replace(year[1], " "))
    return (day and _day([int(year[1]), month, int(day[1])])) or _day([int(year[1]), month])


def _month(said: str) -> int:
    for word in re.findall(r"[a-z]{3,}", said):
        for number, starts in enumerate(MONTHS, 1):
            if word.startswith(starts):
                return number
        if word in SEASONS:
            return SEASONS[word]
    return 0


def _year(said: str) -> Told | None:
    """The year of publication before that of the copyright or of the printing; of a span, the last, when it was finished."""
    years = [int(year) for year in PLAIN_YEAR.findall(said) if _likely(int(year))]
    if years:
        spans = re.search(r"([12]\d{3})\s*[-/–]\s*([12]\d{3})", said)
        return f"{int(spans[2]) if spans and _likely(int(spans[2])) else years[0]}-01-01", YEAR
    decade = DECADE.search(said)
    return (f"{decade[1]}0-01-01", YEAR) if decade else None


def _likely(year: int) -> bool:
    return 1400 <= year <= datetime.date.today().year + NEXT_YEAR
