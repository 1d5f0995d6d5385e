"""The documents of the demonstration: one TOML file each, read into the fields of a Document."""

import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

DOCUMENTS = Path(__file__).parent / "documents"

# Keys of a file that are not columns of a document.
LINKS = ("themes", "territories", "audiences")
OTHERS = {"type", "collection", "fiche", "pdf", "replaced_by", *LINKS}


@dataclass(frozen=True)
class Text:
    """One file: `slug` is its name."""

    slug: str
    values: dict[str, Any] = field(repr=False)

    @property
    def wants_pdf(self) -> bool:
        return self.values.get("pdf", False)

    @property
    def links(self) -> dict[str, list[str]]:
        """Codes of themes, territories and audiences, in order."""
        return {name: self.values.get(name, []) for name in LINKS}

    @cached_property
    def columns(self) -> dict[str, Any]:
        """The plain columns of the document, those of a fiche included."""
        columns = {key: value for key, value in self.values.items() if key not in OTHERS}
        columns |= self.values.get("fiche", {})
        for name in ("authors", "partners"):
            columns[name] = "\n".join(columns.get(name, []))
        columns["key_figures"] = "\n".join(f"{value} | {label}" for value, label in columns.get("key_figures", []))
        return columns


def read() -> list[Text]:
    """Every document of the demonstration, by slug."""
    paths = sorted(DOCUMENTS.glob("*.toml"))
    return [Text(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths]
