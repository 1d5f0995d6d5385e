"""What the bilan is made of: a period and a place, parts, lines (one figure each) and grids. Exact numbers: see masking.py.

Each module `part_<subject>.py` counts one part for one scope, in SQL and in a constant number of queries.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..figures import Told
from ..vocabulary import BILAN_PARTS

Number = int | float
Counts = dict[str, dict[str, int]]  # {row: {column: number}}


@dataclass(frozen=True)
class Scope:
    """From the first day to the last, in Paris; the whole region when there is no code of department."""

    first: datetime.date
    last: datetime.date
    department: str = ""

    @property
    def year(self) -> int | None:
        """The calendar year that it is exactly, or nothing."""
        whole = (self.first, self.last) == (datetime.date(self.first.year, 1, 1), datetime.date(self.first.year, 12, 31))
        return self.first.year if whole else None

    def previous(self) -> "Scope":
        """The same period a year before; 29 February becomes the 28th."""
        return replace(self, first=_year_before(self.first), last=_year_before(self.last))

    def everywhere(self) -> "Scope":
        return replace(self, department="")


def of_year(year: int, department: str = "") -> Scope:
    return Scope(datetime.date(year, 1, 1), datetime.date(year, 12, 31), department)


@dataclass(frozen=True)
class Line:
    """One figure. `sure_with` is the grid that a mean or a share is made of: it is hidden when a cell of the grid is.

    `value` is None where masking.py hid it.
    """

    name: str
    label: str
    definition: str
    value: Number | None
    about_people: bool = False
    unit: str = ""
    sure_with: str = ""


@dataclass(frozen=True)
class Grid:
    """A table: `heads` (the first one is that of the labels), one label a row, `cells[row][column]`.

    `sums` names, for each column, the line that the column adds up to, or "" when rows overlap; `by` says what a row is, so
    that a page on one department finds its own. `keys` are stable names of the rows, `columns` those of the columns.
    """

    slug: str
    title: str
    definition: str
    heads: Sequence[str]
    labels: Sequence[str]
    cells: Sequence[Sequence[Number | None]]
    about_people: bool = False
    chart: str = ""  # bars, stack or nothing
    keys: Sequence[str] = ()
    columns: Sequence[str] = ()
    sums: Sequence[str] = ()
    by: str = ""


@dataclass(frozen=True)
class Part:
    """`slug` is a key of BILAN_PARTS."""

    number: int
    slug: str
    title: str
    lines: Sequence[Line]
    grids: Sequence[Grid]


def made(slug: str, lines: Sequence[Line], grids: Sequence[Grid] = ()) -> Part:
    """A part with its place and its title."""
    return Part([*BILAN_PARTS].index(slug) + 1, slug, BILAN_PARTS[slug], lines, grids)


def line(name: str, told: Told, value: Number, **given: Any) -> Line:
    """A figure with the words of its definition."""
    return Line(name, told.label, told.definition, value, about_people=told.about_people, **given)


@dataclass(frozen=True)
class Rows:
    """What the rows of a grid are: `by` (level, department…), the head of the column of labels, {key: label}."""

    by: str
    head: str
    labels: dict[str, str]


def table(rows: Rows, columns: dict[str, Told], counts: Counts, *, sums: bool = False, **words: Any) -> Grid:
    """A grid of the counts: each row of `rows`, those without anything too. `sums`: each column adds up to the line of its name.

    `words`: slug, title, definition, chart.
    """
    return Grid(
        heads=[rows.head, *(told.label for told in columns.values())],
        labels=list(rows.labels.values()),
        cells=[[counts.get(key, {}).get(name, 0) for name in columns] for key in rows.labels],
        about_people=any(told.about_people for told in columns.values()),
        keys=list(rows.labels),
        columns=list(columns),
        sums=[name if sums else "" for name in columns],
        by=rows.by,
        **words,
    )


def compute(scope: Scope) -> list[Part]:
    """Every part, counted now: closed years are not read here, and nothing is compared (closing.py and reading.py do)."""
    return [module.part(scope) for module in _modules()]


def definitions() -> dict[str, Told]:
    """{name of a line: its words}, in the order of the parts."""
    return {name: told for module in _modules() for name, told in module.LINES.items()}


def _modules() -> tuple[Any, ...]:
    from . import part_activity, part_people, part_resources, part_satisfaction, part_sessions, part_trainers

    return part_sessions, part_people, part_trainers, part_satisfaction, part_activity, part_resources


def lines_of(parts: Iterable[Part]) -> list[Line]:
    return [one for part in parts for one in part.lines]


def _year_before(day: datetime.date) -> datetime.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
