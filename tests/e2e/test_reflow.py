"""Pages hold in a narrow window, with large or spaced text, in forced colours, and without motion."""

import pytest

from .addresses import FORMS, PUBLIC
from .content import SYNTHESIS

# Nothing scrolls sideways but what says it does (tables); WCAG 1.4.10: 320 px is 1280 px zoomed to 400 %.
OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const scrolls = (e) => { for (; e && e !== document.body; e = e.parentElement)
    if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX)) return true; return false; };
  const out = [...document.querySelectorAll("body *")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > innerWidth + 1 && box.left < innerWidth && !scrolls(e) && !e.closest("svg, .sr, .trap, .skip");
  });
  return wide > 0 || out.length ? [`${wide} px too wide`, ...out.slice(0, 5).map((e) => e.outerHTML.slice(0, 110))] : [];
}"""
# Text cut by a box that hides what does not fit.
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((e) => {
  const style = getComputedStyle(e);
  const hides = style.overflowX === "hidden" || style.overflowX === "clip" || style.overflowY === "hidden" || style.overflowY === "clip";
  if (!hides || e.closest("svg, .sr, .cover") || !e.textContent.trim() || !e.offsetParent) return false;
  return e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
}).map((e) => e.outerHTML.slice(0, 110))"""
# WCAG 1.4.12, set through the style sheet's own door: the policy of the site refuses a style element.
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"
TWICE = "html { font-size: 200% !important; }"
ADD_SHEET = """(text) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }"""


@pytest.mark.parametrize("name", PUBLIC)
def test_page_holds_whatever_the_text(visit, name):
    """At 320 px; then with the text spaced; then at 1280 px with text twice as large."""
    path, status = PUBLIC[name]
    visitor = visit(width=320, height=800)
    visitor.cookies_allowed = name in FORMS
    page = visitor.go(path, status=status)
    found = [f"320 px: {fault}" for fault in page.evaluate(OVERFLOW)]
    page.evaluate(ADD_SHEET, SPACING)
    found += [f"spaced, 320 px: {fault}" for fault in page.evaluate(OVERFLOW) + page.evaluate(CUT)]
    page.set_viewport_size({"width": 1280, "height": 800})
    found += [f"spaced, 1280 px: {fault}" for fault in page.evaluate(OVERFLOW) + page.evaluate(CUT)]
    page.evaluate("document.adoptedStyleSheets = []")
    page.evaluate(ADD_SHEET, TWICE)
    found += [f"text at 200 %: {fault}" for fault in page.evaluate(OVERFLOW) + page.evaluate(CUT)]
    assert not found, "\n".join(found)


def test_detector_sees_what_is_too_wide_and_what_is_cut(visit):
    """The two detectors above do find faults."""
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
