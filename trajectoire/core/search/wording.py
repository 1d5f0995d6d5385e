"""The words of a query: which objects have them (one field that holds everything), and which say them best (the others)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from . import analysis
from .analysis import Token
from .backends import Occur, TQuery
from .engine import shape
from .matching import anywhere, as_phrase, term
from .reading import Reading
from .synonyms import Phrase

# Title > themes > places > abstract > names > full text and pages of files.
BOOSTS = {"title": 2.0, "themes": 2.0, "places": 2.0, "summary": 1.4, "names": 1.2, "all": 0.5}
# Where other words for the same thing, and words that stand together, are worth looking for: phrases cost most in long texts.
SYNONYM_BOOSTS = {name: BOOSTS[name] for name in ("title", "themes", "summary", "all")}
EXPRESSION_BOOSTS = {name: BOOSTS[name] for name in ("title", "themes", "summary")} | {"head": BOOSTS["all"]}
TOGETHER_BOOSTS = {name: BOOSTS[name] for name in ("title", "themes", "summary")}
TIE = 0.3  # what the other fields add to the best one
SYNONYM, FAMILY = 0.6, 0.5
OTHER_FORMS = 0.3  # what the other forms of a word add to the best one
FAMILY_LIMIT = 12
EXACT_BONUS = 0.3  # for the very word that was typed, singular or plural: « Planoise » before « Le Planois »
NEAR, CLOSE_BONUS = 2, 0.3
HYPHENS = ("-", "\u2010", "\u2011")


@dataclass(frozen=True)
class Unit:
    """A word or a known expression: the objects that have it in any form, and how well they say it."""

    match: TQuery
    score: TQuery
    empty: bool = False


@dataclass(frozen=True)
class Words:
    """What is looked for: units (words or expressions), single words, what is worth a bonus."""

    units: list[Unit]
    singles: list[Unit]
    bonus: list[TQuery]

    def matching(self, least: int) -> TQuery:
        """Objects that have every unit or, when `least` is not 0, at least so many single words. Scores nothing."""
        needed = all_of(unit.match for unit in meant(self.units))
        if least:
            some = [(Occur.Should, single.match) for single in meant(self.singles)]
            enough = TQuery.boolean_query(some, minimum_number_should_match=least)
            needed = TQuery.boolean_query([(Occur.Should, needed), (Occur.Should, enough)])
        return TQuery.const_score_query(needed, 0.0)

    def scoring(self, least: int) -> list[TQuery]:
        """What orders the objects that match: each word it says and, when some may miss, having them all."""
        if not least:
            return [*(unit.score for unit in self.units), *self.bonus]
        return [all_of(unit.score for unit in meant(self.units)), *(single.score for single in self.singles), *self.bonus]


def meant(units: Sequence[Unit]) -> Sequence[Unit]:
    """Those that say what is looked for: words put around it (« comment faire pour ») count only when there is nothing else."""
    return [unit for unit in units if not unit.empty] or units


def all_of(queries: Iterable[TQuery]) -> TQuery:
    return TQuery.boolean_query([(Occur.Must, query) for query in queries])


def any_of(queries: Sequence[TQuery]) -> TQuery:
    return queries[0] if len(queries) == 1 else TQuery.boolean_query([(Occur.Should, query) for query in queries])


def best_field(make: Callable[[str], TQuery], boosts: dict[str, float]) -> TQuery:
    """The best of the fields, plus a share of the others."""
    return TQuery.disjunction_max_query([TQuery.boost_query(make(field), boost) for field, boost in boosts.items()], TIE)


def best_form(forms: Sequence[TQuery]) -> TQuery:
    return forms[0] if len(forms) == 1 else TQuery.disjunction_max_query(list(forms), OTHER_FORMS)


def word_score(stem: str) -> TQuery:
    return best_field(lambda field: term(field, stem), BOOSTS)


def synonym_score(phrase: Phrase, slop: int = 0) -> TQuery:
    """How well an object says a synonym: a word or an expression."""
    if len(phrase) == 1:
        return best_field(lambda field: term(field, phrase[0][1]), SYNONYM_BOOSTS)
    return _phrase(phrase, slop, EXPRESSION_BOOSTS)


def _phrase(phrase: Phrase, slop: int, boosts: dict[str, float]) -> TQuery:
    return best_field(lambda field: TQuery.phrase_query(shape(), field, list(phrase), slop), boosts)


def words(text: str, reading: Reading) -> Words | None:
    """The words of a cleaned text, expressions recognised; None when there is nothing to look for."""
    found = analysis.tokens(text)
    if not found:
        return _grammatical(text)
    units, singles, start = [], [], 0
    while start < len(found):
        length, others = reading.synonyms.at(found, start)
        compound = _compound_length(text, found, start)
        if compound > length:
            length, others = compound, []
        units.append(_unit(text, found[start : start + max(length, 1)], others, reading))
        start += max(length, 1)
    for part in parts(text):
        known, others = reading.synonyms.at(part, 0)
        singles.append(_unit(text, part, others if known == len(part) else [], reading))
    return Words(units, singles, [*_together(found), *_exact(found)])


def parts(text: str) -> list[Sequence[Token]]:
    """The single words of a cleaned text; what hyphens join is one."""
    found = analysis.tokens(text)
    cut: list[Sequence[Token]] = []
    start = 0
    while start < len(found):
        length = _compound_length(text, found, start)
        cut.append(found[start : start + length])
        start += length
    return cut


def _compound_length(text: str, found: Sequence[Token], start: int) -> int:
    """How many words stand together from there on, joined by hyphens: 2 for « mal-logés »."""
    end = start + 1
    while end < len(found) and text[found[end - 1].end : found[end].start] in HYPHENS:
        end += 1
    return end - start


def _grammatical(text: str) -> Words | None:
    """Only grammatical words (« qui est-ce »): look for them as they are."""
    queries = [term("words", word) for word in analysis.plain_words(text)]
    units = [Unit(query, query) for query in queries]
    return Words(units, units, []) if units else None


def _unit(text: str, found: Sequence[Token], others: list[Phrase], reading: Reading) -> Unit:
    own = [with_family(token, reading) for token in found]
    others = _in_the_index(others, reading)
    slops = [(other, NEAR if len(other) > 2 else 0) for other in others]
    implied = [{token.stem for token in found}, *({other[0][1]} for other in others if len(other) == 1)]
    mine = [_whole(found)] if 1 < len(found) == _compound_length(text, found, 0) else [all_of(word.match for word in own)]
    scores = [all_of(word.score for word in own)]
    scores += [TQuery.boost_query(synonym_score(other, slop), SYNONYM) for other, slop in slops]
    empty = len(found) == 1 and found[0].word in analysis.EMPTY_WORDS
    matches = [*mine, *(anywhere(other, slop) for other, slop in slops if not _implied(other, implied))]
    return Unit(any_of(matches), best_form(scores), empty)


def _implied(phrase: Phrase, words: list[set[str]]) -> bool:
    """Objects with « transport en commun » are among those with « transport »: looking for both costs three times as much."""
    stems = {stem for _, stem in phrase}
    return len(phrase) > 1 and any(some <= stems for some in words)


def _whole(found: Sequence[Token]) -> TQuery:
    """A compound as it was typed, or in one word (« socio-culturel », « socioculturel »)."""
    joined = analysis.tokens("".join(token.word for token in found))
    return any_of([anywhere(as_phrase(found)), *(term("all", token.stem) for token in joined)])


def _in_the_index(phrases: list[Phrase], reading: Reading) -> list[Phrase]:
    """Those worth looking for: that an object may say, and that do not hold another one (« quartier prioritaire de la ville »)."""
    present = reading.present({stem for phrase in phrases for _, stem in phrase})
    found = [phrase for phrase in phrases if all(stem in present for _, stem in phrase)]
    return [phrase for phrase in found if not any(_holds(phrase, other) for other in found)]


def _holds(phrase: Phrase, other: Phrase) -> bool:
    """Whether an expression stands whole in a longer one."""
    if not 1 < len(other) < len(phrase):
        return False
    return any({(place + first, stem) for place, stem in other} <= set(phrase) for first, _ in phrase)


def _exact(found: Sequence[Token]) -> list[TQuery]:
    words = (token.word for token in found if token.word not in analysis.EMPTY_WORDS)
    return [TQuery.boost_query(any_of([term("words", form) for form in analysis.numbers(word)]), EXACT_BONUS) for word in words]


def with_family(token: Token, reading: Reading) -> Unit:
    """A word in all its forms, and those of its family."""
    stems = analysis.inflections(token.word)[1:]
    present = reading.present(stems)
    same = [token.stem, *(stem for stem in stems if stem in present)]
    near = [stem for stem in family(token.stem, reading) if stem not in same]
    scores = [*map(word_score, same), *(TQuery.boost_query(word_score(other), FAMILY) for other in near)]
    return Unit(any_of([term("all", stem) for stem in (*same, *near)]), best_form(scores))


def family(stem: str, reading: Reading) -> list[str]:
    """Words of the index with the same root, most frequent first: démolir for démolition."""
    root = analysis.root(stem)
    if len(root) < analysis.SHORTEST_ROOT:
        return []
    return reading.remembered(("family", stem), partial(_family, stem, root, reading))


def _family(stem: str, root: str, reading: Reading) -> list[str]:
    near: dict[str, int] = {}
    for field in ("title", "summary"):
        for other, count in reading.searcher.terms_with_prefix(field, root, limit=200):
            if other != stem and analysis.root(other) == root:
                near[other] = near.get(other, 0) + count
    return sorted(near, key=lambda other: -near[other])[:FAMILY_LIMIT]


def _together(found: Sequence[Token]) -> list[TQuery]:
    """Neighbouring words that stand together count more."""
    bonus = [TQuery.boost_query(_phrase(as_phrase(pair), 1, TOGETHER_BOOSTS), CLOSE_BONUS) for pair in pairwise(found)]
    if len(found) > 2:
        bonus.append(TQuery.boost_query(_phrase(as_phrase(found), NEAR, TOGETHER_BOOSTS), CLOSE_BONUS))
    return bonus
