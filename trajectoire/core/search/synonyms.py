"""Words that mean the same, from the glossary and the themes in the database: both ways, in stems."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

from . import analysis
from .analysis import Token

Provider = Callable[[], Iterable[Sequence[str]]]
Phrase = tuple[tuple[int, str], ...]  # (place from the first word, stem): grammatical words leave holes
Stems = tuple[str, ...]
THESAURUS = Path(__file__).with_name("thesaurus.txt")
ORDINALS = """deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième
treizième""".split()  # noqa: SIM905
_provider: list[Provider] = []


class Synonyms:
    """`at(tokens, start)` → the longest known phrase beginning there, and its other forms."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        """`words`: each word of the groups, folded → as written."""
        groups = [list(group) for group in groups]
        texts = [analysis.clean(text) for group in groups for text in group]
        self.forms: dict[Stems, list[Phrase]] = {}
        for group in groups:
            known = [(key, phrase) for key, phrase in map(_form, group) if phrase]
            for key, phrase in known:
                others = self.forms.setdefault(key, [])
                others.extend(other for _, other in known if other != phrase and other not in others)
        self.longest = max(map(len, self.forms), default=0)
        self.words = {token.word: text[token.start : token.end].lower() for text in texts for token in analysis.tokens(text)}

    def at(self, tokens: Sequence[Token], start: int) -> tuple[int, list[Phrase]]:
        for length in range(min(self.longest, len(tokens) - start), 0, -1):
            others = self._others(tokens[start : start + length])
            if others:
                return length, others
        return 0, []

    def knows(self, token: Token) -> bool:
        return bool(self._others([token]))

    def _others(self, tokens: Sequence[Token]) -> list[Phrase]:
        if len(tokens) == 1 and (other := self.forms.get((f"={tokens[0].word}",))):
            return other
        return self.forms.get(tuple(token.stem for token in tokens), [])


def _form(text: str) -> tuple[Stems, Phrase]:
    """How a term is recognised in a query, and looked for. An abbreviation is recognised whole: « café » is not CAF."""
    found: list[Token] = analysis.tokens(analysis.clean(text))
    phrase = tuple((token.position - found[0].position, token.stem) for token in found)
    if len(found) == 1 and sum(map(str.isupper, text)) > 1:
        return (f"={found[0].word}",), phrase
    return tuple(token.stem for token in found), phrase


def set_synonyms(provider: Provider) -> None:
    """Give the function that reads groups of equivalent terms; called again each time the change table moved."""
    _provider[:] = [provider]
    synonyms_at.cache_clear()


@lru_cache(maxsize=4)
def synonyms_at(change: int) -> Synonyms:
    """The synonyms as of this change: a term edited by staff counts from the next search."""
    groups = list(_provider[0]()) if _provider else []
    return Synonyms([*general(), *groups])


@cache
def general() -> list[Sequence[str]]:
    """What the language itself holds: ordinals written both ways, and the groups of thesaurus.txt."""
    groups: list[Sequence[str]] = [("1er", "1re", "premier", "première"), ("2nd", "2nde", "second", "seconde")]
    groups += [(f"{number}e", f"{number}eme", word) for number, word in enumerate(ORDINALS, 2)]
    lines = THESAURUS.read_text("utf-8").splitlines()
    return [*groups, *(line.split(" = ") for line in lines if " = " in line)]
