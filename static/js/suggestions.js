/* Suggestions while typing: an editable combobox with a list (ARIA 1.2). Without this file the form sends its words. */
const WAIT = 150; // ms without a key before asking
const LEAST = 2; // letters
const GAP = 6, NARROWEST = 352, LOWEST = 132; // px

const status = Object.assign(document.createElement("p"), { className: "sr", id: "suggestions-annonce" });

const describe = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

function complete(form) {
  const input = form.elements.q;
  const list = document.createElement("div");
  let [active, waiting, pending] = [-1, 0, null];

  Object.assign(list, { id: `${input.id}-liste`, className: "suggestions", popover: "manual" });
  form.append(describe(list, { role: "listbox", "aria-label": "Suggestions" }));
  describe(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" });

  const isOpen = () => list.matches(":popover-open");

  function place() {
    if (!isOpen()) return;
    const box = form.getBoundingClientRect();
    const room = document.documentElement.clientWidth - GAP;
    const width = Math.min(Math.max(box.width, NARROWEST), room - GAP);
    const height = Math.max(LOWEST, visualViewport.height - box.bottom - 3 * GAP);
    const shape = { width, left: Math.max(GAP, Math.min(box.left, room - width)), top: box.bottom + GAP, maxHeight: height };
    for (const [side, size] of Object.entries(shape)) list.style[side] = `${size}px`;
  }

  function activate(index) {
    list.children[active]?.removeAttribute("aria-selected");
    active = index;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    clearTimeout(waiting);
    pending?.abort();
    if (isOpen()) list.hidePopover();
    input.setAttribute("aria-expanded", "false");
    activate(-1);
    status.textContent = "";
  }

  function show(found) {
    activate(-1);
    list.replaceChildren(...found.map(({ label, kind, url }, index) => {
      const option = describe(document.createElement("div"), { role: "option", id: `${list.id}-${index}`, "data-url": url });
      option.append(label, " ", Object.assign(document.createElement("small"), { textContent: kind }));
      return option;
    }));
    if (found.length && !isOpen()) list.showPopover();
    if (!found.length && isOpen()) list.hidePopover();
    input.setAttribute("aria-expanded", String(isOpen()));
    place();
    status.textContent = found.length ? `${found.length} suggestion${found.length > 1 ? "s" : ""}, flèches pour choisir.` : "Aucune suggestion.";
  }

  async function ask() {
    pending?.abort();
    pending = new AbortController();
    const words = input.value.trim();
    if (words.length < LEAST || !navigator.onLine) return close();
    try {
      const answer = await fetch(`${form.action}suggestions/?${new URLSearchParams({ q: words })}`, { signal: pending.signal });
      if (!answer.ok) return close();
      const { suggestions } = await answer.json();
      if (document.activeElement === input) show(suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  const last = () => list.children.length - 1;
  const next = () => (active < last() ? active + 1 : -1); // after the last one, back to what is typed
  const moves = { ArrowDown: next, ArrowUp: () => (active < 0 ? last() : active - 1), Home: () => 0, End: last };

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const moving = event.key.startsWith("Arrow") || active >= 0; // until then Home and End move within the text
    if (isOpen() && moving && event.key in moves) activate(moves[event.key]());
    else if (event.key === "ArrowDown") ask();
    else if (event.key === "Escape" && isOpen()) close();
    else if (event.key === "Enter" && active >= 0) location.assign(list.children[active].dataset.url);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  addEventListener("resize", place);
  addEventListener("scroll", place, { capture: true, passive: true });
}

if (HTMLElement.prototype.showPopover) {
  document.body.append(describe(status, { role: "status" }));
  document.querySelectorAll("form.search[action$='/recherche/']").forEach(complete);
}
