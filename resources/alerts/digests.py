"""What is new for each person, in one message: killed anywhere and run again, nothing is told twice, nothing is missed."""

import datetime
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Literal, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from trajectoire.core import listing, mail, search
from trajectoire.core.faces import FeedEntry
from trajectoire.core.text import plural

from .models import Alert, described

logger = logging.getLogger(__name__)
Told = Literal["sent", "nothing", "later"]

# What is dated now may be committed a moment later: only what is older is looked at, the rest at the next run.
SETTLED = datetime.timedelta(minutes=2)
SHOWN = 10  # of each search; a link leads to the others


class Outcome(NamedTuple):
    """People written to, people with nothing new, people left for the next run."""

    sent: int
    nothing: int
    later: int


class NotWholeError(Exception):
    """The engine left something out for a moment: telling now could miss it for ever."""


@dataclass(frozen=True)
class Section:
    """One search of a message. `entries` are the first new objects, `total` how many there are."""

    title: str
    url: str
    entries: tuple[FeedEntry, ...]
    total: int

    @property
    def more(self) -> str:
        """« Voir aussi 3 autres nouveautés », or nothing."""
        others = self.total - len(self.entries)
        return f"Voir aussi {plural(others, 'autre nouveauté', 'autres nouveautés')}" if others > 0 else ""


Found = dict[tuple[str, str, datetime.datetime], Section]


def send_all() -> Outcome:
    """Write to everyone whose period is over. Safe at any number at once."""
    until = timezone.now() - SETTLED
    told: dict[Told, list[list[Alert]]] = {"sent": [], "nothing": [], "later": []}
    known: Found = {}
    due = list(Alert.objects.due(until).select_related("subscriber").order_by("subscriber_id", "pk"))
    with mail.held():
        for _, group in groupby(due, key=attrgetter("subscriber_id")):
            alerts = list(group)
            told[_tell(alerts, until, known)].append(alerts)
        _pass_over([alert.pk for alerts in told["nothing"] for alert in alerts], until)
    return Outcome(*(len(told[how]) for how in ("sent", "nothing", "later")))


def _tell(alerts: list[Alert], until: datetime.datetime, known: Found) -> Told:
    """One person's message; what goes wrong with it must not keep the others from theirs."""
    try:
        sections = list(_without_repeats(new_in(alert, until, known) for alert in alerts))
        if not sections:
            return "nothing"
        return "sent" if write(alerts, sections, until) else "later"
    except NotWholeError:
        return "later"
    except Exception:
        logger.exception("alerts of subscriber %s", alerts[0].subscriber_id)
        return "later"


def new_in(alert: Alert, until: datetime.datetime, known: Found) -> Section:
    """What became visible to everyone in this search since the last message; many people share one search."""
    key = (alert.listing, alert.query, alert.sent_upto)
    if key not in known:
        known[key] = _search(alert, until)
    return known[key]


def _search(alert: Alert, until: datetime.datetime) -> Section:
    state = alert.state
    if state is None:
        return Section("", "", (), 0)
    entries, total = appeared(replace(state, page=1, sort=state.listing.default_sort, exact=True), alert.sent_upto, until, SHOWN)
    return Section(described(state), mail.link(state.url()), tuple(entries), total)


def appeared(state: listing.State, after: datetime.datetime, until: datetime.datetime, size: int) -> tuple[list[FeedEntry], int]:
    """What everyone may read in this search since a moment: the first `size` objects, and how many there are.

    Raises NotWholeError when the engine leaves something out.
    """
    access = state.listing.access(AnonymousUser())
    question = listing.question(state, access)
    results = search.query(replace(question, published_after=after, now=until, strict=True, size=size))
    if results.partial or results.degraded:
        raise NotWholeError
    keys = [search.Key(hit.kind, hit.pk) for hit in results.hits]
    return [state.listing.faces.entry(one) for one in state.listing.faces.load(keys, access)], results.total


def _without_repeats(sections: Iterable[Section]) -> Iterator[Section]:
    """Each object once, in the first search that finds it; searches with nothing of their own are left out."""
    told: set[str] = set()
    for section in sections:
        fresh = tuple(entry for entry in section.entries if entry.key not in told)
        told |= {entry.key for entry in fresh}
        if fresh:
            yield replace(section, entries=fresh, total=section.total - len(section.entries) + len(fresh))


def write(alerts: list[Alert], sections: list[Section], until: datetime.datetime) -> bool:
    """Store the message and how far it tells in one transaction; False when another run, or the person, was quicker."""
    subscriber = alerts[0].subscriber
    expected = {(alert.pk, alert.sent_upto) for alert in alerts}
    with transaction.atomic():
        rows = Alert.objects.active().select_for_update().filter(pk__in=[alert.pk for alert in alerts])
        if set(rows.values_list("pk", "sent_upto")) != expected:
            return False
        rows.update(sent_upto=until)
        leave = mail.link(subscriber.leave_path)
        context = {
            "count": plural(sum(section.total for section in sections), "nouveauté", "nouveautés"),
            "sections": sections,
            "manage_url": mail.link(subscriber.manage_path),
            "leave_url": leave,
        }
        mail.post("alerts", subscriber.email, context, headers=mail.leaving(leave))
    return True


def _pass_over(pks: list[int], until: datetime.datetime) -> None:
    """Those with nothing new are looked at again from here."""
    for start in range(0, len(pks), 500):
        Alert.objects.filter(pk__in=pks[start : start + 500], sent_upto__lt=until).update(sent_upto=until)
