"""Organisations that may be the same one: by SIRET, by name however it is written, by place.

Names come in variants (« ASS. GRAND DIJON MEDIATION », « Grand Dijon Médiation »): they are compared without the words
that say nothing of who it is, then by how many changes lead from one to the other (rapidfuzz).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Model
from rapidfuzz import fuzz, process

from . import naming, vocabulary
from .models import Initiative, Organisation, Territory
from .siret import compact

SURE, SAME_COMPANY, NEAR = 100.0, 90.0, 86.0  # NEAR: below, two names are two things
ELSEWHERE = 12.0  # taken off when they act in different departments
SIREN = 9
SAYS_NOTHING = {
    *("association", "assoc", "asso", "ass", "societe", "sarl", "sas", "scop", "scic"),
    *("le", "la", "les", "l", "de", "du", "des", "d", "et", "en", "a", "au", "aux"),
}
# Shortened in the registers of the State.
WRITTEN_IN_FULL = {
    "ctre": "centre",
    "mpt": "maison pour tous",
    "ml": "mission locale",
    "com": "commune",
    "terr": "territoire",
    "gd": "grand",
    "form": "formation",
    "intercult": "interculturel",
    "dep": "departementale",
}
# Words that many structures share: one name that holds another tells nothing by them.
COMMON = {
    *("centre", "social", "sociale", "culturel", "culturelle", "socio", "mission", "locale", "maison", "quartier", "quartiers"),
    *("regie", "territoire", "commune", "communal", "action", "federation", "ligue", "enseignement", "foyer", "club", "mjc"),
    *("espace", "tous", "pour", "jeunes", "culture", "departementale", "oeuvres", "laiques", "grand", "ville", "groupement"),
}
INSIDE = 88.0  # the score of a name that holds another, in the same department
SPELLED = re.compile(r"\b(?:\w\.){2,}")  # « M.J.C. »


@dataclass(frozen=True)
class Candidate:
    """A row that may be the same; `score` from 0 to 100, `reason` a French phrase for staff."""

    pk: int
    name: str
    score: float
    reason: str


@dataclass(frozen=True)
class Row:
    pk: int
    name: str
    siret: str
    departments: frozenset[str]


def normalised(name: str) -> str:
    """The words that say who it is, folded: « L'Ass. des Habitants de St-Jean » → « habitants saint jean »."""
    words = naming.search_words(SPELLED.sub(lambda letters: letters[0].replace(".", ""), name))
    words = " ".join(WRITTEN_IN_FULL.get(word, word) for word in words).split()
    return " ".join([word for word in words if word not in SAYS_NOTHING] or words)


class Known:
    """What the database holds now, read once to compare many lines with it; `add` tells what an import has just made."""

    def __init__(self, rows: Iterable[tuple[Row, Iterable[str]]] = ()) -> None:
        self.rows: dict[int, Row] = {}
        self.names: dict[tuple[int, int], str] = {}
        self.by_siret: dict[str, list[int]] = {}
        for row, names in rows:
            self.add(row, names)

    def add(self, row: Row, names: Iterable[str]) -> None:
        """`names`: all those it is known by, former ones included."""
        self.rows[row.pk] = row
        for number, name in enumerate(names):
            self.names[row.pk, number] = normalised(name)
        if row.siret:
            for key in {row.siret, row.siret[:SIREN]}:
                self.by_siret.setdefault(key, []).append(row.pk)

    @classmethod
    def read(cls, model: type[Organisation] | type[Initiative] = Organisation) -> "Known":
        departments: dict[int, set[str]] = {}
        through = model.territories.through._default_manager.order_by("pk")  # type: ignore[attr-defined]
        for pk, path in through.values_list(f"{model._meta.model_name}_id", "territory__path"):
            departments.setdefault(pk, set()).update(_department(path))
        columns = ("pk", "name", "siret", "former_names") if model is Organisation else ("pk", "name")
        rows = model._default_manager.order_by("pk").values_list(*columns)
        return cls(_read_row([*row, "", ""][:4], departments) for row in rows)

    def likely(self, name: str, siret: str = "", territory: Territory | None = None, *, limit: int = 5) -> list[Candidate]:
        """The rows that may be this one, the likeliest first."""
        siret, here = compact(siret), _department(territory.path) if territory else frozenset()
        found = dict.fromkeys(self.by_siret.get(siret, ()), (SURE, "même numéro SIRET")) if siret else {}
        for pk in self.by_siret.get(siret[:SIREN], ()) if siret else ():
            found.setdefault(pk, (SAME_COMPANY, "même numéro SIREN : un autre établissement de la même structure"))
        for likeness, (pk, number) in self._near(normalised(name), here, 4 * limit):
            score, reason = self._named(self.rows[pk], likeness, number, here, siret)
            if score >= NEAR and score > found.get(pk, (0.0, ""))[0]:
                found[pk] = (score, reason)
        ranked = sorted(found.items(), key=lambda item: (-item[1][0], self.rows[item[0]].name, item[0]))
        return [Candidate(pk, self.rows[pk].name, score, reason) for pk, (score, reason) in ranked[:limit]]

    def _near(self, name: str, here: frozenset[str], limit: int) -> Iterator[tuple[float, tuple[int, int]]]:
        """(likeness, key) of the names that are close: as words in any order, as letters without spaces, one inside the other."""
        for _, likeness, key in process.extract(name, self.names, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR, limit=limit):
            yield likeness, key
        for _, likeness, key in process.extract(
            name, self.names, scorer=fuzz.ratio, processor=joined, score_cutoff=NEAR, limit=limit
        ):
            yield likeness, key
        for _, _, key in process.extract(name, self.names, scorer=fuzz.token_set_ratio, score_cutoff=SURE, limit=limit):
            if here & self.rows[key[0]].departments and tells_who(set(name.split()) & set(self.names[key].split())):
                yield INSIDE, key

    @staticmethod
    def _named(row: Row, score: float, number: int, here: frozenset[str], siret: str) -> tuple[float, str]:
        """The score of a name, once the place and the numbers have had their say."""
        same = "même nom" if score == SURE else "nom très proche"
        reason = f"{same} (ancien nom)" if number else same
        if here and row.departments and not here & row.departments:
            return score - ELSEWHERE, f"{reason}, dans un autre département"
        if siret and row.siret and siret[:SIREN] != row.siret[:SIREN]:
            return min(score, NEAR), f"{reason}, mais un autre SIRET"
        return score, reason


def joined(name: str) -> str:
    return name.replace(" ", "")


def tells_who(shared: set[str]) -> bool:
    """Whether words that two names share are those of one structure."""
    return any(len(word) > 4 and word not in COMMON for word in shared)


def _department(path: str) -> frozenset[str]:
    return frozenset(path.split("/")[1:2])


def _read_row(values: list, departments: dict[int, set[str]]) -> tuple[Row, list[str]]:
    pk, name, siret, former = values
    return Row(pk, name, siret, frozenset(departments.get(pk, ()))), [name, *filter(str.strip, former.splitlines())]


def likely_duplicates(
    name: str,
    siret: str = "",
    territory: Territory | None = None,
    *,
    model: type[Organisation] | type[Initiative] = Organisation,
    among: Known | None = None,
) -> list[Candidate]:
    """The organisations (or initiatives) that may be this one. For many lines, read `Known.read()` once and give it."""
    return (among or _known(vocabulary.current().version, model)).likely(name, siret, territory)


@lru_cache(maxsize=2)
def _known(version: int, model: type[Model]) -> Known:
    return Known.read(model)  # type: ignore[arg-type]
