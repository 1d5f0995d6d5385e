"""Words that mean the same: in general French and in the field (text files), in the glossary and the themes (database)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from . import analysis
from .analysis import Token

Provider = Callable[[], Iterable[Sequence[str]]]
Phrase = tuple[tuple[int, str], ...]  # (place from the first word, stem): grammatical words leave holes
Key = tuple[str, ...]
FILES = [Path(__file__).with_name(name) for name in ("thesaurus.txt", "abbreviations.txt")]
MOST_OTHERS = 10
ORDINALS = """deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième
treizième""".split()  # noqa: SIM905
_provider: list[Provider] = []


class Group(tuple[str, ...]):
    """Terms that mean the same. `one_way`: the first leads to the others, they do not lead back."""

    one_way = False


class OneWay(Group):
    one_way = True


class Synonyms:
    """`at(tokens, start)` → the longest known phrase beginning there, and its other forms.

    `words` holds each word of the terms, folded → as written. What `base` knows is known too, after what is given here.
    """

    def __init__(self, groups: Iterable[Sequence[str]], base: "Synonyms | None" = None) -> None:
        self.base = base
        self.forms: dict[Key, list[Phrase]] = {}
        self.words: dict[str, str] = dict(base.words) if base else {}
        given = [group if isinstance(group, Group) else Group(group) for group in groups]
        known = iter(list(self._read([analysis.clean(term) for group in given for term in group])))
        for group in given:
            self._add(group, [next(known) for _ in group])
        self.longest = max(map(len, self.forms), default=0)
        if base:
            self.longest = max(self.longest, base.longest)

    def _read(self, terms: list[str]) -> Iterator[tuple[Key, Phrase]]:
        """How each term is recognised in a query, and looked for. One analysis for all: there are thousands."""
        text = "\n".join(terms)
        numbers, found = _line_numbers(terms), analysis.tokens(text)
        self.words |= {token.word: text[token.start : token.end].lower() for token in found}
        lines = {number: list(words) for number, words in groupby(found, key=lambda token: numbers[token.start])}
        for number, term in enumerate(terms):
            words = lines.get(number, [])
            phrase = tuple((token.position - words[0].position, token.stem) for token in words)
            if len(words) == 1 and sum(map(str.isupper, term)) > 1:
                yield (_whole(words[0]),), phrase
            else:
                yield tuple(analysis.canonical(token.word) for token in words), phrase

    def _add(self, group: Group, known: list[tuple[Key, Phrase]]) -> None:
        for key, phrase in known[:1] if group.one_way else known:
            if phrase:
                others = self.forms.setdefault(key, [])
                others.extend(other for _, other in known if other and other != phrase and other not in others)

    def at(self, tokens: Sequence[Token], start: int) -> tuple[int, list[Phrase]]:
        for length in range(min(self.longest, len(tokens) - start), 0, -1):
            others = self._others(tokens[start : start + length])
            if others:
                return length, others[:MOST_OTHERS]
        return 0, []

    def knows(self, token: Token) -> bool:
        return bool(self._others([token]))

    def _others(self, tokens: Sequence[Token]) -> list[Phrase]:
        """An abbreviation is recognised whole: « café » is not CAF."""
        own = self.forms.get((_whole(tokens[0]),), []) if len(tokens) == 1 else []
        own = own or self.forms.get(tuple(analysis.canonical(token.word) for token in tokens), [])
        return list(dict.fromkeys([*own, *self.base._others(tokens)])) if self.base else own


def _whole(token: Token) -> str:
    return f"={token.word}"


def _line_numbers(terms: list[str]) -> list[int]:
    """For each character of the terms put one under the other, the number of its term."""
    return [number for number, term in enumerate(terms) for _ in range(len(term) + 1)]


def set_synonyms(provider: Provider) -> None:
    """Give the function that reads groups of equivalent terms; called again each time the change table moved."""
    _provider[:] = [provider]
    synonyms_at.cache_clear()


@lru_cache(maxsize=4)
def synonyms_at(change: int) -> Synonyms:
    """The synonyms as of this change: a term edited by staff counts from the next search."""
    return _with(tuple(tuple(group) for group in _provider[0]()) if _provider else ())


@lru_cache(maxsize=2)
def _with(groups: tuple[tuple[str, ...], ...]) -> Synonyms:
    """Read again only when a term changed, not at each document saved."""
    return Synonyms(groups, general())


@cache
def general() -> Synonyms:
    """What the language itself holds: ordinals written both ways, and the groups of the text files."""
    groups = [Group(("1er", "1re", "premier", "première")), Group(("2nd", "2nde", "second", "seconde"))]
    groups += [Group((f"{number}e", f"{number}eme", word)) for number, word in enumerate(ORDINALS, 2)]
    lines = [line for file in FILES for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    for line in filter(None, lines):
        first, _, particular = line.partition(" > ")
        groups.append(OneWay((first, *particular.split(" = "))) if particular else Group(line.split(" = ")))
    return Synonyms(groups)
