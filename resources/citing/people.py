"""Who wrote it: a line of the authors as a person (family and given names) or as an organisation."""

import re

# Words that no person's name holds; one of them makes the line an organisation.
ORGANISATION = re.compile(
    r"\b(?:action|agence|association|bureau|caisse|catholique|centre|cit[ée]|collectif|comité|communauté|compagnie|conseil|croix|"
    r"culture|département|direction|droits|éditions?|éducation|emploi|enfance|entreprise|équipe|établissement|fédération|fondation|"
    r"fonds|groupe|habitat|institut|jeunesse|laboratoire|ligue|mairie|maison|métropole|ministère|mission|national|observatoire|"
    r"office|populaire|préfecture|presses|région|réseau|ressources|santé|secours|service|social|société|solidarités?|sport|syndicat|"
    r"théâtre|union|université|verlag|ville|villes|belfort|besançon|bourgogne|comté|dijon|doubs|france|jura|nièvre|saône|yonne)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:[-’'.][^\W\d_]*)*")
PARTICLES = {"de", "du", "des", "la", "le", "van", "von", "der", "den", "di", "da", "el", "ben", "y"}
MOST_WORDS = 5


def name(line: str) -> dict[str, str]:
    """A CSL name: {family, given}, or {literal} for an organisation and for what cannot be told.

    « Vauthier, Ana » is always a person; « Ana Vauthier » and « VAUTHIER Ana » are, when nothing says organisation.
    """
    family, comma, given = (part.strip() for part in line.partition(","))
    if comma and family and given and "," not in given:
        return {"family": family, "given": given}
    words = line.split()
    if not _like_a_person(words) or ORGANISATION.search(line):
        return {"literal": line}
    capitals = [word for word in words if word.isupper() and len(word) > 1 and "." not in word]
    if capitals:
        return {"family": " ".join(capitals), "given": " ".join(word for word in words if word not in capitals)}
    start = next((i for i, word in enumerate(words) if i and word.lower() in PARTICLES), len(words) - 1)
    return {"family": " ".join(words[start:]), "given": " ".join(words[:start])}


def _like_a_person(words: list[str]) -> bool:
    """Two to five words with capitals, particles left out, not all of them in capitals."""
    if not 2 <= len(words) <= MOST_WORDS or words[-1].lower() in PARTICLES:
        return False
    named = [word for word in words if word.lower() not in PARTICLES]
    return (
        len(named) > 1
        and all(WORD.fullmatch(word) and word[0].isupper() for word in named)
        and any(not word.isupper() or len(word) < 2 for word in named)
        and words[0] in named
    )
