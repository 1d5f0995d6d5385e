"""What leaves the centre: no number of people under 5, and none that subtraction gives back."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from vrl.bilan import masking, reading
from vrl.bilan.parts import Grid, Line, Part, lines_of


def line(name: str, value: float, **given) -> Line:
    return Line(name, name.capitalize(), "Ce qui est compté.", value, **{"about_people": True} | given)


def grid(slug: str, cells: list[list[int]], *columns: str, sums: bool = True, **given) -> Grid:
    keys = [str(number) for number in range(len(cells))]
    names = list(columns) if sums else [""] * len(columns)
    known = {"about_people": True, "by": slug} | given
    return Grid(
        slug, slug, "Ce qui est compté.", ["Ligne", *columns], keys, cells, keys=keys, columns=columns, sums=names, **known
    )


def page(lines: list[Line], *grids: Grid) -> list[Part]:
    return [Part(2, "personnes", "Personnes formées", lines, list(grids))]


def shown(parts: list[Part], *, department: str = "", everywhere: list[Part] | None = None, rounded: bool = False) -> list[Part]:
    return masking.for_outside(parts, everywhere or parts, department=department, rounded=rounded)


def cells(parts: list[Part], slug: str) -> list[list[float | None]]:
    return next(list(map(list, one.cells)) for part in parts for one in part.grids if one.slug == slug)


def test_small_number_is_hidden_and_its_protector_too():
    found = shown(page([line("present", 55)], grid("level", [[12], [3], [40], [0]], "present")))
    assert cells(found, "level") == [[None], [None], [40], [0]]
    assert lines_of(found)[0].value == 55


def test_small_numbers_that_make_few_people_are_protected_by_a_larger_one():
    assert cells(shown(page([line("present", 58)], grid("level", [[6], [4], [4], [44]], "present"))), "level") == [
        [None],
        [None],
        [None],
        [44],
    ]


def test_total_of_small_numbers_alone_is_hidden():
    found = shown(page([line("present", 7)], grid("level", [[3], [4]], "present")))
    assert (cells(found, "level"), lines_of(found)[0].value) == ([[None], [None]], None)


def test_two_tables_of_one_total_do_not_betray_each_other():
    """The same 3 people are alone in the first table, and in the second with others."""
    found = shown(page([line("present", 60)], grid("level", [[3], [57]], "present"), grid("status", [[20], [40]], "present")))
    assert (cells(found, "level"), cells(found, "status")) == ([[None], [None]], [[20], [40]])


def test_absent_people_are_not_found_from_those_present():
    found = {
        one.name: one.value for one in lines_of(shown(page([line("registered", 20), line("present", 17), line("absent", 3)])))
    }
    assert found == {"registered": 20, "present": None, "absent": None}


def test_absent_people_are_not_found_from_a_table_of_those_present():
    """The total of those present is hidden to protect 3 people absent, and the table adds up to it: one more cell is hidden."""
    lines = [line("registered", 20), line("present", 17), line("absent", 3)]
    parts = page(lines, grid("level", [[11, 9], [9, 8]], "registered", "present"))
    values, sums, hidden = masking.cells(parts), masking.equations(parts), masking.suppressed(parts)
    few = {("line", "absent"), ("line", "present")}
    assert solved(sums, values, few) == {("line", "absent"): 3, ("line", "present"): 17}
    assert few < hidden
    assert ("line", "absent") not in solved(sums, values, hidden)


def test_people_absent_from_one_row_are_not_found_from_its_columns():
    """20 registered and 17 present on one row make 3 absent, whom no cell shows: the number of those present goes, and one more."""
    parts = page([], grid("level", [[20, 17], [30, 30], [40, 28]], "registered", "present", sums=False))
    assert cells(shown(parts), "level") == [[20, None], [30, 30], [40, 28]]
    lines = [line("registered", 90), line("present", 75)]
    summed = page(lines, grid("level", [[20, 17], [30, 30], [40, 28]], "registered", "present"))
    values, sums, hidden = masking.cells(summed), masking.equations(summed), masking.suppressed(summed)
    absent = (masking.LEFT, "level", 0, 1)
    assert values[absent] == 3
    assert solved(sums, values, {absent}) == {absent: 3}
    assert absent not in solved(sums, values, hidden)


def test_requests_without_an_answer_are_not_found_from_those_answered():
    found = shown(page([line("help_received", 20), line("help_answered", 18)]))
    assert [one.value for one in lines_of(found)] == [20, None]


def test_sessions_are_public():
    parts = page([line("sessions", 3, about_people=False)], grid("level", [[1], [2]], "sessions", about_people=False))
    assert (lines_of(shown(parts))[0].value, cells(shown(parts), "level")) == (3, [[1], [2]])


def test_mean_of_a_table_with_a_hidden_cell_is_hidden():
    lines = [line("satisfaction", 4.1, sure_with="scale"), line("perception", 80, sure_with="answer")]
    found = shown(
        page(lines, grid("scale", [[2], [30]], "answers", sums=False), grid("answer", [[8], [2]], "answers", sums=False))
    )
    assert [one.value for one in lines_of(found)] == [None, None]
    sure = page(lines, grid("scale", [[7], [30]], "answers", sums=False), grid("answer", [[8], [20]], "answers", sums=False))
    assert [one.value for one in lines_of(shown(sure))] == [4.1, 80]
    assert [one.value for one in lines_of(shown(sure, rounded=True))] == [None, None]


def test_what_is_not_a_closed_year_is_rounded():
    found = shown(page([line("present", 58), line("people", 3)], grid("level", [[12], [46]], "present")), rounded=True)
    assert ([one.value for one in lines_of(found)], cells(found, "level")) == ([60, None], [[10], [45]])


def test_department_shows_what_the_region_shows_of_it():
    region = page([line("present", 60)], grid("department", [[3], [20], [37]], "present"))
    here = page(
        [line("present", 20), line("people", 18), line("sessions", 4, about_people=False)], grid("level", [[20]], "present")
    )
    found = shown(here, department="1", everywhere=region)
    assert {one.name: one.value for one in lines_of(found)} == {"present": None, "sessions": 4}
    assert found[0].grids == []
    other = shown(page([line("present", 37)]), department="2", everywhere=region)
    assert lines_of(other)[0].value == 37


def test_hidden_and_shown_numbers_are_written_in_french():
    assert [reading.cell(value).text for value in (None, 1234, 4.5, 4.0)] == ["masqué", "1\u202f234", "4,5", "4"]
    assert reading.difference(reading.cell(None), reading.cell(3)) == reading.difference(reading.cell(3), None) == ""


# The attack: everything that is published, and the sums that anyone knows


def solved(sums: list[list[masking.Key]], values: dict, hidden: set) -> dict:
    """{hidden cell: value} of those that Gauss-Jordan elimination, in fractions, finds from what is shown."""
    unknowns = sorted(hidden, key=str)
    rows = []
    for total, *members in sums:
        row = [Fraction(0)] * (len(unknowns) + 1)
        for key, sign in [(total, -1), *((key, 1) for key in members)]:
            if key in hidden:
                row[unknowns.index(key)] += sign
            else:
                row[-1] -= sign * values[key]
        rows.append(row)
    place = 0
    for column in range(len(unknowns)):
        pivot = next((row for row in rows[place:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        rows.insert(place, pivot)
        place += 1
    found = {}
    for row in rows[:place]:
        places = [number for number, value in enumerate(row[:-1]) if value]
        if len(places) == 1:
            found[unknowns[places[0]]] = row[-1] / row[places[0]]
    return found


NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 60))


@settings(max_examples=60, deadline=None, database=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=5), st.integers(0, 5), st.integers(0, 3))
def test_attack_by_subtraction_finds_nobody(rows, away, cut):
    """Tables by level, department and statut of the same people, with their totals: registered = present + absent."""
    by_level = [[present + absent, present] for present, absent, _ in rows]
    registered, present = map(sum, zip(*by_level, strict=True))
    by_department = [[max(registered - away, 0), max(present - away, 0)], [min(away, registered), min(away, present)]]
    by_status = [[row[1]] for row in by_level[cut:]] + [[sum(row[1] for row in by_level[:cut])]]
    parts = page(
        [line("registered", registered), line("present", present), line("absent", registered - present)],
        grid("level", by_level, "registered", "present"),
        grid("department", by_department, "registered", "present"),
        grid("status", by_status, "present"),
    )
    values, sums, hidden = masking.cells(parts), masking.equations(parts), masking.suppressed(parts)
    assert all(key in hidden for key, value in values.items() if 0 < value < 5)
    small = {key: value for key, value in solved(sums, values, hidden).items() if 0 < value < 5}
    everything = all(not value or key in hidden for key, value in values.items() if key[0] != masking.LEFT)
    assert not small or everything
    for members in sums:
        unseen = [values[key] for key in members if key in hidden]
        hideable = [key for key in members if key[0] != masking.LEFT]
        assert not unseen or max(unseen) >= 5 or all(not values[key] or key in hidden for key in hideable)


def test_attack_finds_everybody_where_only_small_cells_are_hidden():
    """The control: the same attack on a table where nothing protects the small cell."""
    parts = page([line("present", 55)], grid("level", [[12], [3], [40]], "present"))
    values, sums = masking.cells(parts), masking.equations(parts)
    assert solved(sums, values, {("level", 1, 0)}) == {("level", 1, 0): 3}
    assert masking.known_by_sums(sums, {("level", 1, 0)}) == {("level", 1, 0)}


def test_cells_that_only_several_tables_determine_together_are_found():
    """Each sum hides two cells or more, yet together they tell one."""
    sums = [[("line", "a"), ("g", 0, 0), ("g", 1, 0)], [("line", "b"), ("g", 0, 0), ("g", 1, 0), ("g", 2, 0)]]
    hidden = {("g", 0, 0), ("g", 1, 0), ("g", 2, 0)}
    assert masking.known_by_sums(sums, hidden) == {("g", 2, 0)}
    pairs = [[("line", str(pair)), *(("g", row, 0) for row in pair)] for pair in combinations(range(3), 2)]
    assert masking.known_by_sums(pairs, hidden) == hidden
