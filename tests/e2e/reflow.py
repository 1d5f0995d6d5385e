"""What finds that a page is too wide for its window, or that a text is cut."""

from playwright.sync_api import Page

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


def overflows(page: Page) -> list[str]:
    """At 320 px; then with the text spaced; then at 1280 px with text twice as large. The page is left so."""
    page.set_viewport_size({"width": 320, "height": 800})
    found = [f"320 px: {fault}" for fault in page.evaluate(OVERFLOW)]
    page.evaluate(ADD_SHEET, SPACING)
    found += [f"spaced, 320 px: {fault}" for fault in page.evaluate(OVERFLOW) + page.evaluate(CUT)]
    page.set_viewport_size({"width": 1280, "height": 800})
    found += [f"spaced, 1280 px: {fault}" for fault in page.evaluate(OVERFLOW) + page.evaluate(CUT)]
    page.evaluate("document.adoptedStyleSheets = []")
    page.evaluate(ADD_SHEET, TWICE)
    return found + [f"text at 200 %: {fault}" for fault in page.evaluate(OVERFLOW) + page.evaluate(CUT)]
