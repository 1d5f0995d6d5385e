"""One person, across everything: what exists, her copy as a ZIP, her erasure."""

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from ..text import day
from . import erasures, mentions
from .traces import Trace, traces


class Refused(Exception):
    """These data must not go that way; the message is a French sentence."""


@dataclass(frozen=True)
class Found:
    """Rows of one kind: `rows` as {label: value}."""

    label: str
    keeps: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """How many rows of each kind were erased; what staff must mend by hand, in French."""

    counts: dict[str, int]
    left: list[str]


def found(email: str) -> list[Found]:
    """What exists about the person who has this address, kind by kind."""
    sections = [Found(trace.label, trace.keeps, [trace.export(row) for row in trace.find(email)]) for trace in traces()]
    return [section for section in sections if section.rows]


def copy(email: str) -> bytes:
    """A ZIP of the same thing twice: JSON for machines, HTML for people."""
    sections, made_on = found(email), day(timezone.localdate())
    data = {
        "adresse": email,
        "fait_le": timezone.localdate().isoformat(),
        "donnees": {section.label: section.rows for section in sections},
    }
    html = render_to_string("personal/copy.html", {"email": email, "sections": sections, "made_on": made_on})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", json.dumps(data, ensure_ascii=False, indent=2, default=str))
        archive.writestr("donnees.html", html)
    return packed.getvalue()


def erase(email: str, *, by_person: bool = False) -> Outcome:
    """Everything of this person, at once or not at all; the statistics stay. Raises Refused before touching anything."""
    with transaction.atomic():
        _refuse(email, by_person)
        erasures.remember(email, by_person=by_person)
        return _erase(email)


def _refuse(email: str, by_person: bool) -> None:
    for trace in traces():
        for row in trace.find(email):
            if sentence := trace.refusal(row, by_person):
                raise Refused(sentence)


def _erase(email: str) -> Outcome:
    counts = {trace.label: _erase_trace(trace, email) for trace in traces()}
    return Outcome({label: count for label, count in counts.items() if count}, mentions.replace(email))


def _erase_trace(trace: Trace, email: str) -> int:
    rows = list(trace.find(email))
    for row in rows:
        trace.erase(row)
    return len(rows)


def replay() -> int:
    """Erase again the people erased after the backup that was restored; how many were there. Safe to run again."""
    waiting = erasures.to_replay()
    if not waiting:
        return 0
    by_digest = {erasures.digest_of(email): email for email in mentions.addresses()}
    back = {digest for digest, _ in waiting} & set(by_digest)
    with transaction.atomic():
        for digest in sorted(back):
            _erase(by_digest[digest])
        erasures.Erasure.objects.bulk_create(erasures.Erasure(digest=d, erased_at=moment) for d, moment in dict.fromkeys(waiting))
    return len(back)
