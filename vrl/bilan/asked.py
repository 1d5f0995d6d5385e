"""The bilan that somebody asks for: what they may ask, what they may read of it, in one object that every face is made of."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from trajectoire.core.keeping import do_not_keep
from trajectoire.core.models import PARTNERS
from trajectoire.core.text import day, local_day

from . import period
from .parts import Scope, of_year
from .reading import ShownLine, ShownPart, read
from .year import FIRST_YEAR, BilanYear

EVOLUTION = "evolution"
SUMMARY = ("sessions", "present", "attested", "trainers", "event_half_days", "downloads")
REGION_NAME = "Bourgogne-Franche-Comté"
MASKED = (
    "De 1 à 4 personnes, le nombre est masqué ; d’autres le sont parfois avec lui, pour qu’une soustraction ne le révèle pas."
)
EXACT = "Nombres exacts, pour l’équipe seulement : ce qui sort du centre est la version à envoyer, où les petits nombres sont masqués."
ROUNDED = (
    "Tant que l’année n’est pas close, ou pour une autre période, les nombres de personnes sont arrondis à 5, "
    "et les moyennes et les parts ne sont pas données."
)


@dataclass(frozen=True)
class Bilan:
    """`notes` say how the numbers are to be read; `stories` are (mission, HTML); `kept` is the row of its year, if any."""

    scope: Scope
    place: str
    parts: Sequence[ShownPart]
    notes: Sequence[str]
    stories: Sequence[tuple[str, str]]
    kept: BilanYear | None

    @property
    def title(self) -> str:
        return f"Bilan {'' if self.scope.year else 'de l’' if self.name.startswith('année') else ''}{self.name}"

    @property
    def name(self) -> str:
        return period.named(self.scope)

    @property
    def summary(self) -> list[ShownLine]:
        """The figures that open it, in the order of SUMMARY; zeros say nothing."""
        known = {one.name: one for part in self.parts for one in part.lines}
        return [known[name] for name in SUMMARY if name in known and known[name].value.number != 0]


def chooses(user: Any) -> bool:
    """The team asks for any period, partners for those of period.is_fixed; the others read the years that were published."""
    return bool(user.is_active and (user.is_staff or user.groups.filter(name=PARTNERS).exists()))


def scope_of(request: HttpRequest, places: dict[str, str]) -> Scope:
    """What the address of a file asks for; Http404 when it is not a period, or not one that this person may read."""
    if chooses(request.user):
        form = period_form(request, places)
        if not form.is_valid():
            raise Http404
        return form.scope
    asked = period_form(request, places) if "du" in request.GET or "au" in request.GET else None
    if asked is None:
        return of_year(latest_public().year, department_of(request, places))
    if not asked.is_valid() or asked.scope.year is None:
        raise Http404
    return asked.scope


def period_form(request: HttpRequest, places: dict[str, str]) -> period.PeriodForm:
    """The form filled by the address; what it does not say is the first of the usual periods, in the whole region."""
    _, now = periods(request.user)[0]
    told = {"du": now.first.isoformat(), "au": now.last.isoformat()} | request.GET.dict()
    return form_for(request.user)(told, places=places, today=timezone.localdate())


def form_for(user: Any) -> type[period.PeriodForm]:
    return period.PeriodForm if user.is_staff else period.FixedPeriodForm


def periods(user: Any, department: str = "") -> list[tuple[str, Scope]]:
    """[(label, scope)] of the links that this person is given."""
    return (period.usual if user.is_staff else period.proposed)(timezone.localdate(), department)


def department_of(request: HttpRequest, places: dict[str, str]) -> str:
    """The code in the address, "" for the region; Http404 for an unknown one."""
    form = period.PlaceForm(request.GET, places=places)
    if not form.is_valid():
        raise Http404
    return form.department


def latest_public() -> BilanYear:
    found = BilanYear.objects.public().first()
    if found is None:
        raise Http404
    return found


def scope_of_year(year: int, department: str) -> Scope:
    """Http404 for a year that nobody counts."""
    if not FIRST_YEAR <= year <= timezone.localdate().year + period.FARTHEST:
        raise Http404
    return of_year(year, department)


def bilan(scope: Scope, user: Any, places: dict[str, str], *, to_send: bool = False) -> Bilan:
    """What this person may read of a scope; Http404 for a year that was not published, to who may not ask for any, and for a
    period that is not one of those of partners.

    `to_send`: what staff may give to partners, masked.
    """
    kept = BilanYear.objects.filter(year=scope.year).first() if scope.year else None
    asks = chooses(user)
    if not asks and (kept is None or not kept.is_closed or not kept.public_parts):
        raise Http404
    if asks and not user.is_staff and not period.is_fixed(scope, timezone.localdate()):
        raise Http404
    do_not_keep()  # what it counts, every page of the site does not watch
    outside = to_send or not user.is_staff
    parts = read(scope, outside=outside)
    if not asks and kept:
        parts = published(parts, kept.public_parts)
    place = places[scope.department] if scope.department else REGION_NAME
    return Bilan(scope, place, parts, notes(scope, kept, outside), kept.stories if kept else [], kept)


def published(parts: Sequence[ShownPart], slugs: Sequence[str]) -> list[ShownPart]:
    """The chosen parts; the comparison of years keeps the figures of these parts only."""
    chosen = [part for part in parts if part.slug in slugs]
    names = {one.name for part in chosen if part.slug != EVOLUTION for one in part.lines}
    return [
        replace(part, lines=[one for one in part.lines if one.name in names]) if part.slug == EVOLUTION else part
        for part in chosen
    ]


def notes(scope: Scope, kept: BilanYear | None, outside: bool) -> list[str]:
    told = [_moving(scope)]
    if kept and kept.closed_at:
        told = [
            f"Année close le {local_day(kept.closed_at)} : les chiffres et leurs définitions sont gardés tels quels. "
            "Une correction faite depuis est dite sous son chiffre."
        ]
    told.append(MASKED if outside else EXACT)
    if outside and not (kept and kept.closed_at):
        told.append(ROUNDED)
    return told


def _moving(scope: Scope) -> str:
    today: datetime.date = timezone.localdate()
    return f"Chiffres comptés le {day(today)} : ils changent encore, tant que l’année n’est pas close."
