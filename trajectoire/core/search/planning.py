"""How strict to be with a query: all its words, a typing error corrected, or some of the words."""

from bisect import bisect_left
from dataclasses import dataclass, replace

from . import correcting, matching, resembling, wording
from .backends import Occur, TQuery
from .declarations import Query
from .matching import Clause
from .parsing import Asked
from .reading import Reading
from .resembling import Likeness
from .wording import Words

ENOUGH = 20  # a page: with fewer objects having all the words, those having some of them follow
SHARE = 0.5  # of the words, at first; then fewer, until there is enough


@dataclass(frozen=True)
class Plan:
    """How a query is run: compulsory clauses, scored words with how many are needed, and what was changed on the way."""

    base: list[Clause]
    words: Words | None
    text: str = ""
    least: int = 0
    loose: bool = False
    corrected: str | None = None
    likeness: Likeness | None = None  # when few objects are found, those that resemble them belong to the answer too

    def matching(self, chosen: list[Clause]) -> TQuery:
        """The objects of the answer, without order: enough to count."""
        clauses = [*self.base, *chosen]
        if self.words:
            said = self.words.matching(self.least)
            clauses.append((Occur.Must, wording.any_of([said, self.likeness.match]) if self.likeness else said))
        return TQuery.boolean_query(clauses)

    def scoring(self, chosen: list[Clause]) -> TQuery:
        """The same objects, best first."""
        scores = self.words.scoring(self.least) if self.words else []
        return TQuery.boolean_query([(Occur.Must, self.matching(chosen)), *((Occur.Should, score) for score in scores)])


def plan_of(asked: Query, parsed: Asked, reading: Reading) -> Plan:
    """Decided without the chosen facets, so that ticking one gives what its count announced."""
    return revised(strict_plan(asked, parsed, reading), asked, parsed, reading)


def strict_plan(asked: Query, parsed: Asked, reading: Reading) -> Plan:
    """The objects that have all the words."""
    gates = matching.gates(asked.kinds, asked.access, asked.now, reading.hidden)
    plan = Plan([*gates, *matching.restrictions(parsed)], wording.words(parsed.words, reading), parsed.words)
    if plan.words is None and asked.text.strip() and not parsed.restricted:  # « ??? »: nothing is meant, nothing is found
        plan.base.append((Occur.Must, TQuery.empty_query()))
    return plan


def revised(plan: Plan, asked: Query, parsed: Asked, reading: Reading) -> Plan:
    """The same plan when it finds enough objects; else with its words corrected, or with fewer of them needed."""
    if plan.words is None:
        return plan
    strict = reading.count(plan.matching([]))
    gates = matching.gates(asked.kinds, asked.access, asked.now, reading.hidden)
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
    """All the words first; when few objects have them, some of the words, fewer and fewer until there is enough.

    When even one of the words is not enough, what resembles the objects found.
    """
    count = len(wording.meant(plan.words.singles)) if plan.words else 0
    if strict >= ENOUGH:
        return plan
    least = max(1, round(count * SHARE)) if count > 1 else 0
    plan = replace(plan, least=least, loose=strict == 0 and count > 1)
    if _enough(plan, least, reading):
        return plan
    fewer = bisect_left(range(1, least), True, key=lambda some: not _enough(plan, some, reading))  # the most that is enough
    plan = replace(plan, least=max(fewer, min(least, 1)))
    if fewer:
        return plan
    best = reading.searcher.search(plan.scoring([]), resembling.LOOKED_AT)
    return replace(plan, likeness=resembling.likeness(best.hits, plan.text, reading))


def _enough(plan: Plan, least: int, reading: Reading) -> bool:
    return reading.count(replace(plan, least=least).matching([])) >= ENOUGH
