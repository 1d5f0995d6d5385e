"""The committed style sheet is the one that its parts make."""

import re

import pytest

from trajectoire.core.assets import BUILT, CSS_DIR, build_css, minify, write_css


def test_committed_sheet_is_up_to_date():
    assert (CSS_DIR / BUILT).read_text(encoding="utf-8") == build_css(), "run: python -m trajectoire.core.assets"


def test_every_image_and_font_of_the_sheet_exists():
    for address in re.findall(r"url\(([^)]+)\)", build_css()):
        assert (CSS_DIR / address).resolve().is_file(), address


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a { color: red; }\n/* gone */ b{}", "a{color:red}\nb{}\n"),
        ("a:hover b > c { margin: 0 -1px }", "a:hover b > c{margin:0 -1px}\n"),
        ('a::after{content:"  ; }  "}', 'a::after{content:"  ; }  "}\n'),
        ("@media (min-width: 2rem) { a{width:calc(1px + 2px)} }", "@media (min-width: 2rem){a{width:calc(1px + 2px)}}\n"),
    ],
)
def test_minify_keeps_meaning(css, expected):
    assert minify(css) == expected


def test_write_css_gathers_parts_in_order(tmp_path):
    (tmp_path / "components").mkdir()
    for name in ("tokens", "base", "layout", "print"):
        (tmp_path / f"{name}.css").write_text(f".{name} {{ top: 0; }}", encoding="utf-8")
    (tmp_path / "components" / "card.css").write_text(".card{background:url(../../img/a.svg)}", encoding="utf-8")
    assert write_css(tmp_path).read_text(encoding="utf-8") == (
        ".tokens{top:0}\n.base{top:0}\n.layout{top:0}\n.card{background:url(../img/a.svg)}\n.print{top:0}\n"
    )
