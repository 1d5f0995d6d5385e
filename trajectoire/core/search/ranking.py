"""The order of an answer: by the full score or, where that would cost too much, by a lighter one.

The full score looks at every field for every form of every word: its cost grows with the number of objects that say them, not
with what is shown. Beyond HEAVY (from some 100 000 objects on), first come the objects that have all the words as typed in
their title, then those that have them in what they say of themselves (title, themes, places, names, abstract), then the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import tantivy

from . import analysis, backends, matching, resembling, schema, wording
from .analysis import Token
from .backends import Occur, TQuery
from .declarations import Query
from .engine import shape
from .matching import Clause
from .planning import Plan
from .reading import Reading
from .wording import CLOSE_BONUS, NEAR, all_of

HEAVY = 50_000  # occurrences to be scored
FEW = 50  # objects: never heavy
SPAN = 4_096  # the engine scores by stretches of so many objects, even for one of them
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
        *firsts, rest = self.queries
        order = {"order_by_field": self.field, "order": self.direction}
        hits: Found = []
        for query in firsts:
            found = searcher.search(query, limit - len(hits), offset=offset, **order)  # type: ignore[arg-type]
            hits += found.hits
            if len(hits) == limit:
                return hits
            offset = max(0, offset - backends.current().count(found))
        found = searcher.search(rest, limit - len(hits), count=False, offset=offset, **order)  # type: ignore[arg-type]
        return [*hits, *found.hits]


def ranked(asked: Query, plan: Plan, total: int, reading: Reading) -> Ranked:
    """The objects of this plan under the chosen filters; there are `total` of them."""
    order = asked.sort if asked.sort in ORDERS else RELEVANCE
    if order == RELEVANCE and plan.words is None:
        order = "date"
    chosen = matching.filters(asked)
    if order in ORDERS:
        field, direction = ORDERS[order]
        soonest = order == "date" and asked.over is False
        return Ranked([plan.matching(chosen)], field, tantivy.Order.Asc if soonest else direction)
    if _heavy(plan, total, reading):
        return Ranked(_in_turn(plan, chosen))
    return Ranked([_by_likeness(plan, chosen, reading)])


def _heavy(plan: Plan, total: int, reading: Reading) -> bool:
    stems = [token.stem for token in analysis.tokens(plan.text)] if total > FEW else []
    occurrences = sum(reading.frequencies(schema.WHOLE, stems).values()) if stems else 0
    return occurrences * min(1.0, total * SPAN / max(reading.searcher.num_docs, 1)) > HEAVY


def _by_likeness(plan: Plan, chosen: list[Clause], reading: Reading) -> TQuery:
    """By the full score, and by what the first have in common."""
    wanted = plan.scoring(chosen)
    alike = plan.likeness
    if not alike:
        best = reading.searcher.search(wanted, resembling.LOOKED_AT, count=False)
        alike = resembling.likeness(best.hits, plan.text, reading)
    return TQuery.boolean_query([(Occur.Must, wanted), *((Occur.Should, score) for score in alike.scores)]) if alike else wanted


def _in_turn(plan: Plan, chosen: list[Clause]) -> list[TQuery]:
    """The same objects as the plan, in four queries at most, each without the objects of those before."""
    queries, left = [], list(chosen)
    if plan.least:  # too few to be heavy, or fewer words would not do
        strict = replace(plan, least=0, likeness=None)
        queries.append(strict.scoring(left))
        left.append((Occur.MustNot, strict.matching(chosen)))
    parts = _meant(wording.parts(plan.text))
    for field in (schema.TITLE, schema.HEAD):
        said = _said_in(field, parts, plan.least)
        queries.append(_worth_more(TQuery.boolean_query([*plan.base, *left, (Occur.Must, said)]), _together(field, plan.text)))
        left.append((Occur.MustNot, said))
    typed = [matching.term(schema.WHOLE, token.stem) for part in parts for token in part]
    return [*queries, _worth_more(plan.matching(left), typed)]


def _meant(parts: list[Sequence[Token]]) -> list[Sequence[Token]]:
    return [part for part in parts if len(part) > 1 or part[0].word not in analysis.EMPTY_WORDS] or parts


def _said_in(field: str, parts: list[Sequence[Token]], least: int) -> TQuery:
    """The words as typed, in this field; as many as the plan needs. Objects that have them are always some of the plan's."""
    said = [matching.anywhere(matching.as_phrase(part), whole=field) for part in parts]
    return TQuery.boolean_query([(Occur.Should, word) for word in said], least) if least else all_of(said)


def _together(field: str, text: str) -> list[TQuery]:
    phrases = [matching.as_phrase(pair) for pair in pairwise(analysis.tokens(text))]
    return [TQuery.boost_query(TQuery.phrase_query(shape(), field, list(phrase), NEAR), CLOSE_BONUS) for phrase in phrases]


def _worth_more(query: TQuery, bonuses: list[TQuery]) -> TQuery:
    """One inside the other, the engine looks at a bonus only for the objects found; side by side, for all that may have one."""
    for bonus in bonuses:
        query = TQuery.boolean_query([(Occur.Must, query), (Occur.Should, bonus)])
    return query
