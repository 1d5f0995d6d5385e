"""Answering a query: how strict to be, correction, order, counts, one page of hits."""

from dataclasses import dataclass, replace
from typing import Any

import tantivy
from django.utils import timezone

from . import correcting, database, engine, excerpts, matching, schema, storage, wording
from .backends import Occur, TQuery
from .declarations import Hit, Query, Results
from .matching import Clause
from .parsing import Asked, parse
from .reading import Reading, read
from .wording import Words

ENOUGH = 10  # with fewer objects having all the words, those having some of them follow
SHARE = 0.5  # of the words, at first; then fewer, until there is enough
FACET_SIZE = 5_000
ORDERS = {
    "date": ("recent", tantivy.Order.Desc),
    "titre": ("sort_title", tantivy.Order.Asc),
    "ajout": ("visible", tantivy.Order.Desc),
}


@dataclass(frozen=True)
class Plan:
    """How a query is run: compulsory clauses, scored words with how many are needed, and what was changed on the way."""

    base: list[Clause]
    words: Words | None
    text: str = ""
    least: int = 0
    loose: bool = False
    corrected: str | None = None

    def matching(self, chosen: list[Clause]) -> TQuery:
        """The objects of the answer, without order: enough to count."""
        clauses = [*self.base, *chosen]
        if self.words:
            clauses.append((Occur.Must, self.words.matching(self.least)))
        return TQuery.boolean_query(clauses)

    def scoring(self, chosen: list[Clause]) -> TQuery:
        """The same objects, best first."""
        scores = self.words.scoring(self.least) if self.words else []
        return TQuery.boolean_query([(Occur.Must, self.matching(chosen)), *((Occur.Should, score) for score in scores)])


def query(asked: Query) -> Results:
    """One page of results, from the index or, without it, from the database. Never fails because of the index or the text."""
    try:
        with storage.guarded():
            return _answer(replace(asked, now=asked.now or timezone.now()))
    except storage.Unavailable:
        return database.answer(replace(asked, now=asked.now or timezone.now()))


def _answer(asked: Query) -> Results:
    reading = read()
    parsed = parse(asked.text)
    plan = plan_of(asked, parsed, reading)
    found = _search(asked, plan, reading)
    return Results(
        hits=_hits(asked, parsed, plan, reading, found),
        total=engine.count(found),
        facets=_facets(asked, plan, reading),
        corrected=plan.corrected,
        exact=asked.text if plan.corrected else None,
        loose=plan.loose and engine.count(found) > 0,
        partial=bool(reading.hidden),
    )


def plan_of(asked: Query, parsed: Asked, reading: Reading) -> Plan:
    """Decided without the chosen facets, so that ticking one gives what its count announced."""
    gates = matching.gates(asked.kinds, asked.access, asked.now, reading.hidden)
    plan = Plan([*gates, *matching.restrictions(parsed)], wording.words(parsed.words, reading), parsed.words)
    if plan.words is None:
        if asked.text.strip() and not parsed.restricted:  # « ??? »: nothing is meant, nothing is found
            plan.base.append((Occur.Must, TQuery.empty_query()))
        return plan
    strict = reading.count(plan.matching([]))
    better = None if strict or asked.exact else correcting.corrected(parsed.words, reading, gates)
    if better:
        plan = replace(
            plan, words=wording.words(better, reading), text=better, corrected=_retyped(asked.text, parsed.words, better)
        )
        strict = reading.count(plan.matching([]))
    return plan if asked.strict else _strictness(plan, strict, reading)


def _retyped(whole: str, typed: str, better: str) -> str:
    """The corrected words in the place of those typed, operators kept."""
    return whole.replace(typed.strip(), better.strip()) if typed.strip() in whole else better.strip()


def _strictness(plan: Plan, strict: int, reading: Reading) -> Plan:
    """All the words first; when few objects have them, some of the words, fewer and fewer until there is enough."""
    count = len(plan.words.singles) if plan.words else 0
    if count < 2 or strict >= ENOUGH:
        return plan
    least = max(1, round(count * SHARE))
    while least > 1 and reading.count(replace(plan, least=least).matching([])) < ENOUGH:
        least -= 1
    return replace(plan, least=least, loose=strict == 0)


def ordered(asked: Query, plan: Plan) -> tuple[TQuery, dict[str, Any]]:
    """What to search for, and in which order (the arguments of the searcher)."""
    order = asked.sort if asked.sort in ORDERS else "pertinence"
    if order == "pertinence" and plan.words is None:
        order = "date"
    chosen = matching.filters(asked)
    wanted = plan.matching(chosen) if order in ORDERS else plan.scoring(chosen)
    field, direction = ORDERS.get(order, (None, tantivy.Order.Desc))
    return wanted, {"order_by_field": field, "order": direction}


def _search(asked: Query, plan: Plan, reading: Reading) -> tantivy.SearchResult:
    wanted, order = ordered(asked, plan)
    return reading.searcher.search(wanted, asked.bounded_size, offset=asked.offset, **order)


def _hits(asked: Query, parsed: Asked, plan: Plan, reading: Reading, found: tantivy.SearchResult) -> list[Hit]:
    documents = [reading.searcher.doc(address) for _, address in found.hits]
    passages = excerpts.best(documents, excerpts.looked_for(plan.text, parsed, reading), reading)
    hits = []
    for (score, _), document, passage in zip(found.hits, documents, passages, strict=True):
        card = schema.unpacked(document)
        worth = score if isinstance(score, float) else 0.0  # ordered by a field, it is that field's value
        hits.append(Hit(card["kind"], card["pk"], card["title"], card["url"], worth, jump=card["jump"], **passage))
    return hits


def _facets(asked: Query, plan: Plan, reading: Reading) -> dict[str, list[tuple[str, int]]]:
    """Counts of each group: those without a chosen value share one pass, each other has its own."""
    chosen = [group for group in asked.facets if asked.filters.get(group)]
    passes = [("", [group for group in asked.facets if group not in chosen]), *((group, [group]) for group in chosen)]
    counts: dict[str, list[tuple[str, int]]] = {}
    for without, groups in passes:
        wanted = {group: {"terms": {"field": f"facets.{group}", "size": FACET_SIZE}} for group in groups if group.isidentifier()}
        if wanted:
            found = reading.aggregate(plan.matching(matching.filters(asked, without)), wanted)
            counts |= {group: _counts(found[group]) for group in wanted}
    return {group: counts.get(group, []) for group in asked.facets}


def _counts(found: dict) -> list[tuple[str, int]]:
    pairs = [(bucket["key"], bucket["doc_count"]) for bucket in found["buckets"]]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
