"""The bilan as a page, a file or a spreadsheet gives it: every number with its text, nothing that the reader may not know.

The exact numbers stay in parts.py; what this module gives may be shown as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from trajectoire.core.text import NBSP, spaced_number

from ..vocabulary import BILAN_PARTS
from . import closing, masking
from .parts import Grid, Line, Number, Part, Scope, lines_of
from .year import BilanYear

Numbers = dict[str, Number | None]
NOT_SHOWN = "masqué"  # one word for small numbers and for what protects them: two words would tell which is which


@dataclass(frozen=True)
class Cell:
    """`number` is None where it is hidden: charts leave it out."""

    number: Number | None
    text: str


@dataclass(frozen=True)
class ShownLine:
    """`difference` (« +12 ») and `target` are texts, empty when there is none; `previous` is None when there is none."""

    name: str
    label: str
    definition: str
    value: Cell
    previous: Cell | None = None
    difference: str = ""
    target: str = ""
    unit: str = ""
    corrections: Sequence[str] = ()


@dataclass(frozen=True)
class ShownGrid:
    """`rows` are (label, cells); `heads` has one more word than a row has cells."""

    slug: str
    title: str
    definition: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    chart: str = ""


@dataclass(frozen=True)
class ShownPart:
    number: int
    slug: str
    title: str
    lines: Sequence[ShownLine]
    grids: Sequence[ShownGrid]


def read(scope: Scope, *, outside: bool) -> list[ShownPart]:
    """What staff reads, exact; or what partners and the public may, with `outside`. Closed years come from their store.

    The last part puts every figure beside the same period a year before, and its target.
    """
    now, before = _known(scope, outside), _known(scope.previous(), outside)
    earlier = {one.name: one.value for one in lines_of(before)}
    targets = closing.targets_of(scope)
    bilan = closing.closed_year(scope)
    told = _corrections(bilan, scope, outside) if bilan else {}
    shown = [_part(part, earlier, targets, told) for part in now]
    every = [one for part in shown for one in part.lines]
    return [*shown, ShownPart(len(BILAN_PARTS), "evolution", BILAN_PARTS["evolution"], every, [])]


def _known(scope: Scope, outside: bool) -> Sequence[Part]:
    exact = closing.parts_of(scope)
    if not outside:
        return exact
    everywhere = closing.parts_of(scope.everywhere()) if scope.department else exact
    closed = closing.closed_year(scope) is not None
    return masking.for_outside(exact, everywhere, department=scope.department, rounded=not closed)


def _corrections(bilan: BilanYear, scope: Scope, outside: bool) -> dict[str, list[str]]:
    """{name: sentences}; those outside read the day only: the numbers could be small ones, and the reason may say them."""
    told: dict[str, list[str]] = {}
    for one in closing.since_closing(bilan, scope.department):
        said = "." if outside else f" ({written(one.was)} auparavant){NBSP}: {one.why}"
        told.setdefault(one.name, []).append(f"Corrigé le {timezone.localtime(one.at):%d/%m/%Y}{said}")
    return told


def _part(part: Part, earlier: Numbers, targets: dict[str, Number], told: dict[str, list[str]]) -> ShownPart:
    lines = [_line(one, earlier, targets, told.get(one.name, [])) for one in part.lines]
    return ShownPart(part.number, part.slug, part.title, lines, [_grid(one) for one in part.grids])


def _line(one: Line, earlier: Numbers, targets: dict[str, Number], told: list[str]) -> ShownLine:
    value = cell(one.value)
    previous = cell(earlier[one.name]) if one.name in earlier else None
    target = written(targets[one.name]) if one.name in targets else ""
    gap = difference(value, previous)
    return ShownLine(one.name, one.label, one.definition, value, previous, gap, target, one.unit, told)


def _grid(one: Grid) -> ShownGrid:
    rows = [(label, [cell(value) for value in row]) for label, row in zip(one.labels, one.cells, strict=True)]
    return ShownGrid(one.slug, one.title, one.definition, one.heads, rows, one.chart)


def cell(value: Number | None) -> Cell:
    return Cell(value, NOT_SHOWN if value is None else written(value))


def written(value: Number) -> str:
    """« 1 234 », « 4,3 »: the separators are French."""
    if float(value).is_integer():
        return spaced_number(int(value))
    return f"{value:.1f}".replace(".", ",")


def difference(value: Cell, previous: Cell | None) -> str:
    """« +12 », « −3 », « = »; nothing when one of them is hidden."""
    if previous is None or value.number is None or previous.number is None:
        return ""
    gap = value.number - previous.number
    if not gap:
        return "="
    return f"{'+' if gap > 0 else '−'}{written(abs(gap))}"
