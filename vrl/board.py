"""The board of the coordination: the sessions by step, with the next one as a button. The number of queries never grows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse

from network.events.dates import summed
from network.events.models import Registration, RegistrationState
from network.models import Territory
from trajectoire.core.text import plural

from . import life, team
from .levels import ABOUT
from .session import Session, SessionQuerySet
from .vocabulary import COMING, Level, SessionState

State = SessionState
UNDER_WAY = (
    State.DRAFT,
    State.PROPOSED,
    State.TEAM,
    State.OPEN,
    State.FULL,
    State.CONFIRMED,
    State.HELD,
    State.TO_CLOSE,
    State.POSTPONED,
)
MOST = 300  # on one board; filters narrow it
# Not one click away: they are taken on the form, with their reason.
ASIDE = (State.CANCELLED, State.POSTPONED, State.DRAFT)
BACK = ((State.OPEN, State.TEAM), (State.CLOSED, State.TO_CLOSE))


@dataclass(frozen=True)
class Asked:
    department: str = ""
    level: str = ""
    year: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """What is not a level or a year is left out."""
        level, year = query.get("niveau", ""), query.get("annee", "")
        known = year if year.isascii() and year.isdecimal() and len(year) == 4 else ""
        return cls(query.get("departement", "")[:10], level if level in Level else "", known)

    def rows(self) -> SessionQuerySet:
        """Of a year, everything; otherwise what is under way."""
        found = Session.objects.all() if self.year else Session.objects.filter(state__in=UNDER_WAY)
        if self.year:
            found = found.filter(event__starts_at__year=int(self.year))
        if self.level:
            found = found.filter(level=self.level)
        return found.filter(department__code=self.department) if self.department else found


def years() -> list[int]:
    """Those of the sessions, the latest first."""
    dated = Session.objects.filter(event__starts_at__isnull=False).annotate(year=ExtractYear("event__starts_at"))
    return list(dated.order_by("-year").values_list("year", flat=True).distinct())


def context(asked: Asked, user: Any) -> dict[str, Any]:
    """{columns: [{label, count, cards}], filters, more}; a column without session is not shown."""
    people = Registration.objects.filter(event=OuterRef("event"), state=RegistrationState.CONFIRMED).order_by()
    confirmed = people.values("event").annotate(count=Count("pk")).values("count")
    found = asked.rows().with_team().annotate(people=Coalesce(Subquery(confirmed), 0))
    rows = found.select_related("event", "department").prefetch_related("event__dates").order_by("event__starts_at", "pk")
    sessions = list(rows[: MOST + 1])
    by_state: dict[str, list[Session]] = {}
    for session in sessions[:MOST]:
        by_state.setdefault(session.state, []).append(session)
    columns = [
        {"label": state.label, "count": len(by_state[state]), "cards": [_card(session, user) for session in by_state[state]]}
        for state in State
        if state in by_state
    ]
    return {"columns": columns, "filters": _filters(asked), "more": len(sessions) > MOST}


def _card(session: Any, user: Any) -> dict[str, Any]:
    missing = team.missing(session) if session.state in COMING and session.level != Level.N1 else 0
    return {
        "title": session.event.title,
        "url": reverse("admin:vrl_session_change", args=[session.pk]),
        "facts": [ABOUT[session.level].name, session.department.name, summed(session.event)],
        "people": plural(session.people, "personne inscrite", "personnes inscrites"),
        "missing": f"Il manque {plural(missing, 'personne', 'personnes')} dans l’équipe" if missing else "",
        "moves": [{"to": to.value, "label": life.label(to, session)} for to in _next(session, user)],
        "move_url": reverse("admin:vrl_session_move", args=[session.pk]),
    }


def _next(session: Session, user: Any) -> list[SessionState]:
    """The ways forward."""
    return [to for to in life.allowed(session, user) if to not in ASIDE and (session.state, to) not in BACK]


def _filters(asked: Asked) -> list[dict[str, Any]]:
    """[{name, label, empty, choices: [{value, label, chosen}]}]."""
    used = Territory.objects.filter(Q(pk__in=Session.objects.values("department"))).order_by("code")
    return [
        _filter("departement", "Département", "Tous", asked.department, used.values_list("code", "name")),
        _filter("niveau", "Niveau", "Tous", asked.level, Level.choices),
        _filter("annee", "Année", "Ce qui est en cours", asked.year, ((str(year), str(year)) for year in years())),
    ]


def _filter(name: str, label: str, empty: str, chosen: str, pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    choices = [{"value": value, "label": words, "chosen": value == chosen} for value, words in pairs]
    return {"name": name, "label": label, "empty": empty, "choices": choices}
