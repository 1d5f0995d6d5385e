// Gives a name to the fields that the administration's widgets draw without one: lists that complete themselves, the
// editor, the cells of a table of files. Nothing here changes what the fields do.
const text = (element) => element?.textContent.trim().replace(/\s*:$/, "") ?? "";
const labelOf = (field) => text(field.labels?.[0] ?? field.closest(".form-row, .fieldBox, .flex-container")?.querySelector("label, legend"));

const RULES = [
  [".select2-selection", (part) => ownerOf(part)],
  [".select2-selection__rendered[role=textbox]", (part) => ownerOf(part)],
  [".select2-search--inline .select2-search__field", (part) => ownerOf(part)],
  [".select2-search--dropdown .select2-search__field", () => "Chercher"],
  [".ProseMirror[contenteditable=true]", (editor) => labelOf(editor.closest(".prose-editor"))],
  [".inline-related td :is(input, select, textarea):not([type=hidden])", (field) => inTable(field)],
];

// The editor names its buttons in English, outside of the catalogue that translates its dialogs.
const FRENCH = {
  paragraph: "Paragraphe ou titre",
  "heading 2": "Titre",
  "heading 3": "Titre de deuxième niveau",
  "heading 4": "Titre de troisième niveau",
  "unordered list": "Liste à puces",
  "ordered list": "Liste numérotée",
  blockquote: "Citation",
  bold: "Gras",
  italic: "Italique",
  "insert link": "Insérer un lien",
  "remove link": "Retirer le lien",
  undo: "Annuler",
  redo: "Rétablir",
  "Insert table": "Insérer un tableau",
  "Add column": "Ajouter une colonne",
  "Delete column": "Supprimer la colonne",
  "Add row": "Ajouter une ligne",
  "Delete row": "Supprimer la ligne",
  "Merge cells": "Fusionner les cellules",
  "Split cell": "Scinder la cellule",
  "Toggle header cell": "Cellule d’en-tête ou ordinaire",
  "Delete table": "Supprimer le tableau",
};

function ownerOf(part) {
  const select = part.closest(".select2-container")?.previousElementSibling;
  return select ? labelOf(select) : "";
}

function inTable(field) {
  const cell = field.closest("td");
  return text(field.closest("table").querySelectorAll("thead th")[cell.cellIndex]);
}

function name() {
  for (const [selector, words] of RULES) {
    for (const element of document.querySelectorAll(`${selector}:not([data-named])`)) {
      element.dataset.named = "";
      const label = words(element);
      if (!label) continue;
      element.setAttribute("aria-label", label);
      // The attribute that widgets write points to what is chosen: the name would then be the value.
      if (element.matches(".select2-selection--single")) element.removeAttribute("aria-labelledby");
    }
  }
  for (const button of document.querySelectorAll(".prose-menubar [title]")) {
    const french = FRENCH[button.title];
    if (!french) continue;
    button.title = french;
    button.setAttribute("aria-label", french);
  }
  for (const list of document.querySelectorAll("ul.select2-selection__rendered:not([role])")) list.setAttribute("role", "none");
  for (const head of document.querySelectorAll("th.original:empty")) head.textContent = "Élément";
  for (const group of document.querySelectorAll(".inline-group")) group.tabIndex = group.scrollWidth > group.clientWidth ? 0 : -1;
}

name();
addEventListener("resize", name);
let waiting = 0;
new MutationObserver(() => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(name);
}).observe(document.body, { childList: true, subtree: true });
