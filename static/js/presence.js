/* Ticks are kept in this browser as soon as they are made, and sent when the network answers; the server keeps the latest of
   each. Only numbers of registrations are kept, and nothing once sent. Without this file the page is a form with a button. */
const form = document.getElementById("cocher");
const state = document.getElementById("etat");
const count = document.getElementById("nombre");
const KEPT = `presence:${form.dataset.event}`;
const RETRY = 5000;
const AT_ONCE = 500;
let sending = false;
let timer = 0;

const boxes = () => [...form.querySelectorAll("input[name=presente]")];
const read = () => JSON.parse(localStorage.getItem(KEPT) ?? "{}");

function write(kept) {
  if (Object.keys(kept).length) localStorage.setItem(KEPT, JSON.stringify(kept));
  else localStorage.removeItem(KEPT);
}

function say(words) {
  if (state.textContent !== words) state.textContent = words;
}

/* What is kept here is newer than what the page says. */
function show(present) {
  const kept = read();
  const known = present && new Set(present.map(String));
  for (const box of boxes()) {
    const own = kept[`${box.value} ${form.dataset.slot}`];
    if (own) box.checked = own.present;
    else if (known) box.checked = known.has(box.value);
    box.closest("li").classList.toggle("late", Boolean(own));
  }
  if (!known) return;
  const changes = Object.values(kept).filter((tick) => tick.slot === form.dataset.slot);
  for (const tick of changes) tick.present ? known.add(String(tick.who)) : known.delete(String(tick.who));
  count.textContent = known.size;
}

function keep(box) {
  const kept = read();
  kept[`${box.value} ${form.dataset.slot}`] = {
    who: Number(box.value),
    slot: form.dataset.slot,
    present: box.checked,
    at: Date.now(),
  };
  write(kept);
  count.textContent = Number(count.textContent) + (box.checked ? 1 : -1);
  show();
  send();
}

async function send() {
  clearTimeout(timer);
  if (sending) return;
  const kept = Object.fromEntries(Object.entries(read()).slice(0, AT_ONCE));
  const ticks = Object.values(kept);
  sending = true;
  if (ticks.length) say(state.dataset.waiting + ticks.length);
  try {
    const answer = await fetch(form.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify({ now: Date.now(), slot: form.dataset.slot, ticks }),
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect" || [403, 404].includes(answer.status)) return say(state.dataset.login);
    if (!answer.ok) throw new Error(answer.status);
    const { present } = await answer.json();
    const left = read();
    for (const [key, tick] of Object.entries(left)) if (kept[key]?.at === tick.at) delete left[key];
    write(left);
    show(present);
    say(state.dataset.saved);
    if (Object.keys(left).length) timer = setTimeout(send, 0);
  } catch {
    say(state.dataset.away);
    timer = setTimeout(send, RETRY);
  } finally {
    sending = false;
  }
}

function filter(field) {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
  const wanted = fold(field.value.trim());
  let found = 0;
  for (const row of form.querySelectorAll(".ticks li")) {
    row.hidden = !row.dataset.search.includes(wanted);
    found += !row.hidden;
  }
  form.querySelector(".nobody").hidden = found > 0;
}

document.documentElement.classList.add("js");
form.addEventListener("change", (event) => {
  if (event.target.name === "presente") keep(event.target);
});
const search = document.getElementById("chercher");
search?.addEventListener("submit", (event) => event.preventDefault());
search?.elements.q.addEventListener("input", (event) => filter(event.target));
addEventListener("online", send);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) send();
});
show();
if (Object.keys(read()).length) send();
else say(state.dataset.saved);
