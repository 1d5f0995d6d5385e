"""Suggestions while typing: labels that begin with, or hold, what is being typed."""

from collections import Counter
from operator import itemgetter

from django.utils import timezone

from . import analysis, matching, schema, storage
from .backends import Occur, TQuery
from .declarations import Suggestion, sources
from .engine import shape
from .reading import Reading, read

SHORTEST = 2
CANDIDATES = 40  # of each kind
OF_EACH_KIND = 3
MOST_WORDS = 6


def suggest(text: str, access: frozenset[str], size: int = 8) -> list[Suggestion]:
    """At most `size` labels this reader may open; nothing without an index (the form still works)."""
    words = analysis.plain_words(text[:100])[:MOST_WORDS]
    if not words or len("".join(words)) < SHORTEST:
        return []
    try:
        with storage.guarded():
            return _suggest(words, access, size, read())
    except storage.Unavailable:
        return []


def _suggest(words: list[str], access: frozenset[str], size: int, reading: Reading) -> list[Suggestion]:
    """The best of each kind, so that a thousand documents never hide the one place; then what else answers."""
    found = {source: _cards(source.kind, words, access, reading) for source in sources()}
    ranked = [
        (_rank(card, " ".join(words), source.order), source.kind, card) for source, cards in found.items() for card in cards
    ]
    ranked.sort(key=itemgetter(0))
    distinct = {(card["title"], card["jump"]): (rank, kind, card) for rank, kind, card in reversed(ranked)}
    first: list[tuple] = []
    rest: list[tuple] = []
    seen = Counter[str]()
    for row in sorted(distinct.values(), key=itemgetter(0)):
        (first if seen[row[1]] < OF_EACH_KIND else rest).append(row)
        seen[row[1]] += 1
    chosen = sorted([*first, *rest][:size], key=itemgetter(0))
    return [Suggestion(card["title"], card["jump"], card["url"]) for _, _, card in chosen]


def _cards(kind: str, words: list[str], access: frozenset[str], reading: Reading) -> list[dict]:
    clauses = matching.gates((kind,), access, timezone.now(), reading.hidden)
    clauses += [(Occur.Must, matching.term("jump", word)) for word in words[:-1]]
    last = TQuery.fuzzy_term_query(shape(), "jump", words[-1], 0, prefix=True)
    found = reading.searcher.search(TQuery.boolean_query([*clauses, (Occur.Must, last)]), limit=CANDIDATES, count=False)
    return [schema.unpacked(reading.searcher.doc(address)) for _, address in found.hits]


def _rank(card: dict, typed: str, order: int) -> tuple[bool, int, int, str, str]:
    """Labels that begin with what is typed, in the order of their kinds, then the shortest; the address settles ties."""
    folded = analysis.fold(card["title"])
    return not folded.startswith(typed), order, len(folded), folded, card["url"]
