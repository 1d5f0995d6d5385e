"""The guide of imports shows the columns of each table: those of the code."""

from pathlib import Path

import pytest

from trajectoire.core.importing import Importer, named

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide-importer.md"
TABLES = ("structures", "evenements", "inscriptions", "formateurs", "habilitations", "abonnements")


def documented(importer: Importer) -> str:
    rows = [f"| {column.label}{' (obligatoire)' if column.required else ''} | {column.help} |" for column in importer.columns]
    return "\n".join([f"### {importer.label}", "", "| Colonne | À savoir |", "|---|---|", *rows])


@pytest.mark.parametrize("name", TABLES)
def test_columns_of_the_guide_are_those_of_the_code(name):
    assert documented(named(name)) in GUIDE.read_text(encoding="utf-8")
