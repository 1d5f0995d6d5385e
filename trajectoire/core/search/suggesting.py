"""Suggestions while typing: labels that begin with, or hold, what is being typed."""

from django.utils import timezone

from . import analysis, matching, schema, storage
from .backends import Occur, TQuery
from .declarations import Suggestion
from .engine import shape
from .reading import Reading, read

SHORTEST = 2
CANDIDATES = 60
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
    clauses = matching.gates((), access, timezone.now(), reading.hidden)
    clauses += [(Occur.Must, matching.term("jump", word)) for word in words[:-1]]
    last = TQuery.fuzzy_term_query(shape(), "jump", words[-1], 0, prefix=True)
    found = reading.searcher.search(TQuery.boolean_query([*clauses, (Occur.Must, last)]), limit=CANDIDATES, count=False)
    cards = [schema.unpacked(reading.searcher.doc(address)) for _, address in found.hits]
    chosen: dict[tuple[str, str], Suggestion] = {}
    for card in sorted(cards, key=lambda card: _rank(card, " ".join(words))):
        chosen.setdefault((card["title"], card["jump"]), Suggestion(card["title"], card["jump"], card["url"]))
    return list(chosen.values())[:size]


def _rank(card: dict, typed: str) -> tuple[bool, int, str]:
    """Labels that begin with what is typed, then the shortest."""
    folded = analysis.fold(card["title"])
    return not folded.startswith(typed), len(folded), folded
