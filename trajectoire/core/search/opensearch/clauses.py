"""The constructors of tantivy's queries, making what OpenSearch understands: the same arguments, the same meaning."""

from collections.abc import Iterable, Sequence
from typing import Any

from tantivy import Occur

from .mapping import HOLE

Body = dict[str, Any]
NOTHING: Body = {"match_none": {}}
_PLACES = {Occur.Must: "must", Occur.Should: "should", Occur.MustNot: "must_not"}


class Query:
    """`body` is what goes under "query" in a request. The schema given to constructors is not needed here."""

    def __init__(self, body: Body) -> None:
        self.body = body

    @staticmethod
    def empty_query() -> "Query":
        return Query(NOTHING)

    @staticmethod
    def term_query(schema: Any, field: str, word: str) -> "Query":
        return Query({"term": {field: {"value": word}}})

    @staticmethod
    def term_set_query(schema: Any, field: str, words: Iterable[str]) -> "Query":
        return Query({"terms": {field: list(words)}})

    @staticmethod
    def regex_query(schema: Any, field: str, pattern: str) -> "Query":
        return Query({"regexp": {field: {"value": pattern}}})

    @staticmethod
    def range_query(
        schema: Any, field: str, kind: Any, lower: int | None = None, upper: int | None = None, **include: bool
    ) -> "Query":
        bounds = {"gte" if include.get("include_lower", True) else "gt": lower, "lte": upper}
        return Query({"range": {field: {name: value for name, value in bounds.items() if value is not None}}})

    @staticmethod
    def fuzzy_term_query(schema: Any, field: str, word: str, distance: int = 1, prefix: bool = False) -> "Query":
        """A prefix as it is typed, or a word with a few errors: tantivy does both at once, which nobody asks."""
        if prefix:
            return Query({"prefix": {field: {"value": word}}})
        options = {"fuzziness": distance, "max_expansions": 200, "transpositions": True, "rewrite": "constant_score"}
        return Query({"fuzzy": {field: {"value": word, **options}}})

    @staticmethod
    def phrase_query(schema: Any, field: str, words: Sequence[tuple[int, str]], slop: int = 0) -> "Query":
        places = [HOLE] * (words[-1][0] + 1)
        for place, word in words:
            places[place] = word
        return Query({"match_phrase": {field: {"query": " ".join(places), "slop": slop}}})

    @staticmethod
    def boolean_query(clauses: Sequence[tuple[Occur, "Query"]], minimum_number_should_match: int | None = None) -> "Query":
        """Without anything compulsory nor possible, tantivy finds nothing; OpenSearch would find everything."""
        body: Body = {}
        for occur, query in clauses:
            body.setdefault(next(name for known, name in _PLACES.items() if known == occur), []).append(query.body)
        if not body.keys() & {"must", "should"}:
            return Query(NOTHING)
        if minimum_number_should_match:
            body["minimum_should_match"] = minimum_number_should_match
        return Query({"bool": body})

    @staticmethod
    def const_score_query(query: "Query", score: float) -> "Query":
        return Query({"constant_score": {"filter": plain(query.body), "boost": score}})

    @staticmethod
    def boost_query(query: "Query", boost: float) -> "Query":
        return Query({"bool": {"must": [query.body], "boost": boost}})

    @staticmethod
    def disjunction_max_query(queries: Sequence["Query"], tie_breaker: float = 0.0) -> "Query":
        return Query({"dis_max": {"queries": [query.body for query in queries], "tie_breaker": tie_breaker}})


def plain(body: Body) -> Body:
    """The same objects, more cheaply where nothing is scored: the forms of a word become one clause."""
    [(name, inside)] = body.items()
    if name != "bool":
        return body
    simpler = {place: [plain(one) for one in inside[place]] for place in ("must", "should", "must_not") if place in inside}
    fields = {next(iter(one["term"])) if "term" in one else "" for one in simpler.get("should", ())}
    if len(fields) == 1 and "" not in fields and set(inside) == {"should"}:
        [field] = fields
        return {"terms": {field: [one["term"][field]["value"] for one in simpler["should"]]}}
    return {"bool": {**inside, **simpler}}


def leaves(body: Body) -> int:
    """How many clauses the server will count."""
    if not body.keys() & {"bool", "dis_max", "constant_score"}:
        return 1
    [inside] = body.values()
    below = [one for place in ("must", "should", "must_not", "queries") for one in inside.get(place, ())]
    return sum(map(leaves, [*below, inside["filter"]] if "filter" in inside else below))
