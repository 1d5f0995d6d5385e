/* « Copier la citation »: shown only where this file runs; the text stays selectable anyway. */
document.documentElement.classList.add("js");
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  const status = button.closest("section").querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(text.textContent.trim());
    status.textContent = "Citation copiée.";
    button.firstChild.data = "Citation copiée";
  } catch {
    getSelection().selectAllChildren(text);
    status.textContent = "Le texte est sélectionné : copiez-le avec Ctrl + C.";
  }
});
