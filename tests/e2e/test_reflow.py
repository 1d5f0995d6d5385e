"""What finds that a page overflows does find it; forced colours; stillness. Each page is tried in test_axe.py."""

import pytest

from .content import SYNTHESIS
from .reflow import ADD_SHEET, CUT, OVERFLOW


def test_detector_sees_what_is_too_wide_and_what_is_cut(visit):
    """The two detectors do find faults."""
    page = visit(width=320).go("/aide/")
    page.evaluate("""() => { const box = document.createElement("p"); box.textContent = "mot ".repeat(40);
      document.querySelector("main").append(box); box.className = "essai"; }""")
    page.evaluate(ADD_SHEET, ".essai { width: 500px; }")
    assert page.evaluate(OVERFLOW)
    page.evaluate("document.adoptedStyleSheets = []")
    page.evaluate(ADD_SHEET, ".essai { height: 1em; overflow: hidden; }")
    assert page.evaluate(CUT)


@pytest.mark.parametrize("path", ["/", "/ressources/?type=synthese", f"/ressources/{SYNTHESIS}/"])
def test_controls_show_in_forced_colours(visit, path):
    """Buttons, chosen filters and the page number keep an edge when the system sets the colours."""
    page = visit(forced_colors="active").go(path)
    bare = page.evaluate("""() => [...document.querySelectorAll(".button, .tag, .search")].filter((e) => {
      if (!e.offsetParent || e.closest(".search") !== null && !e.matches(".search")) return false;
      const style = getComputedStyle(e);
      return parseFloat(style.borderTopWidth) < 1 || style.borderTopStyle === "none";
    }).map((e) => e.outerHTML.slice(0, 100))""")
    assert not bare


@pytest.mark.parametrize("path", ["/", "/ressources/", f"/ressources/{SYNTHESIS}/"])
def test_nothing_moves_for_who_asks_for_stillness(visit, path):
    page = visit(reduced_motion="reduce").go(path)
    moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter((e) => {
      const style = getComputedStyle(e);
      return style.transitionDuration.split(", ").some((d) => parseFloat(d) > 0) || style.animationName !== "none"
        || style.scrollBehavior === "smooth";
    }).map((e) => e.outerHTML.slice(0, 80))""")
    assert not moving
