"""Going through pages with the keyboard alone, and looking at where the focus is."""

from playwright.sync_api import Page

# What is focused: what it says, where it is, how it shows, and what covers it.
FOCUS = """() => {
  let element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const around = element.closest(".search") && element.matches("input") ? getComputedStyle(element.closest(".search")) : style;
  const drawn = element.closest("svg") ? [...element.querySelectorAll("*")].some(
    (shape) => parseFloat(getComputedStyle(shape).strokeWidth) >= 3) : false;
  const outlined = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
  const middle = [Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
                  Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 0), innerHeight - 1)];
  const over = document.elementFromPoint(...middle);
  const labels = element.labels ? [...element.labels].map((label) => label.textContent) : [];
  const named = element.getAttribute("aria-label") || element.textContent.trim() || labels.join(" ") || element.alt || element.title
    || (element.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent).join(" ");
  const svg = element.closest("svg");
  return {
    tag: element.tagName.toLowerCase(), type: element.type || "", id: element.id || "", href: element.getAttribute("href") || "",
    name: named.trim().replace(/\\s+/g, " "),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    outlined: outlined(style) || outlined(around) || drawn,
    covered: Boolean(over) && !svg && over !== element && !element.contains(over) && !over.contains(element)
      && !(element.labels && [...element.labels].some((label) => label.contains(over))),
    over: over ? over.tagName + "." + over.className : "",
    inline: style.display === "inline", svg: Boolean(svg),
    label: element.type === "checkbox" && element.labels[0] ? element.labels[0].getBoundingClientRect().toJSON() : box.toJSON(),
    html: element.outerHTML.slice(0, 120),
  };
}"""
LEAST = 24  # CSS pixels of a target's side (WCAG 2.5.8); links within a sentence are excepted


def focused(page: Page) -> dict | None:
    return page.evaluate(FOCUS)


def faults_of(focus: dict) -> list[str]:
    """What is wrong with the thing that has the focus."""
    width, height = focus["label"]["width"], focus["label"]["height"]
    small = not focus["inline"] and not focus["svg"] and min(width, height) < LEAST - 0.5
    found = {
        "no visible outline": not focus["outlined"],
        "outside the window": not focus["inside"],
        f"under {focus['over']}": focus["covered"],
        "no name": not focus["name"],
        f"too small, {width:.0f} × {height:.0f} px": small,
    }
    return [f"{fault}: {focus['html']}" for fault, true in found.items() if true]


def tab_through(page: Page, limit: int = 400) -> list[dict]:
    """Press Tab from the top of the page until the focus leaves it; what was met, without any trap."""
    met: list[dict] = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        focus = focused(page)
        if focus is None or (met and focus["html"] == met[0]["html"] and len(met) > 3):
            return met
        met.append(focus)
    raise AssertionError(f"still inside after {limit} presses of Tab: {met[-1]['html']}")


def tab_to(page: Page, name: str, tag: str = "", limit: int = 300) -> dict:
    """Press Tab until the thing of this name has the focus; whatever is met on the way must be right."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        focus = focused(page)
        if focus is None:
            continue
        assert not (faults := faults_of(focus)), f"{page.url}: {faults}"
        if focus["name"].startswith(name) and tag in ("", focus["tag"]):
            return focus
    raise AssertionError(f"« {name} » is not reached with Tab on {page.url}")
