"""Words that mean the same, from the glossary and the themes in the database: both ways, in stems."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from . import analysis
from .analysis import Token

Provider = Callable[[], Iterable[Sequence[str]]]
Phrase = tuple[tuple[int, str], ...]  # (place from the first word, stem): grammatical words leave holes
Stems = tuple[str, ...]
# General French: ordinals are written both ways.
ORDINALS = [
    ("1er", "1re", "premier", "première"),
    *(
        (f"{number}e", f"{number}eme", f"{number}ème", word)
        for number, word in enumerate(
            "deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième treizième".split(), 2
        )
    ),
    ("2nd", "2nde", "second", "seconde"),
]
_provider: list[Provider] = []


class Synonyms:
    """`at(stems, start)` → the longest known phrase beginning there, and its other forms."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.forms: dict[Stems, list[Phrase]] = {}
        for group in groups:
            phrases = [phrase for phrase in map(_phrase, group) if phrase]
            for phrase in phrases:
                others = self.forms.setdefault(tuple(stem for _, stem in phrase), [])
                others.extend(other for other in phrases if other != phrase and other not in others)
        self.longest = max(map(len, self.forms), default=0)

    def at(self, stems: Sequence[str], start: int) -> tuple[int, list[Phrase]]:
        for length in range(min(self.longest, len(stems) - start), 0, -1):
            others = self.forms.get(tuple(stems[start : start + length]))
            if others:
                return length, others
        return 0, []

    def knows(self, stem: str) -> bool:
        return (stem,) in self.forms


def _phrase(text: str) -> Phrase:
    found: list[Token] = analysis.tokens(analysis.clean(text))
    return tuple((token.position - found[0].position, token.stem) for token in found)


def set_synonyms(provider: Provider) -> None:
    """Give the function that reads groups of equivalent terms; called again each time the change table moved."""
    _provider[:] = [provider]
    synonyms_at.cache_clear()


@lru_cache(maxsize=4)
def synonyms_at(change: int) -> Synonyms:
    """The synonyms as of this change: a term edited by staff counts from the next search."""
    groups = list(_provider[0]()) if _provider else []
    return Synonyms([*ORDINALS, *groups])
