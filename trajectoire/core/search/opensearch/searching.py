"""Asking one generation of the index: the part of tantivy's Searcher that the door uses."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tantivy

from .. import declarations
from . import mapping
from .clauses import Body, Query, leaves
from .connection import call

MOST_CLAUSES = 1_000  # a server refuses more than 1 024
MARKS = 20


@dataclass(frozen=True)
class Found:
    """A document of the answer, as the server keeps it; `recent` is its column of that name."""

    stored: dict[str, str]
    recent: int


@dataclass(frozen=True)
class Result:
    hits: list[tuple[float, Found]]
    count: int


class Searcher:
    """One generation at one state of the change table: what is remembered of it is true as long as it is used."""

    def __init__(self, index: str) -> None:
        self.index = index
        self._frequencies: dict[tuple[str, str], int] = {}
        self._vocabulary: dict[str, dict[str, list[tuple[str, int]]]] = {}
        self._marks: dict[tuple[str, int], list] = {}

    def search(self, query: Query, limit: int = 10, count: bool = True, offset: int = 0, **ordered: Any) -> Result:
        """`order_by_field` and `order` as in tantivy: without a field, the best first."""
        order_by_field, order = ordered.get("order_by_field"), ordered.get("order", tantivy.Order.Desc)
        direction = "desc" if order == tantivy.Order.Desc else "asc"
        first = [{order_by_field or "_score": {"order": direction}}]
        ties = [{"recent": {"order": "desc", "missing": 0}}, {"key": {"order": "asc"}}]
        asked = {
            "query": lighter(query.body),
            "sort": first + (ties[1:] if order_by_field == "recent" else ties),
            "track_total_hits": count,
            # Hundreds of documents at once are asked for their keys, not for their texts.
            "_source": ["stored"] if limit <= declarations.SIZE_LIMIT else ["stored.card"],
        }
        answer = self._page(asked, limit, offset)
        place = 0 if order_by_field == "recent" else 1
        hits = [(one["_score"] or 0.0, Found(one["_source"]["stored"], one["sort"][place])) for one in answer["hits"]]
        return Result(hits, answer["total"]["value"] if count else 0)

    def _page(self, asked: Body, limit: int, offset: int) -> Body:
        """One page of hits; past what a server lets skip, the one that follows the page before it, found again if need be."""
        name = json.dumps([asked["query"], asked["sort"]])
        where: Body = {"from": offset}
        if mark := self._marks.get((name, offset)):
            where = {"search_after": mark}
        elif offset + limit > mapping.WINDOW:
            where = {"search_after": self._before(asked, offset)}
        answer = self._ask({**asked, **where, "size": limit})["hits"]
        if answer["hits"] and limit > declarations.SIZE_LIMIT:
            while len(self._marks) >= MARKS:
                self._marks.pop(next(iter(self._marks)), None)
            self._marks[name, offset + len(answer["hits"])] = answer["hits"][-1]["sort"]
        return answer

    def _before(self, asked: Body, offset: int) -> list:
        """The place of the hit just before this offset."""
        mark: list = []
        while offset:
            step = min(offset, mapping.WINDOW // 2)
            follows = {"search_after": mark} if mark else {}
            hits = self._ask({**asked, **follows, "_source": False, "track_total_hits": False, "size": step})["hits"]["hits"]
            if not hits:
                break
            mark, offset = hits[-1]["sort"], offset - len(hits)
        return mark

    def _ask(self, body: Body) -> Body:
        return call(lambda client: client.search(index=self.index, body=body))

    def total(self, query: Query) -> int:
        return call(lambda client: client.count(index=self.index, body={"query": query.body}))["count"]

    def doc(self, found: Found) -> tantivy.Document:
        return mapping.document(found.stored)

    def fast_field_values(self, field: str, found: Sequence[Found]) -> list[int]:
        return [getattr(one, field) for one in found]

    def aggregate(self, query: Query, wanted: Body) -> Body:
        return self._ask({"size": 0, "track_total_hits": False, "query": query.body, "aggs": wanted})["aggregations"]

    @cached_property
    def num_docs(self) -> int:
        return self.total(Query({"match_all": {}}))

    def doc_freq(self, field: str, word: str) -> int:
        if (field, word) not in self._frequencies:
            self._frequencies[field, word] = self.total(Query.term_query(None, field, word))
        return self._frequencies[field, word]

    def frequencies(self, field: str, words: Iterable[str]) -> dict[str, int]:
        """All at once; `field` is one of mapping.VOCABULARY."""
        words = list(words)
        if not words:
            return {}
        column = f"vocabulary.{field}"
        terms = {"terms": {"field": column, "include": words, "size": len(words)}}
        found = self.aggregate(Query.term_set_query(None, column, words), {"words": terms})["words"]["buckets"]
        return dict.fromkeys(words, 0) | {one["key"]: one["doc_count"] for one in found}

    def terms_with_prefix(self, field: str, prefix: str, limit: int = 200) -> list[tuple[str, int]]:
        """Stems of a field of mapping.VOCABULARY and how many documents have each; all those fields are asked at once."""
        if prefix not in self._vocabulary:
            columns = {name: f"vocabulary.{name}" for name in mapping.VOCABULARY}
            having = [{"prefix": {column: {"value": prefix}}} for column in columns.values()]
            options = {"include": f"{prefix}.*", "size": limit, "order": {"_key": "asc"}}
            wanted = {name: {"terms": {"field": column, **options}} for name, column in columns.items()}
            found = self.aggregate(Query({"bool": {"should": having}}), wanted)
            self._vocabulary[prefix] = {
                name: [(one["key"], one["doc_count"]) for one in found[name]["buckets"]] for name in columns
            }
        return self._vocabulary[prefix][field]


def lighter(body: Body) -> Body:
    """A query of very many words without the last of what only orders its answer: a server refuses too many clauses."""
    inside = body.get("bool", {})
    kept = list(inside.get("should", []))
    size = leaves(body)
    while size > MOST_CLAUSES and kept and "must" in inside:
        size -= leaves(kept.pop())
    return {"bool": {**inside, "should": kept}} if len(kept) < len(inside.get("should", [])) else body
