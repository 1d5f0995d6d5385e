"""French names of places: casing, typography, articles, and the form they are searched by.

The sources write "Fontaine D'Ouche", "GRAND DIJON" or "CA ECLA  (Espace…"; we write « Fontaine d’Ouche », « Grand Dijon ».
"""

import re

from trajectoire.core.text import fold

PARTICLES = {"de", "du", "des", "la", "le", "les", "et", "en", "à", "au", "aux", "sur", "sous", "lès", "lez"}
SIGLES = {"CA", "CC", "CU", "ECLA"}
SPELLINGS = {"COMMUNAUTE DE COMMUNES": "CC", "COMMUNAUTE D'AGGLOMERATION": "CA", "COMMUNAUTE URBAINE": "CU"}
LIGATURES = re.compile(r"\b([CcSs])oeur")
SAINT = re.compile(r"\b([Ss]ainte?) (?=[A-ZÉ])")
ELIDED = re.compile(r"^([DL])’(?=\w)")
SEPARATORS = {"–", "/"}
TOWN_ARTICLES = {"La", "Le", "Les"}

IN_DEPARTMENT = {
    "Côte-d’Or": "en Côte-d’Or",
    "Doubs": "dans le Doubs",
    "Jura": "dans le Jura",
    "Nièvre": "dans la Nièvre",
    "Haute-Saône": "en Haute-Saône",
    "Saône-et-Loire": "en Saône-et-Loire",
    "Yonne": "dans l’Yonne",
    "Territoire de Belfort": "dans le Territoire de Belfort",
}
ARTICLES = {"Le ": ("au ", "du "), "Les ": ("aux ", "des ")}


def place_name(text: str) -> str:
    """The name of a quartier or of an EPCI in French casing and typography.

    Particles are in lower case inside a name, not where one begins: after a dash or a slash; the article of a town is kept
    after a sigle (« CU Le Creusot Montceau-les-Mines »). Names all in capitals are read as lower case first.
    """
    text = " ".join(text.split())
    for capitals, sigle in SPELLINGS.items():
        text = text.replace(capitals, sigle)
    text = text.replace("'", "’").replace(" - ", " – ")
    words = text.split(" ")
    if all(word.isupper() for word in words):
        words = [word if word in SIGLES else word.capitalize() for word in words]
    text = " ".join(_cased(word, before) for word, before in zip(words, ["–", *words], strict=False))
    return SAINT.sub(r"\1-", LIGATURES.sub(r"\1œur", text))


def _cased(word: str, before: str) -> str:
    """A word as it is written after the word before it."""
    if before in SEPARATORS or (before in SIGLES and word in TOWN_ARTICLES):
        return word
    if word.lower() in PARTICLES:
        return word.lower()
    return ELIDED.sub(lambda found: found[1].lower() + "’", word)


def epci_kind(name: str) -> str:
    """What an EPCI is, read from the sigle its name begins with."""
    kinds = {"CA": "communauté d’agglomération", "CC": "communauté de communes", "CU": "communauté urbaine"}
    return kinds.get(name.split(" ", maxsplit=1)[0], "métropole" if name.endswith("Métropole") else "intercommunalité")


def commune_name(text: str) -> str:
    """INSEE writes the names of communes right: only the apostrophe is not typographic."""
    return text.replace("'", "’")


def of(name: str) -> str:
    """« de Dijon Métropole », « du Grand Dijon », « de la CC du Pays de Lure », « d’Autun », « du Creusot »."""
    first = name.split(" ", maxsplit=1)[0]
    if first in SIGLES:
        return f"de la {name}"
    if first in {"Grand", "Pays"}:
        return f"du {name}"
    for article, (_, contracted) in ARTICLES.items():
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if fold(name)[0] in "aeiouyh" else f"de {name}"


def located(kind: str, name: str) -> str:
    """« dans le Doubs », « à Besançon », « au Creusot », « dans le quartier Planoise »: for sentences."""
    if kind == "departement":
        return IN_DEPARTMENT.get(name, f"dans le département {of(name)}")
    if kind == "region":
        return f"en {name}"
    if kind == "qpv":
        return f"dans le quartier {name}"
    if kind == "commune":
        for article, (contracted, _) in ARTICLES.items():
            if name.startswith(article):
                return contracted + name.removeprefix(article)
        return f"à {name}"
    return f"sur le territoire {of(name)}"


def search_words(text: str) -> list[str]:
    """Folded words to search by: « Cosne-Cours-sur-Loire » → cosne cours sur loire; « St » is read « saint »."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words]
