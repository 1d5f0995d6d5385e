/* « Copier la citation », « Copier l’adresse »: shown only where this file runs; the text stays selectable anyway. */
document.documentElement.classList.add("js");
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  const status = button.closest("section").querySelector("[role=status]");
  const done = button.dataset.done ?? "Citation copiée";
  try {
    await navigator.clipboard.writeText(text.textContent.trim());
    status.textContent = `${done}.`;
    button.firstChild.data = done;
  } catch {
    getSelection().selectAllChildren(text);
    status.textContent = "Le texte est sélectionné : copiez-le avec Ctrl + C.";
  }
});
