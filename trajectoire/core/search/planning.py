"""How strict to be with a query: all its words, a typing error corrected, or some of the words."""

from dataclasses import dataclass, replace

from . import correcting, matching, wording
from .backends import Occur, TQuery
from .declarations import Query
from .matching import Clause
from .parsing import Asked
from .reading import Reading
from .wording import Words

ENOUGH = 10  # with fewer objects having all the words, those having some of them follow
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
    """All the words first; when few objects have them, some of the words, fewer and fewer until there is enough."""
    count = len(plan.words.singles) if plan.words else 0
    if count < 2 or strict >= ENOUGH:
        return plan
    least = max(1, round(count * SHARE))
    while least > 1 and reading.count(replace(plan, least=least).matching([])) < ENOUGH:
        least -= 1
    return replace(plan, least=least, loose=strict == 0)
