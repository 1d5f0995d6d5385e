"""French names of places: casing, articles, and the form they are searched by."""

import re

from trajectoire.core.text import fold

PARTICLES = {"d", "de", "du", "des", "la", "le", "les", "l", "et", "en", "à", "au", "aux", "sur", "sous", "lès", "lez"}
SIGLES = {"CA", "CC", "CU", "SIVOM", "ZAC", "ECLA"}


def search_words(text: str) -> list[str]:
    """Folded words to search by: « Cosne-Cours-sur-Loire » → cosne cours sur loire; « St » is read « saint »."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words]


def located(kind: str, name: str) -> str:
    return name
