/* « Ma sélection »: documents kept in this browser alone, sent nowhere until their page is opened at /panier/?d=12,15. */
const KEY = "selection";
const MOST = 200;
const PAGE = "/panier/";

const read = () => {
  try {
    return (localStorage.getItem(KEY) ?? "").split(",").filter((id) => /^\d+$/.test(id));
  } catch {
    return []; // the browser keeps nothing: the buttons still work until the page is left
  }
};
let kept = read();
const address = (ids) => (ids.length ? `${PAGE}?d=${ids.join(",")}` : PAGE);
const count = (number) => `${number} document${number > 1 ? "s" : ""}`;

const status = document.createElement("p");
status.className = "sr";
status.id = "selection-annonce";
status.setAttribute("role", "status");
document.body.append(status);

const link = document.createElement("a");
link.className = "basket";
link.innerHTML = "<span>Ma sélection</span>";
link.append("");
document.querySelector(".top .brand").after(link);

function show() {
  link.href = address(kept);
  link.hidden = !kept.length;
  link.lastChild.data = ` ${kept.length}`;
  link.title = `Ma sélection : ${count(kept.length)}`;
  for (const button of document.querySelectorAll("button.pick")) label(button);
}

function keep(ids) {
  kept = ids.slice(0, MOST);
  try {
    if (kept.length) localStorage.setItem(KEY, kept.join(","));
    else localStorage.removeItem(KEY);
  } catch { /* as above */ }
  show();
}

function label(button) {
  const inside = kept.includes(button.value);
  button.classList.toggle("on", inside);
  button.firstChild.data = inside ? "Retirer de ma sélection" : "Ajouter à ma sélection";
}

function toggle(id) {
  if (kept.includes(id)) {
    keep(kept.filter((other) => other !== id));
    status.textContent = `Document retiré. Votre sélection contient ${count(kept.length)}.`;
  } else if (kept.length < MOST) {
    keep([...kept, id]);
    status.textContent = `Document ajouté. Votre sélection contient ${count(kept.length)}.`;
  } else {
    status.textContent = `Votre sélection contient déjà ${count(MOST)} : retirez-en un d’abord.`;
  }
}

/* A button in each row of a list and at the head of a document. */
function offer() {
  for (const place of document.querySelectorAll("[data-pk]:not([data-offered])")) {
    place.dataset.offered = "";
    if (place.closest(".quartet, #selection")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pick";
    button.value = place.dataset.pk;
    const title = document.createElement("span");
    title.className = "sr";
    title.textContent = ` : ${place.querySelector("h1, h2, h3").textContent}`;
    button.append("", title);
    label(button);
    (place.matches("li") ? place.lastElementChild : place).append(button);
  }
}

/* The page of a selection: the visitor's own, or one that was sent. */
function open(page) {
  const shown = page.dataset.ids.split(",").filter(Boolean);
  const asked = new URLSearchParams(location.search).get("d");
  if (asked === null && kept.length) location.replace(address(kept));
  const own = asked === kept.join(",");
  const proposal = document.getElementById("garder");
  if (proposal) proposal.hidden = shown.every((id) => kept.includes(id));
  page.addEventListener("click", (event) => {
    const target = event.target.closest("[data-remove], [data-clear], [data-keep]");
    if (!target) return;
    if ("keep" in target.dataset) {
      keep([...new Set([...kept, ...shown])]);
      proposal.hidden = true;
      status.textContent = `Documents ajoutés. Votre sélection contient ${count(kept.length)}.`;
    } else if (own) {
      keep("clear" in target.dataset ? [] : kept.filter((id) => id !== target.dataset.remove));
    }
  });
}

document.documentElement.classList.add("js");
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.pick");
  if (button) toggle(button.value);
});
addEventListener("storage", (event) => {
  if (event.key !== KEY && event.key !== null) return;
  kept = read();
  show();
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  kept = read();
  show();
});
offer();
show();
const page = document.getElementById("selection");
if (page) open(page);
const list = document.getElementById("resultats")?.parentElement;
if (list) new MutationObserver(offer).observe(list, { childList: true });
