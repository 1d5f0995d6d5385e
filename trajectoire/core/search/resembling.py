"""What the first objects found have in common: it orders the others, and when few were found, brings those that resemble them.

Known as pseudo-relevance feedback: people name a subject in one way, its documents in several (DALO, logement opposable).
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import tantivy

from . import analysis, matching, schema
from .backends import Occur, TQuery
from .reading import Reading
from .wording import best_field

LOOKED_AT = 6
TERMS, NEEDED = 8, 3
MOST_TIMES = 3
TEXT = 600  # of the abstract
BOOSTS = {"title": 2.0, "themes": 1.0, "summary": 1.0}
Hits = list[tuple[Any, Any]]  # (score, address of the document)
WEIGHT = 0.5  # of the best term, beside a word that was typed


@dataclass(frozen=True)
class Likeness:
    """`scores` are worth a little to an object that was found; `match` finds those that say several of the terms."""

    scores: list[TQuery]
    match: TQuery


def likeness(best: Hits, text: str, reading: Reading) -> Likeness | None:
    """From the best hits of a query; None when they share too little that the query does not say."""
    worth = _worth(best[:LOOKED_AT], reading)
    for token in analysis.tokens(text):
        worth.pop(token.stem, None)
    known, total = reading.frequencies("summary", worth), max(reading.searcher.num_docs, 1)
    worth = {stem: value * math.log(1 + total / (known[stem] + 0.5)) for stem, value in worth.items()}
    terms = sorted(worth, key=lambda stem: (-worth[stem], stem))[:TERMS]
    if len(terms) < NEEDED:
        return None
    scores = [TQuery.boost_query(_term(stem), WEIGHT * worth[stem] / worth[terms[0]]) for stem in terms]
    some = [(Occur.Should, matching.term("all", stem)) for stem in terms]
    enough = TQuery.boolean_query(some, minimum_number_should_match=NEEDED)
    return Likeness(scores, TQuery.const_score_query(enough, 0.0))


def _term(stem: str) -> TQuery:
    return best_field(lambda field: matching.term(field, stem), BOOSTS)


def _worth(best: Hits, reading: Reading) -> dict[str, float]:
    """The words that at least two of the hits say, by how often and how high."""
    worth: dict[str, float] = defaultdict(float)
    said_by: Counter[str] = Counter()
    for score, address in best:
        stems = _stems(reading.searcher.doc(address))
        for stem, times in Counter(stems).items():
            worth[stem] += score / (best[0][0] or 1) * min(times, MOST_TIMES) / math.sqrt(len(stems))
            said_by[stem] += 1
    return {stem: value for stem, value in worth.items() if said_by[stem] > 1 and not stem.isdigit()}


def _stems(document: tantivy.Document) -> list[str]:
    card = schema.unpacked(document)
    abstract = (document.get_first("summary") or "")[:TEXT]
    text = analysis.clean(" ".join((card["title"], card["title"], card["more"], abstract)))
    return analysis.analyser(analysis.STEMMED).analyze(text)
