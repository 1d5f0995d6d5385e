"""The order of an answer: one query or, when words are found almost everywhere, several one after the other.

Scoring every object that has common words costs as many times more as there are objects. So, of an abundant answer, first come
the objects that have all the words as typed in their title, then those that have them in what they say of themselves (title,
themes, places, names, abstract), and only then, if someone goes that far, the others, by the full score.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import tantivy

from . import analysis, backends, matching, schema
from .backends import Occur, TQuery
from .declarations import Query
from .engine import shape
from .matching import Clause
from .planning import Plan
from .wording import CLOSE_BONUS, NEAR, all_of

ABUNDANT = 2_000
RELEVANCE = "pertinence"
ORDERS = {
    "date": ("recent", tantivy.Order.Desc),
    "titre": ("sort_title", tantivy.Order.Asc),
    "ajout": ("visible", tantivy.Order.Desc),
}
Found = list[tuple[Any, Any]]  # (score or value of the field that orders, address of the document)


@dataclass(frozen=True)
class Ranked:
    """An answer in its order. `queries` follow one another and share no object."""

    queries: list[TQuery]
    field: str | None = None
    direction: tantivy.Order = tantivy.Order.Desc

    def window(self, searcher: tantivy.Searcher, offset: int, limit: int) -> Found:
        """At most `limit` objects from `offset` on."""
        hits: Found = []
        for query in self.queries:
            last = query is self.queries[-1]
            found = searcher.search(
                query,
                limit - len(hits),
                count=not last,
                offset=offset,
                order_by_field=self.field,
                order=self.direction,
            )
            hits += found.hits
            if last or len(hits) == limit:
                break
            offset = max(0, offset - backends.current().count(found))
        return hits


def ranked(asked: Query, plan: Plan, total: int) -> Ranked:
    """The objects of this plan under the chosen filters; there are `total` of them."""
    order = asked.sort if asked.sort in ORDERS else RELEVANCE
    if order == RELEVANCE and plan.words is None:
        order = "date"
    chosen = matching.filters(asked)
    if order in ORDERS:
        return Ranked([plan.matching(chosen)], *ORDERS[order])
    if total <= ABUNDANT or not analysis.tokens(plan.text):
        return Ranked([plan.scoring(chosen)])
    return Ranked(_in_turn(plan, chosen))


def _in_turn(plan: Plan, chosen: list[Clause]) -> list[TQuery]:
    """The same objects as the plan, in four queries at most, each without the objects of those before."""
    queries, left = [], list(chosen)
    if plan.least:  # few, or some of the words would not do
        strict = replace(plan, least=0)
        queries.append(strict.scoring(left))
        left.append((Occur.MustNot, strict.matching(chosen)))
    for field in (schema.TITLE, schema.HEAD):
        said = _said_in(field, plan)
        near = [(Occur.Should, bonus) for bonus in _standing_together(field, plan)]
        queries.append(TQuery.boolean_query([*plan.base, *left, (Occur.Must, said), *near]))
        left.append((Occur.MustNot, said))
    return [*queries, plan.scoring(left)]


def _said_in(field: str, plan: Plan) -> TQuery:
    """The words as typed, in this field; as many as the plan needs."""
    words = [matching.term(field, token.stem) for token in analysis.tokens(plan.text)]
    if not plan.least:
        return all_of(words)
    return TQuery.boolean_query([(Occur.Should, word) for word in words], minimum_number_should_match=plan.least)


def _standing_together(field: str, plan: Plan) -> list[TQuery]:
    phrases = [matching.as_phrase(pair) for pair in pairwise(analysis.tokens(plan.text))]
    return [TQuery.boost_query(TQuery.phrase_query(shape(), field, list(phrase), NEAR), CLOSE_BONUS) for phrase in phrases]
