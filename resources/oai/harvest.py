"""Records in the order of their last change, page after page, whatever changes meanwhile.

A page begins after the last record of the page before (its moment and its number), never at a rank: a record that changes
during a harvest moves to the end, where it is given again; one that goes is given there as deleted. None is missed.
"""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Greatest

from trajectoire.core import tokens

from ..models import Document
from .requests import PREFIX, Interval, OaiError, interval
from .sets import condition
from .tombstones import Tombstone, set_specs

PAGE = 100
SCOPE = "oai"
LIFETIME = datetime.timedelta(hours=24)


@dataclass(frozen=True)
class Record:
    """A header, and the document unless it has gone."""

    pk: int
    stamp: datetime.datetime
    sets: list[str]
    document: Document | None


@dataclass(frozen=True)
class Harvest:
    """What a list asks, and how far it went. `total` is what the list held when it began."""

    verb: str
    first: str = ""
    last: str = ""
    set: str = ""
    after: tuple[datetime.datetime, int] | None = None
    cursor: int = 0
    total: int = -1

    @classmethod
    def of(cls, given: dict[str, str]) -> "Harvest":
        """Raises OaiError."""
        if "resumptionToken" in given:
            return cls.resumed(given["verb"], given["resumptionToken"])
        if given["metadataPrefix"] != PREFIX:
            raise OaiError("cannotDisseminateFormat", f"Le seul format est {PREFIX}.")
        return cls(given["verb"], given.get("from", ""), given.get("until", ""), given.get("set", ""))

    @classmethod
    def resumed(cls, verb: str, token: str) -> "Harvest":
        try:
            first, last, spec, stamp, pk, cursor, total, asked = tokens.unsign(SCOPE, token, int(LIFETIME.total_seconds()))
        except tokens.Invalid as error:
            raise OaiError("badResumptionToken", "Ce resumptionToken n’est pas valable, ou plus valable.") from error
        if asked != verb:
            raise OaiError("badResumptionToken", "Ce resumptionToken vient d’un autre verbe.")
        return cls(verb, first, last, spec, (datetime.datetime.fromisoformat(stamp), pk), cursor, total)

    @property
    def token(self) -> str:
        """The token of what follows `after`."""
        stamp, pk = self.after or (datetime.datetime.min, 0)
        return tokens.sign(SCOPE, [self.first, self.last, self.set, stamp.isoformat(), pk, self.cursor, self.total, self.verb])


def page(harvest: Harvest) -> tuple[list[Record], Harvest, Harvest | None]:
    """The records of a page, the harvest with its total, and the harvest that follows (None at the end)."""
    live, gone = _selected(harvest)
    if harvest.total < 0:
        harvest = replace(harvest, total=live.count() + gone.count())
    rows = [_live(document) for document in _after(live, harvest.after)] + [_gone(row) for row in _after(gone, harvest.after)]
    rows.sort(key=lambda record: (record.stamp, record.pk))
    records = rows[:PAGE]
    if len(rows) <= PAGE:
        return records, harvest, None
    last = records[-1]
    return records, harvest, replace(harvest, after=(last.stamp, last.pk), cursor=harvest.cursor + PAGE)


def _selected(harvest: Harvest) -> tuple[QuerySet[Document], QuerySet[Tombstone]]:
    limits = interval(harvest.first, harvest.last)
    live, gone = documents().filter(_within(limits)), Tombstone.objects.filter(_within(limits))
    if harvest.set:
        live = live.filter(pk__in=Document.objects.filter(condition(harvest.set)).values("pk"))
        end = "|" if ":" in harvest.set else ":"
        gone = gone.filter(sets__contains=f"|{harvest.set}{end}")
    # Scheduled again, then visible again by its hour alone: what is public is not gone.
    return live, gone.exclude(pk__in=Document.objects.public().values("pk"))


def documents() -> QuerySet[Any]:
    """Public documents with their moment: the last change, or the hour at which a scheduled one appeared."""
    return Document.objects.public().annotate(stamp=Greatest("updated_at", "publish_at"))


def _within(limits: Interval) -> Q:
    start = Q(stamp__gte=limits.start) if limits.start else Q()
    return start & Q(stamp__lt=limits.end) if limits.end else start


def _after(rows: QuerySet[Any], after: tuple[datetime.datetime, int] | None) -> list[Any]:
    """One row more than a page, to know whether another follows."""
    if after:
        rows = rows.filter(Q(stamp__gt=after[0]) | Q(stamp=after[0], pk__gt=after[1]))
    return list(_complete(rows.order_by(F("stamp"), F("pk")))[: PAGE + 1])


def _complete(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.for_harvest() if rows.model is Document else rows  # type: ignore[attr-defined]


def _live(document: Any) -> Record:
    return Record(document.pk, document.stamp, set_specs(document), document)


def _gone(row: Tombstone) -> Record:
    return Record(row.pk, row.stamp, row.sets.strip("|").split("|"), None)


def find(pk: int) -> Record | None:
    """The record of a document, public or gone; None for what never was public."""
    document = _complete(documents()).filter(pk=pk).first()
    if document:
        return _live(document)
    row = Tombstone.objects.filter(pk=pk).first()
    return _gone(row) if row else None


def earliest() -> datetime.datetime | None:
    """The moment of the first record, or None when there is none."""
    stamps = [rows.aggregate(first=Min("stamp"))["first"] for rows in (documents(), Tombstone.objects.all())]
    return min((stamp for stamp in stamps if stamp), default=None)
