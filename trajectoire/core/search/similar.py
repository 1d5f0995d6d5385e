"""« À lire aussi »: near by themes, territories and words, with the reason."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import accumulate

import tantivy
from django.utils import timezone

from . import analysis, excerpts, matching, schema, storage, wording
from .backends import Occur, TQuery
from .declarations import Hit
from .reading import Reading, read

SHARED = {"theme": (3.0, "même thème"), "territory": (2.0, "même territoire"), "collection": (1.0, "même collection")}
SUBJECT = "sujet proche"
WORDS, FIRST, OCCURRENCES = 20, 5, 50_000
COMMON = 0.5  # a value that half the index has says nothing


def similar(kind: str, pk: int, access: frozenset[str], size: int = 4) -> list[Hit]:
    """At most `size` objects of the same kind that this reader may open; `shared` tells the values in common."""
    try:
        with storage.guarded():
            return _similar(kind, pk, access, size, read())
    except storage.Unavailable:
        return []


def _similar(kind: str, pk: int, access: frozenset[str], size: int, reading: Reading) -> list[Hit]:
    gates = matching.gates((kind,), access, timezone.now(), reading.hidden)
    own = matching.one_of("key", [schema.key(kind, pk)])
    found = reading.searcher.search(TQuery.boolean_query([gates[0], (Occur.Must, own)]), limit=1).hits
    if not found:
        return []
    document = reading.searcher.doc(found[0][1])
    card = schema.unpacked(document)
    near = [(Occur.Should, query) for query in (*_values(card, reading), *_words(card, document, reading))]
    if not near:
        return []
    wanted = TQuery.boolean_query([*gates, (Occur.MustNot, own), (Occur.Must, TQuery.boolean_query(near))])
    hits = reading.searcher.search(wanted, limit=size, count=False).hits
    return [_hit(score, reading.searcher.doc(address), card, reading) for score, address in hits]


def _rarity(group: str, value: str, reading: Reading) -> float:
    """0 for a value everything has, growing with its rareness."""
    total = max(reading.searcher.num_docs, 1)
    share = reading.frequency(f"facets.{group}", value) / total
    return 0.0 if share > COMMON else math.log(1 / max(share, 1 / total) + 1)


def _values(card: dict, reading: Reading) -> list[TQuery]:
    queries = []
    for group, (weight, _) in SHARED.items():
        for value in card["facets"].get(group, ()):
            worth = weight * _rarity(group, value, reading)
            if worth:
                queries.append(TQuery.const_score_query(matching.term(f"facets.{group}", value), worth))
    return queries


def _words(card: dict, document: tantivy.Document, reading: Reading) -> list[TQuery]:
    """The most telling words of the title and the abstract."""
    title = [token.stem for token in analysis.tokens(analysis.clean(card["title"]))]
    text = [token.stem for token in analysis.tokens(document.get_first("summary") or "")]
    times: Counter[str] = Counter(title * 2 + text)
    total = max(reading.searcher.num_docs, 1)
    known = reading.frequencies("summary", times)
    worth = {stem: count * math.log(1 + total / (1 + known[stem])) for stem, count in times.items()}
    chosen: Sequence[str] = _affordable(sorted(worth, key=lambda stem: -worth[stem])[:WORDS], known)
    return [wording.best_field(partial(_said, stem), {"title": 1.0, "summary": 0.6}) for stem in chosen]


def _affordable(stems: Sequence[str], known: Mapping[str, int]) -> list[str]:
    """The first of them, and the others as long as few objects say them: each object that says one is scored."""
    spent = accumulate(known[stem] for stem in stems)
    return [stem for number, (stem, total) in enumerate(zip(stems, spent, strict=True)) if number < FIRST or total < OCCURRENCES]


def _said(stem: str, field: str) -> TQuery:
    return matching.term(field, stem)


def _hit(score: float, document: tantivy.Document, like: dict, reading: Reading) -> Hit:
    card = schema.unpacked(document)
    shared = {}
    for group in SHARED:
        common = [value for value in card["facets"].get(group, ()) if value in like["facets"].get(group, ())]
        shared[group] = [value for value in common if _rarity(group, value, reading)]
    shared = {group: values for group, values in shared.items() if values}
    reason = ", ".join(SHARED[group][1] for group in shared) or SUBJECT
    excerpt = excerpts.opening(document)
    return Hit(card["kind"], card["pk"], card["title"], card["url"], score, excerpt, reason=reason, shared=shared)
