"""A demonstration of three documents, where the real one has more than a hundred."""

import textwrap
from pathlib import Path

import pytest

from resources import reference
from resources.demo import pictures, texts

FICHE = """
title = "La récré des parents"
type = "fiche-experience"
summary = "Un résumé."
date = 2024-03-12
date_precision = "mois"
themes = ["education", "sante"]
territories = ["QN02503M", "25056"]
audiences = ["elus"]
authors = ["Trajectoire Ressources", "Ana Vauthier"]
publisher = "Trajectoire Ressources"
pdf = true

[fiche]
hook = "Une accroche."
carrier = "Centre social des Hauts"
partners = ["Ville", "CAF"]
started_on = 2021-09-01
ended_on = 2023-06-30
context = "<p>Le contexte.</p>"
objectives = "<h3>Un but</h3><p>Le voici.</p>"
contact = "Direction du centre social"
writer = "Ana Vauthier"
surveyed_on = 2023-05-11
quote = "On est venus."
quote_author = "Léa, mère"
key_figures = [["14", "familles"], ["3", "écoles"]]
"""
LETTER = """
title = "Lettre d’information n°\u00a07"
type = "lettre-information"
collection = "lettre-information"
number = 7
summary = "Un résumé."
date = 2019-01-01
date_precision = "annee"
themes = ["laicite"]
territories = []
audiences = ["associations"]
authors = ["Trajectoire Ressources"]
publisher = "Trajectoire Ressources"
status = "withdrawn"
replaced_by = "recre-des-parents"
body = "<h2>Édito</h2><p>Bonjour.</p>"
"""
DRAFT = """
title = "Note à finir"
type = "note"
summary = "Un résumé."
date = 2025-01-01
date_precision = "jour"
themes = ["mobilites"]
territories = ["25"]
audiences = ["elus"]
authors = ["Trajectoire Ressources"]
publisher = "Trajectoire Ressources"
status = "draft"
body = "<p>Rien encore.</p>"
"""


@pytest.fixture
def small_demo(monkeypatch, tmp_path) -> Path:
    """The folder that the loader reads, and no drawn picture."""
    for slug, content in {"recre-des-parents": FICHE, "lettre-7": LETTER, "note-a-finir": DRAFT}.items():
        (tmp_path / f"{slug}.toml").write_text(textwrap.dedent(content), encoding="utf-8")
    monkeypatch.setattr(texts, "DOCUMENTS", tmp_path)
    monkeypatch.setattr(pictures, "PICTURES", {})
    return tmp_path


@pytest.fixture
def library(world):
    """The vocabulary, with every type and collection."""
    reference.load_types()
