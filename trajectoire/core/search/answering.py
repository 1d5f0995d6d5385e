"""Answering a query: one page of hits, with the counts of the whole answer."""

from dataclasses import replace

from django.utils import timezone

from . import database, excerpts, schema, storage
from .counting import Tally, tally
from .declarations import Hit, Query, Results
from .parsing import Asked, parse
from .planning import ENOUGH, Plan, revised, strict_plan
from .ranking import Found, ranked
from .reading import Reading, read
from .remembering import once

MANY = 1_000  # objects: beyond, counting them costs more than showing a page


def query(asked: Query) -> Results:
    """One page of results, from the index or, without it, from the database. Never fails because of the index or the text."""
    try:
        with storage.guarded():
            return _answer(replace(asked, now=asked.now or timezone.now()))
    except storage.Unavailable:
        return database.answer(replace(asked, now=asked.now or timezone.now()))


def sure(asked: Query, whole: Results) -> int:
    """How many of the results have all the words, when others that only come near follow them; else 0."""
    if not whole.total or whole.loose or whole.degraded or not asked.text:
        return 0
    strict = query(replace(asked, strict=True, facets=(), size=1)).total
    return strict if strict < whole.total else 0


def _answer(asked: Query) -> Results:
    reading, parsed = read(), parse(asked.text)
    plan, counts = once(asked, reading, lambda: _settled(asked, parsed, reading), worth=lambda settled: settled[1].total > MANY)
    order = ranked(asked, plan, counts.total, reading)
    found = order.window(reading.searcher, asked.offset, asked.bounded_size)
    return Results(
        hits=_hits(parsed, plan, reading, found),
        total=counts.total,
        facets={group: list(values) for group, values in counts.facets.items()},
        corrected=plan.corrected,
        exact=asked.text if plan.corrected else None,
        loose=plan.loose and counts.total > 0,
        partial=bool(reading.hidden),
    )


def _settled(asked: Query, parsed: Asked, reading: Reading) -> tuple[Plan, Tally]:
    """How to run the query, and its counts. When enough objects have all the words, one pass says everything."""
    plan = strict_plan(asked, parsed, reading)
    counts = tally(asked, plan, reading)
    if counts.total >= ENOUGH:
        return plan, counts
    other = revised(plan, asked, parsed, reading)
    return (plan, counts) if other is plan else (other, tally(asked, other, reading))


def _hits(parsed: Asked, plan: Plan, reading: Reading, found: Found) -> list[Hit]:
    documents = [reading.searcher.doc(address) for _, address in found]
    passages = excerpts.best(documents, excerpts.looked_for(plan.text, parsed, reading), reading)
    hits = []
    for (score, _), document, passage in zip(found, documents, passages, strict=True):
        card = schema.unpacked(document)
        worth = score if isinstance(score, float) else 0.0  # ordered by a field, it is that field's value
        hits.append(Hit(card["kind"], card["pk"], card["title"], card["url"], worth, jump=card["jump"], **passage))
    return hits
