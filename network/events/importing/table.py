"""Events from a table, one a line."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from network.models import Audience, Theme
from trajectoire.core.importing import Record, cells, rows
from trajectoire.core.importing.cells import Wrong
from trajectoire.core.text import fold

from ..vocabulary import EventMode, EventStatus
from .columns import EVENTS
from .facts import (
    EVENING,
    KINDS,
    MODES,
    MORNING,
    STATUSES,
    Facts,
    guess_kind,
    guess_mode,
    here,
    on,
    rich,
    shortened,
    spread,
    told,
)

PAGE = re.compile(r"/(?:agenda|vrl/formations)/([-\w]+)/?$")


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    themes = list(Theme.objects.values_list("name", flat=True))
    audiences = list(Audience.objects.values_list("name", flat=True))
    return rows.records(EVENTS, path, options, lambda number, line: _record(number, line, themes, audiences))


def _record(number: int, line: Mapping[str, str], themes: list[str], audiences: list[str]) -> Record:
    title = " ".join(line["title"].split())
    if not title:
        raise Wrong("Le titre manque.")
    if len(title) > 200:
        raise Wrong("Le titre a plus de 200 caractères.")
    notes: list[str] = []
    page, address = _page(line["url"])
    summary, body = _texts(line)
    facts = Facts(
        title=title,
        kind=_kind(line["kind"], title, notes),
        summary=summary,
        body=body,
        status=_status(line["status"]),
        mode=_mode(line),
        location=line["location"],
        place=line["place"],
        online_url=cells.website(line["online_url"], 500),
        themes=cells.several(line["themes"], themes),
        territories=cells.several(line["territories"]),
        audiences=cells.several(line["audiences"], audiences),
        dates=_dates(line, notes),
        capacity=_capacity(line["capacity"]),
        page=page,
    )
    key = f"{fold(title)}|{facts.dates[0][0][:10] if facts.dates else ''}"
    return Record(number, key, title, facts.values(), notes=tuple(notes), address=address)


def _page(url: str) -> tuple[str, str]:
    """(slug of the page here, old address): one or the other."""
    parts = urlsplit(url)
    if not parts.hostname:
        return "", ""
    found = PAGE.search(parts.path) if parts.hostname == urlsplit(settings.SITE_URL).hostname else None
    return (found[1], "") if found else ("", url)


def _texts(line: Mapping[str, str]) -> tuple[str, str]:
    if not line["body"] or not line["summary"]:
        return told(line["body"] or line["summary"])
    return shortened(line["summary"]), rich(line["body"])


def _kind(text: str, title: str, notes: list[str]) -> str:
    kind = cells.among(text, KINDS)
    if text and kind is None:
        notes.append(f"Nature « {text} » inconnue : devinée d’après le titre.")
    return kind or guess_kind(title)


def _status(text: str) -> str:
    status = cells.among(text, STATUSES) if text else EventStatus.SCHEDULED
    if status is None:
        raise Wrong(f"L’état « {text} » est inconnu : écrivez {', '.join(EventStatus.labels)}.")
    return status


def _mode(line: Mapping[str, str]) -> str:
    mode = cells.among(line["mode"], MODES) if line["mode"] else guess_mode(line["location"])
    if mode is None:
        raise Wrong(f"Le mode « {line['mode']} » est inconnu : écrivez {', '.join(EventMode.labels)}.")
    return mode


def _dates(line: Mapping[str, str], notes: list[str]) -> list[list[str]]:
    """Those of the column « Dates », else the first day with its hours, and the last one."""
    if several := cells.spans(line["dates"]):
        return [on(date, hours) for date, hours in several]
    first, last = cells.day(line["starts"]), cells.day(line["ends"])
    if first is None:
        notes.append("La date manque : à préciser avant la mise en ligne.")
        return []
    begins = [*cells.hours(line["starts_hour"]), *_hours(line["starts"])]
    ends = [*cells.hours(line["ends_hour"]), *_hours(line["ends"]), *begins[1:]]
    if last is None or last == first:
        if not begins and not ends:
            notes.append("Les heures manquent : notées de 9 h à 17 h, à préciser.")
        return [on(first, begins[:1] + ends[:1] if begins else [])]
    if last < first:
        raise Wrong("La fin vient avant le début.")
    return spread(here(first, (begins or [MORNING])[0]), here(last, (ends or [EVENING])[0]))


def _hours(text: str) -> list[Any]:
    """Those written beside a day; the midnight that spreadsheets add to every day says nothing."""
    return [] if re.search(r"\b00:00(?::00)?$", text) else cells.hours(text)


def _capacity(text: str) -> int | None:
    digits = re.sub(r"\s", "", text)
    if not digits:
        return None
    if not re.fullmatch(r"\d{1,6}", digits):
        raise Wrong(f"Le nombre de places « {text} » n’est pas un nombre.")
    return int(digits)
