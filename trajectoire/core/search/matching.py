"""Filters: who may read, what was chosen, which words are compulsory. They score nothing."""

from collections.abc import Sequence
from datetime import datetime

import tantivy
from django.utils import timezone

from . import analysis, places, schema
from .analysis import Token
from .backends import Occur, TQuery
from .declarations import Query, sources
from .engine import shape
from .parsing import Asked
from .synonyms import Phrase

Clause = tuple[Occur, TQuery]
FEW = 32  # values


def term(field: str, stem: str) -> TQuery:
    return TQuery.term_query(shape(), field, stem)


def one_of(field: str, values: Sequence[str]) -> TQuery:
    """Scores nothing. Few values are looked up as an answer goes; a set of many is read whole first."""
    few = len(values) <= FEW and TQuery.boolean_query([(Occur.Should, term(field, value)) for value in values])
    return TQuery.const_score_query(few or TQuery.term_set_query(shape(), field, list(values)), 0.0)


def anywhere(phrase: Phrase, slop: int = 0, whole: str = schema.WHOLE) -> TQuery:
    """Objects that hold these words in this order (holes where grammatical words stood), scored by that alone."""
    if len(phrase) == 1:
        return term(whole, phrase[0][1])
    return TQuery.phrase_query(shape(), whole, list(phrase), slop)


def as_phrase(found: Sequence[Token]) -> Phrase:
    return tuple((token.position - found[0].position, token.stem) for token in found)


def gates(kinds: Sequence[str], access: frozenset[str], now: datetime | None, hidden: Sequence[str] = ()) -> list[Clause]:
    """What every query holds: the kinds, the reader's levels, nothing before its hour, nothing being changed."""
    open_to = [schema.gate(source.kind, level) for source in sources(kinds) for level in access]
    later = TQuery.range_query(
        shape(), "embargo", tantivy.FieldType.Integer, schema.moment_number(now or timezone.now()), None, include_lower=False
    )
    clauses = [(Occur.Must, one_of("gate", open_to)), (Occur.MustNot, later)]
    if hidden:
        clauses.append((Occur.MustNot, one_of("key", hidden)))
    return clauses


def filters(query: Query, without: str = "") -> list[Clause]:
    """The chosen values of each group (alternatives), except one group's own when its values are being counted; what is new."""
    chosen = {group: list(values) for group, values in query.filters.items() if values and group != without}
    clauses = [(Occur.Must, one_of(f"facets.{group}", values)) for group, values in chosen.items() if group.isidentifier()]
    if query.published_after:
        since = schema.moment_number(query.published_after)
        new = TQuery.range_query(shape(), "visible", tantivy.FieldType.Integer, since, None, include_lower=False)
        clauses.append((Occur.Must, TQuery.const_score_query(new, 0.0)))
    if query.over is not None:
        wanted = Occur.Must if query.over else Occur.MustNot
        clauses.append((wanted, TQuery.const_score_query(over(query), 0.0)))
    return clauses


def over(query: Query) -> TQuery:
    """What is over at the moment of the question."""
    before = schema.moment_number(query.now or timezone.now()) - 1
    return TQuery.range_query(shape(), "ends", tantivy.FieldType.Integer, None, before)


def restrictions(asked: Asked) -> list[Clause]:
    """Quoted phrases, excluded words, authors, places and years: all compulsory."""
    clauses = [(Occur.Must, anywhere(as_phrase(analysis.tokens(words)))) for words in asked.phrases]
    clauses += [(Occur.MustNot, anywhere(as_phrase(analysis.tokens(words)))) for words in asked.excluded]
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
    """A territory by its name, with what it contains, or by its code."""
    inside = one_of("facets.territory", places.codes(words))
    return TQuery.boolean_query([(Occur.Should, _all_in("places", words)), (Occur.Should, inside)])


def objects() -> TQuery:
    """Every object of the index, pages and state apart."""
    return TQuery.regex_query(shape(), "gate", r".+")
