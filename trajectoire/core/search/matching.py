"""From what was asked to one tantivy query: filters that score nothing, words that do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import tantivy
from django.utils import timezone
from tantivy import Occur
from tantivy import Query as TQuery

from . import analysis, schema
from .analysis import Token
from .declarations import Query, sources
from .engine import shape
from .parsing import Asked
from .reading import Reading
from .synonyms import Phrase

# Title > themes > places > names > abstract > body > pages of files.
BOOSTS = {"title": 2.5, "themes": 2.0, "places": 2.0, "names": 1.2, "summary": 1.4, "body": 0.7, "pages": 0.5}
TIE = 0.3  # what the other fields add to the best one
SYNONYM, FAMILY = 0.6, 0.6
OTHER_FORMS = 0.3  # what the other forms of a word add to the best one
FAMILY_LIMIT = 12
NEAR, CLOSE_BONUS = 2, 0.4
Clause = tuple[Occur, TQuery]


@dataclass(frozen=True)
class Words:
    """The scored part of a query: units (words or expressions), single words, the bonus of words standing together."""

    units: list[TQuery]
    singles: list[TQuery]
    bonus: list[TQuery]

    def strict(self) -> TQuery:
        """Objects that have every word, or the same said otherwise."""
        return TQuery.boolean_query([(Occur.Must, unit) for unit in self.units])

    def query(self, least: int) -> TQuery:
        """Objects that have every unit or, when `least` is not 0, at least so many single words; best first."""
        if least:
            some = TQuery.boolean_query([(Occur.Should, single) for single in self.singles], minimum_number_should_match=least)
            needed = TQuery.boolean_query([(Occur.Should, self.strict()), (Occur.Should, some)])
        else:
            needed = self.strict()
        return TQuery.boolean_query([(Occur.Must, needed), *((Occur.Should, bonus) for bonus in self.bonus)])


def term(field: str, stem: str) -> TQuery:
    return TQuery.term_query(shape(), field, stem)


def one_of(field: str, values: Iterable[str]) -> TQuery:
    return TQuery.const_score_query(TQuery.term_set_query(shape(), field, list(values)), 0.0)


def best_field(make, boosts: dict[str, float] = BOOSTS) -> TQuery:
    """The best of the fields, plus a share of the others."""
    queries = [TQuery.boost_query(make(field), boost) for field, boost in boosts.items()]
    return TQuery.disjunction_max_query(queries, TIE)


def word_query(stem: str) -> TQuery:
    return best_field(lambda field: term(field, stem))


def phrase_query(phrase: Phrase, slop: int = 0) -> TQuery:
    """Words in this order (holes where grammatical words stood)."""
    if len(phrase) == 1:
        return word_query(phrase[0][1])
    return best_field(lambda field: TQuery.phrase_query(shape(), field, list(phrase), slop))


def as_phrase(found: Sequence[Token]) -> Phrase:
    return tuple((token.position - found[0].position, token.stem) for token in found)


def gates(kinds: Sequence[str], access: frozenset[str], now: datetime | None, hidden: Sequence[str] = ()) -> list[Clause]:
    """What every query holds: the kinds, the reader's levels, nothing before its hour, nothing being changed."""
    open_to = [schema.gate(source.kind, level) for source in sources(kinds) for level in access]
    later = TQuery.range_query(
        shape(), "embargo", tantivy.FieldType.Integer, int((now or timezone.now()).timestamp()), None, include_lower=False
    )
    clauses = [(Occur.Must, one_of("gate", open_to)), (Occur.MustNot, later)]
    if hidden:
        clauses.append((Occur.MustNot, one_of("key", hidden)))
    return clauses


def filters(query: Query, without: str = "") -> list[Clause]:
    """The chosen values of each group (alternatives), except one group's own when its values are being counted."""
    chosen = {group: list(values) for group, values in query.filters.items() if values and group != without}
    return [(Occur.Must, one_of(f"facets.{group}", values)) for group, values in chosen.items() if group.isidentifier()]


def restrictions(asked: Asked) -> list[Clause]:
    """Quoted phrases, excluded words, authors, places and years: all compulsory."""
    clauses = [(Occur.Must, phrase_query(as_phrase(analysis.tokens(words)))) for words in asked.phrases]
    clauses += [(Occur.MustNot, phrase_query(as_phrase(analysis.tokens(words)))) for words in asked.excluded]
    clauses += [(Occur.Must, _all_in("names", words)) for words in asked.authors]
    clauses += [(Occur.Must, _place(words)) for words in asked.places]
    if asked.years:
        first, last = asked.years
        days = TQuery.range_query(shape(), "date", tantivy.FieldType.Integer, first * 10_000, last * 10_000 + 9_999)
        clauses.append((Occur.Must, TQuery.const_score_query(days, 0.0)))
    return clauses


def _all_in(field: str, words: str) -> TQuery:
    return TQuery.boolean_query([(Occur.Must, term(field, token.stem)) for token in analysis.tokens(words)])


def _place(words: str) -> TQuery:
    """A territory by its name or by its code (25, QN02501M)."""
    code = one_of("facets.territory", [words, words.upper()])
    return TQuery.boolean_query([(Occur.Should, _all_in("places", words)), (Occur.Should, code)])


def words(text: str, reading: Reading) -> Words | None:
    """The words of a cleaned text, expressions recognised; None when there is nothing to look for."""
    found = analysis.tokens(text)
    if not found:
        return _grammatical(text)
    units, start = [], 0
    while start < len(found):
        length, others = reading.synonyms.at(found, start)
        units.append(_unit(found[start : start + max(length, 1)], others, reading))
        start += max(length, 1)
    singles = [_unit([token], reading.synonyms.at([token], 0)[1], reading) for token in found]
    return Words(units, singles, _together(found))


def _grammatical(text: str) -> Words | None:
    """Only grammatical words (« vers un nous »): look for them as they are."""
    plain = analysis.plain_words(text)
    units = [term("words", word) for word in plain]
    return Words(units, units, []) if plain else None


def _unit(found: Sequence[Token], others: list[Phrase], reading: Reading) -> TQuery:
    """One thing looked for: a word or a known expression, with its other forms."""
    own = [(Occur.Must, with_family(token, reading)) for token in found]
    forms = [TQuery.boolean_query(own) if len(own) > 1 else own[0][1]]
    forms += [TQuery.boost_query(phrase_query(other, NEAR if len(other) > 2 else 0), SYNONYM) for other in others]
    return TQuery.disjunction_max_query(forms, OTHER_FORMS) if len(forms) > 1 else forms[0]


def family(stem: str, reading: Reading) -> list[str]:
    """Words of the index with the same root: démolir for démolition."""
    root = analysis.root(stem)
    if len(root) < analysis.SHORTEST_ROOT:
        return []
    near: dict[str, int] = {}
    for field in ("title", "summary"):
        for other, count in reading.searcher.terms_with_prefix(field, root, limit=200):
            if other != stem and analysis.root(other) == root:
                near[other] = near.get(other, 0) + count
    return sorted(near, key=lambda other: -near[other])[:FAMILY_LIMIT]


def with_family(token: Token, reading: Reading) -> TQuery:
    near = family(token.stem, reading)
    forms = [word_query(token.stem), *(TQuery.boost_query(word_query(other), FAMILY) for other in near)]
    return TQuery.disjunction_max_query(forms, OTHER_FORMS) if near else forms[0]


def _together(found: Sequence[Token]) -> list[TQuery]:
    """Neighbouring words that stand together count more."""
    pairs = list(pairwise(found))
    bonus = [TQuery.boost_query(phrase_query(as_phrase(pair), 1), CLOSE_BONUS) for pair in pairs]
    if len(found) > 2:
        bonus.append(TQuery.boost_query(phrase_query(as_phrase(found), NEAR), CLOSE_BONUS))
    return bonus


def objects() -> TQuery:
    """Every object of the index, pages and state apart."""
    return TQuery.regex_query(shape(), "gate", r".+")
