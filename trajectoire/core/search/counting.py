"""How many objects an answer has, and how many for each value of each facet: exact, in as few passes as can be."""

from dataclasses import dataclass

from . import matching
from .declarations import Query
from .planning import Plan
from .reading import Reading

FACET_SIZE = 5_000
KIND = "kind"  # every object has one and only one: together, their counts are the total


@dataclass(frozen=True)
class Tally:
    total: int
    facets: dict[str, list[tuple[str, int]]]


def tally(asked: Query, plan: Plan, reading: Reading) -> Tally:
    """Counts under the filters of the other groups: groups without a chosen value share one pass, each other has its own."""
    chosen = [group for group in asked.facets if asked.filters.get(group)]
    counts = _pass(asked, plan, reading, "", [KIND, *(group for group in asked.facets if group not in chosen)])
    total = sum(count for _, count in counts[KIND])
    for group in chosen:
        counts |= _pass(asked, plan, reading, group, [group])
    return Tally(total, {group: counts.get(group, []) for group in asked.facets})


def _pass(asked: Query, plan: Plan, reading: Reading, without: str, groups: list[str]) -> dict[str, list[tuple[str, int]]]:
    wanted = {group: {"terms": {"field": f"facets.{group}", "size": FACET_SIZE}} for group in groups if group.isidentifier()}
    found = reading.aggregate(plan.matching(matching.filters(asked, without)), wanted) if wanted else {}
    return {group: _counts(found[group]) for group in wanted}


def _counts(found: dict) -> list[tuple[str, int]]:
    pairs = [(bucket["key"], bucket["doc_count"]) for bucket in found["buckets"]]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
