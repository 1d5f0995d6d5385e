"""The bars drawn on the server: what is drawn, what is left out, what it says."""

import xml.etree.ElementTree as ET

from vrl.bilan.charts import MOST_ROWS, drawn
from vrl.bilan.reading import Cell, ShownGrid, cell

HIDDEN = Cell(None, "masqué")


def grid(chart: str, rows: list[tuple[str, list[Cell]]], heads: tuple[str, ...] = ("Niveau", "Tenues", "Annulées")) -> ShownGrid:
    return ShownGrid("essai", "Sessions <par> niveau", "", heads, rows, chart)


def shapes(chart, name: str) -> list[dict[str, str]]:
    return [each.attrib for each in ET.fromstring(chart.svg) if each.tag == name]


def words(chart) -> list[str]:
    return [each.text for each in ET.fromstring(chart.svg) if each.tag == "text"]


def test_bars_are_as_long_as_their_numbers():
    chart = drawn(grid("bars", [("N1", [cell(10), cell(5)]), ("N2", [cell(0), cell(0)]), ("N3", [cell(0), cell(1)])]))
    assert [(each["class"], each["width"]) for each in shapes(chart, "rect")] == [("c0", "82%"), ("c1", "41%"), ("c1", "8.2%")]
    assert words(chart) == ["N1", "10", "5", "N3", "0", "1"]
    assert chart.legend == [("c0", "Tenues"), ("c1", "Annulées")]
    assert chart.note == ""


def test_stack_puts_pieces_end_to_end_and_says_their_sum():
    chart = drawn(grid("stack", [("N1", [cell(6), cell(2)]), ("N2", [cell(4), cell(0)])]))
    assert [(each["x"], each["width"]) for each in shapes(chart, "rect")] == [("0%", "61.5%"), ("61.5%", "20.5%"), ("0%", "41%")]
    assert words(chart) == ["N1", "8", "N2", "4"]


def test_hidden_numbers_are_not_drawn_and_it_says_so():
    for kind, told in (("bars", ["N1", "masqué", "7"]), ("stack", ["N1"])):
        chart = drawn(grid(kind, [("N1", [HIDDEN, cell(7)])]))
        assert [each["class"] for each in shapes(chart, "rect")] == ["c1"]
        assert words(chart) == told
        assert chart.note == "Les nombres masqués ne sont pas dessinés."


def test_one_series_has_no_legend_and_long_tables_are_cut():
    rows = [(f"Une ligne dont le nom est vraiment beaucoup trop long {n}", [cell(1), cell(0)]) for n in range(MOST_ROWS + 1)]
    chart = drawn(grid("bars", rows))
    assert chart.legend == []
    assert len(shapes(chart, "rect")) == MOST_ROWS
    assert all(len(each) <= 44 for each in words(chart))
    assert chart.note == "Les 12 premières lignes sont dessinées."


def test_nothing_to_draw_is_no_chart():
    assert drawn(grid("", [("N1", [cell(1), cell(1)])])) is None
    assert drawn(grid("bars", [("N1", [cell(0), cell(0)])])) is None
    assert drawn(grid("stack", [("N1", [HIDDEN, HIDDEN])])) is None


def test_chart_says_what_it_is_to_who_does_not_see_it():
    svg = ET.fromstring(drawn(grid("bars", [("N1", [cell(1), cell(1)])])).svg)
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"] == "g-essai-t g-essai-d"
    assert svg.find("title").text == "Sessions <par> niveau"
