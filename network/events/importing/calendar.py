"""Events from a calendar (ICS, RFC 5545). The library reads each event by itself: one that is broken stops none of the others."""

import datetime
import re
import uuid
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import icalendar
import recurring_ical_events
from django.conf import settings
from django.utils import timezone

from network.models import Theme
from trajectoire.core import tables
from trajectoire.core.importing import Record, Unreadable, cells
from trajectoire.core.text import fold

from ..vocabulary import EventStatus
from .facts import EVENING, KINDS, MORNING, Facts, guess_kind, guess_mode, here, shortened, span, spread, told

LARGEST = 60_000_000  # bytes
MOST_DATES = 104  # of a repetition: two years of every week
SPAN = datetime.timedelta(days=366 * 6)
OURS = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d+@", re.IGNORECASE)
STATE = re.compile(r"^(?:Annulé|Reporté)\s*:\s*")
BLOCK = re.compile(r"^BEGIN:VEVENT$.*?^END:VEVENT$\n?", re.MULTILINE | re.DOTALL | re.IGNORECASE)
ZONES = re.compile(r"^BEGIN:VTIMEZONE$.*?^END:VTIMEZONE$\n?", re.MULTILINE | re.DOTALL | re.IGNORECASE)
HEAD = re.compile(r"^(?:X-WR-TIMEZONE|VERSION|PRODID)[;:].*\n", re.MULTILINE | re.IGNORECASE)
TOO_OFTEN = re.compile(r"FREQ=(?:SECONDLY|MINUTELY|HOURLY)", re.IGNORECASE)
NOT_READ = "Cet événement ne suit pas le format des calendriers (iCalendar) : il n’a pas pu être lu."


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    """One record an identity (UID), with all its days. Raises Unreadable."""
    text = _text(Path(path))
    head = "".join(HEAD.findall(text)) + "".join(ZONES.findall(text))
    themes = {fold(name) for name in Theme.objects.values_list("name", flat=True)}
    number = 0
    for number, (key, blocks) in enumerate(_grouped(text).items(), 1):
        try:
            events = _events(head, blocks)
            yield _record(number, key, events, themes)
        except Exception as error:  # the library lets many kinds out; one bad event must not stop the others
            reason = str(error) if isinstance(error, cells.Wrong) else NOT_READ
            yield Record(number, "", _line_of(blocks[0], "SUMMARY") or key, refused=reason)
    rest = BLOCK.split(text)[-1]
    if re.search(r"^BEGIN:VEVENT$", rest, re.MULTILINE | re.IGNORECASE) or not re.search("END:VCALENDAR", rest, re.IGNORECASE):
        yield Record(
            number + 1, "", _line_of(rest, "SUMMARY"), refused="Le fichier est coupé ici : demandez-le à nouveau, puis reprenez."
        )


def _text(path: Path) -> str:
    """Lines unfolded, one kind of line end, no NUL."""
    if path.stat().st_size > LARGEST:
        raise Unreadable("Ce calendrier est trop lourd : exportez une année à la fois.")
    content = path.read_bytes()
    if b"\0" not in content[:100]:  # lines may be folded in the middle of a character: unfold before reading characters
        content = re.sub(rb"(?:\r\n|\r|\n)[ \t]", b"", content)
    text, _ = tables.decode(content)
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    if not re.search(r"^\s*BEGIN:VCALENDAR", text, re.IGNORECASE):
        raise Unreadable("Ce fichier n’est pas un calendrier (ICS) : il ne commence pas par BEGIN:VCALENDAR.")
    return re.sub(r"[ \t]+$", "", re.sub(r"\n[ \t]", "", text), flags=re.MULTILINE) + "\n"


def _grouped(text: str) -> dict[str, list[str]]:
    """{identity: its pieces}: a repetition comes with its exceptions, an event of this software with its other days."""
    groups: dict[str, list[str]] = {}
    for number, block in enumerate(BLOCK.findall(text)):
        uid = _line_of(block, "UID")
        ours = OURS.match(uid)
        groups.setdefault(ours[1].lower() if ours else uid or f"sans-uid-{number}", []).append(block)
    return groups


def _line_of(block: str, name: str) -> str:
    found = re.search(rf"^{name}(?:;[^:\n]*)?:(.*)$", block, re.MULTILINE | re.IGNORECASE)
    return icalendar.vText.from_ical(found[1]).strip() if found else ""


def _events(head: str, blocks: list[str]) -> list[Any]:
    """(the pieces as read, their occurrences): a repetition too long is cut."""
    if any(TOO_OFTEN.search(block) for block in blocks):
        raise cells.Wrong("Cette répétition (à l’heure ou plus souvent) n’est pas celle d’un événement.")
    whole: Any = icalendar.Calendar.from_ical(f"BEGIN:VCALENDAR\n{head}{''.join(blocks)}END:VCALENDAR\n".replace("\n", "\r\n"))
    pieces = whole.walk("VEVENT")
    starts = [_moment(piece.start) for piece in pieces]
    found = recurring_ical_events.of(whole).between(min(starts) - datetime.timedelta(days=1), max(starts) + SPAN)
    return [pieces[0], sorted(found, key=lambda one: _moment(one.start))]


def _moment(value: Any) -> datetime.datetime:
    """An hour without a zone is that of Paris; a day begins at midnight."""
    if not isinstance(value, datetime.datetime):
        return here(value, datetime.time())
    return timezone.make_aware(value) if timezone.is_naive(value) else value


def _record(number: int, key: str, events: list[Any], themes: set[str]) -> Record:
    first, found = events
    notes: list[str] = []
    ours = bool(re.fullmatch(r"[0-9a-f-]{36}", key))
    state = str(first.get("STATUS", "")).upper()
    cancelled = state == "CANCELLED"
    kept = [one for one in found if cancelled or str(one.get("STATUS", "")).upper() != "CANCELLED"]
    title = _title(unescape(str(first.get("SUMMARY", ""))), ours and len(found) > 1)
    if not title:
        raise cells.Wrong("Le titre manque.")
    categories = _categories(first)
    location = unescape(str(first.get("LOCATION", ""))).strip()
    summary, body = told(str(first.get("DESCRIPTION", "")).strip())
    facts = Facts(
        title=shortened(title, 200),
        kind=next((KINDS[fold(word)] for word in categories if fold(word) in KINDS), guess_kind(title)),
        summary=summary,
        body=body,
        status=EventStatus.CANCELLED
        if cancelled
        else EventStatus.POSTPONED
        if ours and state == "TENTATIVE"
        else EventStatus.SCHEDULED,
        mode=guess_mode(location),
        location=location,
        online_url=_meeting(location),
        themes=[word for word in categories if fold(word) in themes],
        dates=_dates(kept, notes),
        private=str(first.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL"),
        uid=key if ours else "" if key.startswith("sans-uid-") else str(uuid.uuid5(uuid.NAMESPACE_URL, key)),
    )
    notes += _unknown_zones(first)
    if not facts.dates:
        notes.append("Aucune date : à préciser.")
    url = str(first.get("URL", ""))
    elsewhere = bool(urlsplit(url).hostname) and urlsplit(url).hostname != urlsplit(settings.SITE_URL).hostname
    return Record(
        number,
        "" if key.startswith("sans-uid-") else key,
        facts.title,
        facts.values(),
        tuple(notes),
        address=url if elsewhere else "",
    )


def _unknown_zones(event: Any) -> list[str]:
    """A zone that neither the file nor the world knows leaves an hour without zone, taken as that of Paris."""
    said, start = event.get("DTSTART"), event.start
    zone = said.params.get("TZID", "") if isinstance(start, datetime.datetime) and timezone.is_naive(start) else ""
    return [f"Fuseau horaire « {zone} » inconnu : l’heure est comprise comme celle de Paris."] if zone else []


def _title(summary: str, several: bool) -> str:
    """Ours say a state before the title, and the label of a day after it."""
    title = " ".join(STATE.sub("", summary).split())
    return title.partition(" — ")[0] if several else title


def _categories(event: Any) -> list[str]:
    found = event.get("CATEGORIES", [])
    return [str(word) for one in (found if isinstance(found, list) else [found]) for word in one.cats]


def _meeting(location: str) -> str:
    """The address of a video meeting that stands for the place."""
    found = re.search(r"https?://\S+", location)
    return found[0] if found and len(found[0]) <= 500 else ""


def _dates(found: list[Any], notes: list[str]) -> list[list[str]]:
    if len(found) > MOST_DATES:
        notes.append(f"Répétition trop longue : les {MOST_DATES} premières dates sont gardées.")
    dates: list[list[str]] = []
    for one in found[:MOST_DATES]:
        start, end = one.start, one.end
        if isinstance(start, datetime.datetime):
            first, last = _moment(start), _moment(end)
            dates += spread(first, last) if last > first else [span(first, first + datetime.timedelta(hours=1))]
        else:
            last_day = max(start, end - datetime.timedelta(days=1))
            dates += spread(here(start, MORNING), here(last_day, EVENING))
            notes += [] if WHOLE_DAY in notes else [WHOLE_DAY]
    return dates


WHOLE_DAY = "Journée entière : notée de 9 h à 17 h, à préciser."
