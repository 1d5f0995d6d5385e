/* Live facets: the list is asked again when a filter, a sort or a page changes; without this file the form still works. */
const PARTS = ["phrase", "facettes", "resultats"];
const form = document.getElementById("filtres");
const status = document.getElementById("annonce");
let pending = null;
let shown = location.pathname + location.search;

const openState = () => new Map([...form.querySelectorAll("[data-facet]")].map((box) => [box.dataset.facet, box.open]));

function restore(focused, open) {
  for (const box of form.querySelectorAll("[data-facet]")) {
    if (open.has(box.dataset.facet)) box.open = open.get(box.dataset.facet);
  }
  if (!focused) return;
  const again = [...form.elements].find((field) => field.name === focused.name && field.value === focused.value);
  again?.focus({ preventScroll: true });
}

function replace(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const active = document.activeElement;
  const focused = form.contains(active) && active.type === "checkbox" ? { name: active.name, value: active.value } : null;
  const open = openState();
  for (const id of PARTS) document.getElementById(id).replaceWith(fresh.getElementById(id));
  const fold = fresh.querySelector(".fold summary");
  if (fold) form.querySelector(".fold summary").textContent = fold.textContent;
  for (const old of form.querySelectorAll("input[type=hidden]")) old.remove();
  form.append(...fresh.querySelectorAll("#filtres input[type=hidden]"));
  const typed = form.elements.q;
  if (document.activeElement !== typed) typed.value = fresh.getElementById("q").value;
  document.title = fresh.title;
  restore(focused, open);
  status.textContent = document.getElementById("resultats").dataset.status;
}

async function show(url, { push = true } = {}) {
  pending?.abort();
  pending = new AbortController();
  const results = document.getElementById("resultats");
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: pending.signal, headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(answer.status);
    replace(await answer.text());
    if (push) history.pushState(null, "", url);
    shown = location.pathname + location.search;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

function address() {
  const chosen = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(chosen).toString();
  return form.action.split("?")[0] + (query ? `?${query}` : "");
}

if (form && status) {
  document.documentElement.classList.add("js");
  form.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") show(address());
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector(".fold").open = false;
    show(address());
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("#resultats :is(.sort, .active, .pages) a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const paging = Boolean(link.closest(".pages"));
    await show(link.href);
    const target = paging ? document.querySelector("#resultats .rows a") : document.getElementById("phrase");
    target?.focus({ preventScroll: !paging });
  });
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) show(location.href, { push: false });
  });
}
