// Makes the field that takes several files a large zone to drop them on, and names what was chosen.
// Without this script the field works as the browser shows it.
const input = document.querySelector('input[type="file"][multiple]');
if (input) {
  const zone = document.createElement("label");
  zone.className = "drop-zone";
  zone.htmlFor = input.id;
  const hint = document.createElement("span");
  hint.textContent = "Glissez vos fichiers ici, ou choisissez-les : ";
  const names = document.createElement("ul");
  names.setAttribute("aria-live", "polite");
  input.before(zone);
  zone.append(hint, input, names);
  const show = () => {
    names.replaceChildren(...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} (${Math.ceil(file.size / 1000).toLocaleString("fr")} ko)`;
      return item;
    }));
  };
  for (const kind of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        show();
      }
    });
  }
  input.addEventListener("change", show);
}
