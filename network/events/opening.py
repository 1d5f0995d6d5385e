"""Whether one may register now, and the sentence that says why: for the page of the event and for the form."""

import datetime
from dataclasses import dataclass
from typing import Literal

from django.utils import timezone

from trajectoire.core.text import local_moment

from .event import Event
from .places import FEW, Counts, counts, free_for_newcomers
from .vocabulary import EventStatus

State = Literal[
    "open", "waiting-list", "full", "not-yet", "closed", "past", "cancelled", "postponed", "none", "elsewhere", "hidden"
]


@dataclass(frozen=True)
class Opening:
    """`sentence` is French, for the public; `until` when it ends (open) or begins (not yet), if that is known."""

    state: State
    sentence: str
    until: datetime.datetime | None = None

    @property
    def accepts(self) -> bool:
        return self.state in ("open", "waiting-list")


def opening(event: Event, now: datetime.datetime | None = None) -> Opening:
    """Of the event, or of the one that holds the registrations of its cycle.

    The number of places left is never said exactly: registering somebody who already is would not change it, which would
    tell that this address is known.
    """
    now = now or timezone.now()
    holder = event.holder
    return _by_nature(holder) or _by_time(holder, now) or _by_places(holder, counts(event))


def _by_nature(event: Event) -> Opening | None:
    if not event.is_public:
        return Opening("hidden", "Cet événement n’est pas public.")
    if event.status == EventStatus.CANCELLED:
        return Opening("cancelled", "Cet événement est annulé : il n’y a plus d’inscription.")
    if event.status == EventStatus.POSTPONED:
        return Opening("postponed", "Cet événement est reporté : les inscriptions reprendront avec la nouvelle date.")
    if event.registering == Event.Registering.NONE:
        return Opening("none", "Entrée libre : aucune inscription n’est demandée.")
    return None


def _by_time(event: Event, now: datetime.datetime) -> Opening | None:
    closes = event.closes_at or event.starts_at
    if event.ends_at and event.ends_at <= now:
        return Opening("past", "Cet événement a eu lieu.")
    if closes and closes <= now:
        return Opening("closed", f"Les inscriptions sont closes depuis le {local_moment(closes)}.", closes)
    if event.opens_at and now < event.opens_at:
        return Opening("not-yet", f"Les inscriptions ouvriront le {local_moment(event.opens_at)}.", event.opens_at)
    if event.registering == Event.Registering.ELSEWHERE:
        return Opening("elsewhere", "L’inscription se fait sur un autre site.", closes)
    return None


def _by_places(event: Event, found: Counts) -> Opening:
    closes = event.closes_at or event.starts_at
    until = f" Inscriptions jusqu’au {local_moment(closes)}." if closes else ""
    free = free_for_newcomers(event, found)
    if event.status == EventStatus.FULL or (free == 0 and not event.waiting_list):
        return Opening("full", "Complet : toutes les places sont prises.")
    if event.registering == Event.Registering.BY_STAFF:
        return Opening("open", f"Sur candidature : l’équipe répond à chaque personne.{until}", closes)
    if free == 0:
        return Opening("waiting-list", f"Complet : inscription possible en liste d’attente.{until}", closes)
    words = "Dernières places." if free is not None and free <= FEW else "Il reste des places."
    return Opening("open", f"{words}{until}", closes)
