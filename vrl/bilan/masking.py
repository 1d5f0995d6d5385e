"""What partners and the public may know: no number of people from 1 to 4, nor what would give one back by subtraction.

Numbers about people are cells bound by sums: a grid's column adds up to a line. When a sum hides only small cells, the smallest
other cell of that sum is hidden too; then what several sums would still determine together is looked for, and hidden in turn
(secondary suppression, Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).

Some columns count a part of what another one counts: who registered less who came is who stayed away. These remainders are shown
nowhere on a line of a grid, yet a subtraction gives them: they are cells like the others, always hidden when small.

A department shows only what the regional page shows of it, so that the region less the others tells nothing. What is not a closed
year could be subtracted from another period, or from the same one later: its numbers are rounded to 5, its means and shares are
not given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..figures import FEWEST
from .parts import Grid, Line, Number, Part, lines_of

Key = tuple[str | int, ...]
ROUNDED_TO = 5
RELATED = (("registered", "present", "absent"),)  # lines of which the first is the sum of the others
# A whole and a part of it; what is left is a number of people too.
PARTIAL = (("registered", "present"), ("present", "complete"), ("complete", "attested"), ("help_received", "help_answered"))
LEFT = "left"  # the first word of the key of what is left
_PRIME = 2_147_483_647  # sums are solved in this field: their coefficients are 1 and -1


def for_outside(exact: Sequence[Part], everywhere: Sequence[Part], *, department: str = "", rounded: bool) -> list[Part]:
    """The parts with None where a number is hidden; `everywhere`: those of the whole region, the same ones for a region.

    `rounded`: everything but a closed year.
    """
    hidden = suppressed(everywhere)
    kept = [_part(part, hidden, rounded) for part in everywhere]
    return _of_department(exact, kept, department) if department else kept


def suppressed(parts: Iterable[Part]) -> set[Key]:
    """The cells to hide: ("line", name) and (slug of the grid, row, column); and the small remainders, which are shown nowhere."""
    known = list(parts)
    values, sums = cells(known), equations(known)
    hidden = {key for key, value in values.items() if 0 < value < FEWEST}
    while more := _alone(values, sums, hidden) or _determined(values, sums, hidden):
        hidden.add(more)
    return hidden


def cells(parts: Sequence[Part]) -> dict[Key, Number]:
    """Every count about people of a page, and what is left of a whole without its part."""
    counts: dict[Key, Number] = {_key(one): one.value or 0 for one in lines_of(parts) if one.about_people and not one.sure_with}
    for grid in _grids(parts):
        for row, line in enumerate(grid.cells):
            counts |= {(grid.slug, row, column): value or 0 for column, value in enumerate(line)}
    return counts | {left: max(counts[whole] - counts[part], 0) for whole, part, left in _remainders(parts)}


def equations(parts: Sequence[Part]) -> list[list[Key]]:
    """Lists of cells, the first of which is the sum of the others."""
    known = {one.name for one in lines_of(parts)}
    found: list[list[Key]] = [[("line", name) for name in names] for names in RELATED if known.issuperset(names)]
    for grid in _grids(parts):
        for column, name in enumerate(grid.sums):
            if name:
                found.append([("line", name), *((grid.slug, row, column) for row in range(len(grid.cells)))])
    return found + [list(members) for members in _remainders(parts)]


def _remainders(parts: Sequence[Part]) -> list[tuple[Key, Key, Key]]:
    """(whole, part, what is left) of every line and of every row that has both; the lines of RELATED say theirs."""
    names = {one.name for one in lines_of(parts) if one.about_people}
    found: list[tuple[Key, Key, Key]] = [
        (("line", whole), ("line", part), (LEFT, whole, part))
        for whole, part in PARTIAL
        if {whole, part} <= names and not any((whole, part) == related[:2] for related in RELATED)
    ]
    for grid in _grids(parts):
        columns = {name: column for column, name in enumerate(grid.columns)}
        for whole, part in PARTIAL:
            if whole in columns and part in columns:
                for row in range(len(grid.cells)):
                    at = (grid.slug, row)
                    found.append(((*at, columns[whole]), (*at, columns[part]), (LEFT, *at, columns[part])))
    return found


def _grids(parts: Iterable[Part]) -> list[Grid]:
    return [grid for part in parts for grid in part.grids if grid.about_people]


def _key(one: Line) -> Key:
    return "line", one.name


def _alone(values: dict[Key, Number], sums: list[list[Key]], hidden: set[Key]) -> Key | None:
    """The cell that would protect a sum which hides small cells only; nothing when every sum has one."""
    for members in sums:
        unseen = [values[key] for key in members if key in hidden]
        if unseen and max(unseen) < FEWEST and (protector := _smallest(values, members, hidden)):
            return protector
    return None


def _smallest(values: dict[Key, Number], members: list[Key], hidden: set[Key]) -> Key | None:
    """The smallest cell still shown, a part rather than the sum; zeros tell nothing and protect nothing, remainders are not shown."""
    able = [(place, key) for place, key in enumerate(members) if values[key] and key not in hidden and key[0] != LEFT]
    shown = [(place == 0, values[key], str(key), key) for place, key in able]
    return min(shown)[-1] if shown else None


def _determined(values: dict[Key, Number], sums: list[list[Key]], hidden: set[Key]) -> Key | None:
    """A cell to hide because the sums, together, give a small one back; nothing when they do not."""
    small = [key for key in sorted(known_by_sums(sums, hidden), key=str) if values[key] < FEWEST]
    far = [members for members in sums if any(key in hidden for key in members)]
    ways = [members for key in small for members in [*(one for one in sums if key in one), *far]]
    protectors = (_smallest(values, members, hidden) for members in ways)
    return next((key for key in protectors if key), None)


def known_by_sums(sums: list[list[Key]], hidden: set[Key]) -> set[Key]:
    """The hidden cells whose value follows from what is shown: Gauss-Jordan elimination, then the rows with one unknown."""
    rows: list[dict[Key, int]] = []
    for members in sums:
        row = {key: 1 if place else _PRIME - 1 for place, key in enumerate(members) if key in hidden}
        for pivot in rows:
            lead = next(iter(pivot))
            if lead in row:
                _subtract(row, pivot, row[lead])
        if row:
            lead = next(iter(row))
            inverse = pow(row[lead], -1, _PRIME)
            row = {lead: 1} | {key: value * inverse % _PRIME for key, value in row.items()}
            for other in rows:
                if lead in other:
                    _subtract(other, row, other[lead])
            rows.append(row)
    return {next(iter(row)) for row in rows if len(row) == 1}


def _subtract(row: dict[Key, int], pivot: dict[Key, int], times: int) -> None:
    for key, value in pivot.items():
        left = (row.get(key, 0) - times * value) % _PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)


# What is left


def _part(part: Part, hidden: set[Key], rounded: bool) -> Part:
    lines = [_line(one, hidden, rounded) for one in part.lines]
    return replace(part, lines=lines, grids=[_grid(one, hidden, rounded) for one in part.grids])


def _line(one: Line, hidden: set[Key], rounded: bool) -> Line:
    if one.sure_with:
        unsure = rounded or any(key[0] == one.sure_with for key in hidden)
        return replace(one, value=None) if unsure else one
    if not one.about_people:
        return one
    return replace(one, value=None if _key(one) in hidden else _rounded(one.value, rounded))


def _grid(grid: Grid, hidden: set[Key], rounded: bool) -> Grid:
    if not grid.about_people:
        return grid
    shown = [
        [None if (grid.slug, row, column) in hidden else _rounded(value, rounded) for column, value in enumerate(line)]
        for row, line in enumerate(grid.cells)
    ]
    return replace(grid, cells=shown)


def _rounded(value: Number | None, rounded: bool) -> Number | None:
    return value if value is None or not rounded else ROUNDED_TO * round(value / ROUNDED_TO)


def _of_department(exact: Sequence[Part], kept: Sequence[Part], code: str) -> list[Part]:
    """Of people, what the regional page says of this department, and nothing else."""
    told: dict[str, Number | None] = {}
    for grid in (grid for part in kept for grid in part.grids if grid.by == "department" and code in grid.keys):
        told |= dict(zip(grid.columns, grid.cells[list(grid.keys).index(code)], strict=True))
    return [
        replace(
            part,
            lines=[
                replace(one, value=told[one.name]) if one.about_people else one
                for one in part.lines
                if not one.about_people or one.name in told
            ],
            grids=[grid for grid in part.grids if not grid.about_people],
        )
        for part in exact
    ]
