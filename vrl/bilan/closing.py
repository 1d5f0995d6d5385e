"""Closing a year, correcting a figure of it, opening it again; and reading: a closed year comes from the store, never counted again."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.events.registering import Refused
from trajectoire.core import auditing

from . import parts
from .part_sessions import departments
from .parts import Grid, Line, Number, Part, Scope, of_year
from .year import BilanCorrection, BilanTarget, BilanYear


def close(year: int, by: Any, today: datetime.date | None = None) -> BilanYear:
    """Count the region and each department and keep it all, with the definitions. Raises Refused."""
    if year >= (today or timezone.localdate()).year:
        raise Refused(f"L’année {year} n’est pas finie : on la clôt à partir du 1er janvier suivant.")
    counted = {code: [asdict(part) for part in parts.compute(of_year(year, code))] for code in ["", *departments()]}
    with transaction.atomic():
        bilan, _ = BilanYear.objects.select_for_update().get_or_create(year=year)
        if bilan.is_closed:
            raise Refused(f"L’année {year} est déjà close.")
        bilan.figures, bilan.closed_at, bilan.closed_by = counted, timezone.now(), by
        _save(bilan)
        auditing.record(by, "clôture d’une année du bilan", f"bilan {year}")
    return bilan


def reopen(bilan: BilanYear, by: Any) -> None:
    """Forget what was stored; the corrections stay, as a journal, and no longer apply. Raises Refused."""
    with transaction.atomic():
        bilan = BilanYear.objects.select_for_update().get(pk=bilan.pk)
        if not bilan.is_closed:
            raise Refused(f"L’année {bilan.year} n’est pas close.")
        bilan.figures, bilan.closed_at, bilan.closed_by = {}, None, None
        _save(bilan)
        auditing.record(by, "réouverture d’une année du bilan", f"bilan {bilan.year}")


def _save(bilan: BilanYear) -> None:
    bilan.version += 1
    bilan.save(update_fields=["figures", "closed_at", "closed_by", "version", "updated_at"])


def correct(made: BilanCorrection) -> None:
    """Save a correction (bilan, department, name, becomes, why, by): shown from now on; what was stored stays.

    Raises Refused for a year not closed or an unknown figure.
    """
    with transaction.atomic():
        bilan = BilanYear.objects.select_for_update().get(pk=made.bilan_id)
        if not bilan.is_closed:
            raise Refused(f"L’année {bilan.year} n’est pas close : corrigez ce qui est compté, le bilan suivra.")
        known = {one.name: one.value for one in parts.lines_of(stored(bilan, made.department))}
        was = known.get(made.name)
        if was is None:
            raise Refused("Ce chiffre n’est pas dans le bilan de ce territoire.")
        made.was = was
        made.save()
        auditing.record(made.by, "correction du bilan", f"bilan {bilan.year}, {made.name}")


def since_closing(bilan: BilanYear, department: str = "") -> list[BilanCorrection]:
    """The corrections that apply, in the order they were made."""
    return list(bilan.corrections.filter(department=department, at__gte=bilan.closed_at))


def stored(bilan: BilanYear, department: str = "") -> list[Part]:
    """The parts of a closed year as they were counted, with its corrections; nothing for a department that was not there."""
    corrected = {one.name: one.becomes for one in since_closing(bilan, department)}
    return [_part(told, corrected) for told in bilan.figures.get(department, [])]


def _part(told: dict[str, Any], corrected: dict[str, float]) -> Part:
    lines = [Line(**line) for line in told["lines"]]
    lines = [replace(one, value=_like(one.value, corrected[one.name])) if one.name in corrected else one for one in lines]
    return Part(**told | {"lines": lines, "grids": [Grid(**grid) for grid in told["grids"]]})


def _like(was: Number | None, becomes: float) -> Number:
    """A number of things stays whole."""
    return becomes if isinstance(was, float) or not becomes.is_integer() else int(becomes)


def closed_year(scope: Scope) -> BilanYear | None:
    """The closed year that the scope is exactly."""
    return BilanYear.objects.closed().filter(year=scope.year).first() if scope.year else None


def parts_of(scope: Scope) -> Sequence[Part]:
    """What the bilan says of a scope: from the store when it is a closed year, counted now else."""
    bilan = closed_year(scope)
    return stored(bilan, scope.department) if bilan else parts.compute(scope)


def targets_of(scope: Scope) -> dict[str, Number]:
    """{name of a line: what is aimed at}, for a year of the whole region only."""
    if not scope.year or scope.department:
        return {}
    found = BilanTarget.objects.filter(year=scope.year).values_list("name", "value")
    return {name: int(value) if value.is_integer() else value for name, value in found}
