"""Covers: the same document always has the same one, small, valid and without identifiers."""

import xml.etree.ElementTree as ElementTree
from itertools import product

import pytest

from trajectoire.core.covers import DEFAULT_FAMILY, DEFAULT_PALETTE, FAMILIES, FAMILY_OF_TYPE, GLAZES, PALETTES, cover_svg

EVERY_PAIR = list(product(FAMILY_OF_TYPE, PALETTES))


def test_cover_same_strings_gives_same_drawing():
    assert cover_svg("planoise", "fiche-experience", "memoire") == cover_svg("planoise", "fiche-experience", "memoire")


def test_cover_types_and_themes_give_different_drawings():
    first = cover_svg("planoise", "fiche-experience", "memoire")
    assert first != cover_svg("planoise", "synthese", "memoire")
    assert first != cover_svg("planoise", "fiche-experience", "laicite")


def test_cover_seeds_vary_the_view():
    assert len({cover_svg(f"document-{n}", "synthese", "education") for n in range(60)}) == 12


@pytest.mark.parametrize("seed", ["a", "bb", "ccc", "élève", "", "x" * 500])
def test_cover_every_type_and_theme_is_small_valid_and_without_identifier(seed):
    for type_code, theme_code in EVERY_PAIR:
        svg = cover_svg(seed, type_code, theme_code)
        root = ElementTree.fromstring(svg)
        assert len(svg.encode()) <= 1200, (type_code, theme_code)
        assert root.attrib["role"] == "presentation"
        assert not any("id" in element.attrib or "style" in element.attrib for element in root.iter())


def test_cover_seed_with_markup_is_never_written():
    assert "script" not in cover_svg("<script>", "<script>", "<script>")


def test_cover_unknown_codes_fall_back():
    known_type = next(code for code, family in FAMILY_OF_TYPE.items() if family == DEFAULT_FAMILY)
    known_theme = next(code for code, palette in PALETTES.items() if palette == DEFAULT_PALETTE)
    assert cover_svg("a", "inconnu", "") == cover_svg("a", known_type, known_theme)


def test_palettes_hold_four_different_glazes():
    assert all(len(set(palette)) == 4 and set(palette) <= set(GLAZES) for palette in PALETTES.values())
    assert len(set(PALETTES.values())) == len(PALETTES)


def test_families_are_all_used_and_all_show_three_marks():
    assert set(FAMILY_OF_TYPE.values()) == set(FAMILIES)
    for family in FAMILIES.values():
        assert {family(i, j) for i in range(12) for j in range(-6, 6)} == {0, 1, 2, 3}
