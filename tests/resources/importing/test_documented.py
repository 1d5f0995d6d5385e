"""The tables of docs/importing.md are those of the code: where each format says what we keep."""

from pathlib import Path

import pytest

from resources.importing import bibtex, csl_json, document_tables, dublin_core, marc21, ris, unimarc, zotero
from resources.importing.mapping import NAMES, Take

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "importing.md"
FORMATS: dict[str, tuple[Take, ...]] = {
    "UNIMARC": unimarc.TABLE,
    "MARC21": marc21.TABLE,
    "RIS": ris.TABLE,
    "BibTeX": bibtex.TABLE,
    "Zotero, CSV": zotero.TABLE,
    "CSL-JSON": csl_json.TABLE,
    "OAI-PMH, Dublin Core": dublin_core.TABLE,
}


def documented(name: str) -> str:
    rows = {}
    for row in FORMATS[name]:
        said = (" + " if row.every else " else ").join(f"`{source}`" for source in row.sources)
        rows[row.name] = f"{rows[row.name]}; failing that {said}" if row.name in rows else said
    return "\n".join([f"| Ours | {name} |", "|---|---|", *(f"| {NAMES[ours]} | {said} |" for ours, said in rows.items())])


def documented_columns() -> str:
    rows = [f"| {NAMES[c.name]} | {', '.join(dict.fromkeys([c.label, *c.words]))} |" for c in document_tables.COLUMNS]
    return "\n".join(["| Ours | Titles of columns recognised (without accents nor capitals) |", "|---|---|", *rows])


@pytest.mark.parametrize("name", FORMATS)
def test_fields_of_a_format_are_documented_as_they_are_read(name):
    assert documented(name) in GUIDE.read_text(encoding="utf-8")


def test_columns_of_documents_are_documented_as_they_are_recognised():
    assert documented_columns() in GUIDE.read_text(encoding="utf-8")
