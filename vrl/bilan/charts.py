"""Charts of the bilan: bars drawn on the server as SVG, from what the reader may know. The table under each says it all.

Widths are shares of the page and heights follow the size of the text: nothing is scaled, a phone reads it as a screen does.
Only classes, no style: `c0`… (series), `w` (words), `v` (values).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from .reading import Cell, ShownGrid, written

MOST_ROWS = 12  # longer, the table reads better
MOST_BARS = 2  # side by side for one row
COLOURS = 6
WIDEST = 82  # % of the width: the value is written after the bar
LABEL_SIGNS = 44  # what fits on a phone
LINE, BAR, STACK, GAP = 1.5, 1.15, 1.4, 0.7  # rem: the label, one bar, one in pieces, the room after a row


@dataclass(frozen=True)
class Chart:
    """`svg` and what its colours mean: [(class, label)], nothing when there is one series only."""

    svg: SafeString
    legend: Sequence[tuple[str, str]] = ()
    note: str = ""


Row = tuple[str, Sequence[Cell]]


def drawn(grid: ShownGrid) -> Chart | None:
    """The chart of a grid that has one and something to draw."""
    if grid.chart not in ("bars", "stack"):
        return None
    series = _series(grid)
    rows = [(label, [cells[place] for place, _ in series]) for label, cells in grid.rows]
    rows = [row for row in rows if any(cell.number != 0 for cell in row[1])]
    if not any(cell.number for _, cells in rows for cell in cells):
        return None
    draw = _bars if grid.chart == "bars" else _stack
    height, shapes = draw(rows[:MOST_ROWS])
    legend = [(f"c{number}", label) for number, (_, label) in enumerate(series)] if len(series) > 1 else []
    return Chart(_svg(grid, height, shapes), legend, _note(rows))


def _series(grid: ShownGrid) -> list[tuple[int, str]]:
    """[(column, label)]: the first columns that hold something."""
    most = MOST_BARS if grid.chart == "bars" else COLOURS
    columns = list(enumerate(grid.heads[1:]))
    return [(place, label) for place, label in columns if any(cells[place].number != 0 for _, cells in grid.rows)][:most]


def _note(rows: Sequence[Row]) -> str:
    told = [f"Les {MOST_ROWS} premières lignes sont dessinées."] if len(rows) > MOST_ROWS else []
    if any(cell.number is None for _, cells in rows[:MOST_ROWS] for cell in cells):
        told.append("Les nombres masqués ne sont pas dessinés.")
    return " ".join(told)


def _svg(grid: ShownGrid, height: float, shapes: Iterator[SafeString]) -> SafeString:
    return format_html(
        '<svg class="chart" width="100%" height="{0}rem" role="img" aria-labelledby="{1}-t {1}-d">'
        '<title id="{1}-t">{2}</title><desc id="{1}-d">{3}</desc>{4}</svg>',
        _short(height),
        f"g-{grid.slug}",
        grid.title,
        "Barres horizontales. Les mêmes nombres sont dans le tableau qui suit.",
        format_html_join("", "{}", ((shape,) for shape in shapes)),
    )


def _bars(rows: Sequence[Row]) -> tuple[float, Iterator[SafeString]]:
    """Each row: its label, then its bars one under the other, each followed by its value."""
    count = len(rows[0][1])
    step = LINE + count * BAR + GAP
    most = max(cell.number or 0 for _, cells in rows for cell in cells)

    def shapes() -> Iterator[SafeString]:
        for place, (label, cells) in enumerate(rows):
            top = place * step
            yield _label(label, top)
            for number, cell in enumerate(cells):
                yield from _bar(cell, most, top + LINE + number * BAR, number)

    return step * len(rows), shapes()


def _bar(cell: Cell, most: float, top: float, number: int) -> Iterator[SafeString]:
    width = WIDEST * (cell.number or 0) / most
    if width:
        yield _rect(0, width, top, BAR - 0.25, number)
    yield _value(cell.text, width, top + 0.78)


def _stack(rows: Sequence[Row]) -> tuple[float, Iterator[SafeString]]:
    """Each row: its label, then one bar in pieces, followed by their sum when nothing of it is hidden."""
    step = LINE + STACK + GAP
    sums = [sum(cell.number or 0 for cell in cells) for _, cells in rows]

    def shapes() -> Iterator[SafeString]:
        for place, (label, cells) in enumerate(rows):
            top, start = place * step, 0.0
            yield _label(label, top)
            for number, cell in enumerate(cells):
                if cell.number:
                    width = WIDEST * cell.number / max(sums)
                    yield _rect(start, width, top + LINE, STACK, number)
                    start += width
            if all(cell.number is not None for cell in cells):
                yield _value(written(sums[place]), start, top + LINE + 0.95)

    return step * len(rows), shapes()


def _value(words: str, start: float, base: float) -> SafeString:
    return format_html(
        '<text class="v" x="{}%" y="{}rem" dx="{}">{}</text>', _short(start), _short(base), 6 if start else 0, words
    )


def _label(label: str, top: float) -> SafeString:
    return format_html('<text class="w" x="0" y="{}rem">{}</text>', _short(top + 1.05), Truncator(label).chars(LABEL_SIGNS))


def _rect(start: float, width: float, top: float, height: float, number: int) -> SafeString:
    return format_html(
        '<rect class="c{}" x="{}%" y="{}rem" width="{}%" height="{}rem"/>',
        number,
        _short(start),
        _short(top),
        _short(width),
        _short(height),
    )


def _short(value: float) -> SafeString:
    return mark_safe(f"{value:.2f}".rstrip("0").rstrip("."))
