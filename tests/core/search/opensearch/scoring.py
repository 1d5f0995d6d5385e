"""The part of OpenSearch's query language the site uses, over documents held in memory.

It refuses what OpenSearch refuses (unknown fields, sorting by an unmapped field, too many clauses) and shows nothing before
a refresh. Scores follow Lucene's BM25.
"""

import math
import re
from collections import Counter, defaultdict
from functools import cmp_to_key

from trajectoire.core.search.correcting import edits

K1, B = 1.2, 0.75
DYNAMIC = re.compile(r"(facets|vocabulary)\.\w+")
MOST_CLAUSES = 1_024


class Refused(Exception):
    def __init__(self, status: int, kind: str) -> None:
        self.status, self.kind = status, kind


class Index:
    """Documents and their words as of the last refresh; `waiting` holds what came since (None: deleted)."""

    def __init__(self, body: dict) -> None:
        self.fields = body["mappings"]["properties"]
        self.window = body["settings"]["index"]["max_result_window"]
        stops = body["settings"]["analysis"]["filter"]["holes"]["stopwords"]
        self.analyse = lambda text: [(place, word) for place, word in enumerate(text.split()) if word not in stops]
        self.documents: dict[str, dict] = {}
        self.waiting: dict[str, dict | None] = {}
        self.written = 0
        self.refresh()

    def kind(self, field: str) -> str | None:
        return "keyword" if DYNAMIC.fullmatch(field) else self.fields.get(field, {}).get("type")

    def write(self, name: str, source: dict | None) -> None:
        if source and (unknown := source.keys() - self.fields.keys()):
            raise Refused(400, f"strict_dynamic_mapping_exception: {sorted(unknown)}")
        self.written += 1
        self.waiting[name] = source and {**source, "_seq": self.written}

    def refresh(self) -> None:
        for name, source in self.waiting.items():
            self.documents.pop(name, None)
            if source is not None:
                self.documents[name] = source
        self.waiting = {}
        self.words: dict = defaultdict(lambda: defaultdict(dict))  # field → word → document → places
        self.lengths: dict = defaultdict(dict)
        for name, source in self.documents.items():
            for field, value in flat(source):
                kind = self.kind(field)
                found = self.analyse(value) if kind == "text" else [(0, one) for one in listed(value)]
                self.lengths[field][name] = len(found) if kind == "text" else 1
                for place, word in found if kind else ():
                    self.words[field][word].setdefault(name, []).append(place)

    def worth(self, field: str, words: list, name: str, times: float) -> float:
        """BM25 of these words, said `times` in a document."""
        lengths = self.lengths[field]
        mean = sum(lengths.values()) / len(lengths)
        rarity = 0.0
        for word in words:
            having = len(self.words[field][word])
            rarity += math.log(1 + (len(lengths) - having + 0.5) / (having + 0.5))
        return rarity * times / (times + K1 * (1 - B + B * lengths[name] / mean))

    def saying(self, field: str, words) -> dict[str, float]:
        """Documents having one of these words, all worth the same."""
        known = self.words.get(field, {})
        return dict.fromkeys((name for word in words if word in known for name in known[word]), 1.0)


def flat(source: dict):
    for field, value in source.items():
        if field in ("facets", "vocabulary"):
            yield from ((f"{field}.{name}", inside) for name, inside in value.items())
        elif field not in ("stored", "_seq"):
            yield field, value


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


class Scoring:
    """`of(query)`: document → score. One method a query, named after it."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def of(self, query: dict) -> dict[str, float]:
        [(name, inside)] = query.items()
        return getattr(self, name)(inside)

    def match_all(self, inside):
        return dict.fromkeys(self.index.documents, 1.0)

    def match_none(self, inside):
        return {}

    def term(self, inside):
        [(field, options)] = inside.items()
        known = self.index.words.get(field, {}).get(options["value"], {})
        return {name: self.index.worth(field, [options["value"]], name, len(places)) for name, places in known.items()}

    def terms(self, inside):
        [(field, words)] = inside.items()
        return self.index.saying(field, words)

    def _such(self, inside, wanted):
        [(field, options)] = inside.items()
        return self.index.saying(field, [word for word in list(self.index.words[field]) if wanted(word, options)])

    def regexp(self, inside):
        return self._such(inside, lambda word, options: re.fullmatch(options["value"], word))

    def prefix(self, inside):
        return self._such(inside, lambda word, options: word.startswith(options["value"]))

    def fuzzy(self, inside):
        return self._such(inside, lambda word, options: edits(word, options["value"]) <= options["fuzziness"])

    def range(self, inside):
        tests = {"gt": lambda a, b: a > b, "gte": lambda a, b: a >= b, "lte": lambda a, b: a <= b}
        return self._such(inside, lambda value, options: all(tests[name](value, bound) for name, bound in options.items()))

    def match_phrase(self, inside):
        [(field, options)] = inside.items()
        words = self.index.analyse(options["query"])
        known = [self.index.words[field][word] for _, word in words]
        found = {}
        for name in set.intersection(*map(set, known)):
            places = [[place - shift for place in have[name]] for (shift, _), have in zip(words, known, strict=True)]
            near = ([min(others, key=lambda one: abs(one - start)) for others in places] for start in places[0])
            spreads = [max(each) - min(each) for each in near]
            times = sum(1 / (1 + spread) for spread in spreads if spread <= options["slop"])
            if times:
                found[name] = self.index.worth(field, [word for _, word in words], name, times)
        return found

    def constant_score(self, inside):
        return dict.fromkeys(self.of(inside["filter"]), inside["boost"])

    def dis_max(self, inside):
        scores = defaultdict(list)
        for query in inside["queries"]:
            for name, score in self.of(query).items():
                scores[name].append(score)
        return {name: max(all_) + inside["tie_breaker"] * (sum(all_) - max(all_)) for name, all_ in scores.items()}

    def bool(self, inside):
        must, should = ([self.of(one) for one in inside.get(place, ())] for place in ("must", "should"))
        least = inside.get("minimum_should_match", 0 if must else 1)
        found = set.intersection(*map(set, must)) if must else set().union(*should)
        times = Counter(name for scores in should for name in scores)
        refused = {name for one in inside.get("must_not", ()) for name in self.of(one)}
        kept = (name for name in found if times[name] >= least and name not in refused)
        return {name: inside.get("boost", 1) * sum(one.get(name, 0.0) for one in (*must, *should)) for name in kept}


def clauses(body) -> int:
    """What Lucene counts: the leaves of the tree."""
    if isinstance(body, list):
        return sum(map(clauses, body))
    if not isinstance(body, dict):
        return 0
    leaf = body.keys() & {"term", "terms", "match_phrase", "prefix", "fuzzy", "range", "regexp"}
    return 1 if leaf else sum(map(clauses, body.values()))


def ranked(index: Index, scores: dict[str, float], sort: list[dict]) -> list[tuple[str, list]]:
    found = []
    for key, score in scores.items():
        values = []
        for [(field, options)] in map(dict.items, sort):
            if field != "_score" and index.kind(field) not in ("keyword", "long"):
                raise Refused(400, f"No mapping found for [{field}] in order to sort on")
            values.append(score if field == "_score" else index.documents[key].get(field, options.get("missing")))
        found.append((key, values))
    return sorted(found, key=cmp_to_key(compare(sort)))


def compare(sort: list[dict]):
    signs = [-1 if next(iter(one.values()))["order"] == "desc" else 1 for one in sort]

    def order(one, other) -> int:
        for sign, a, b in zip(signs, one[1], other[1], strict=True):
            if a != b:
                return (a is None) - (b is None) or sign * (1 if a > b else -1)
        return 0

    return order


def counted(index: Index, scores: dict, options: dict) -> dict:
    known = index.words.get(options["field"], {})
    counts = {word: len(scores.keys() & having.keys()) for word, having in known.items()}
    include = options.get("include", ".*")
    fits = include.__contains__ if isinstance(include, list) else lambda word: re.fullmatch(include, word)
    by_key = "_key" in options.get("order", {})
    kept = sorted(((word, n) for word, n in counts.items() if n and fits(word)), key=lambda p: p[0] if by_key else (-p[1], p[0]))
    buckets = [{"key": word, "doc_count": n} for word, n in kept[: options["size"]]]
    return {
        "doc_count_error_upper_bound": 0,
        "sum_other_doc_count": sum(n for _, n in kept[options["size"] :]),
        "buckets": buckets,
    }
