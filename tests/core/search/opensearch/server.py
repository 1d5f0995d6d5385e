"""A small server that speaks, over real HTTP, the part of OpenSearch's API the site uses, and holds its documents in memory.

It refuses what OpenSearch refuses (unknown fields, sorting by an unmapped field, too deep a page, too many clauses, a wrong
password) and shows nothing before a refresh. Scores follow Lucene's BM25. `requests` keeps what was asked.
"""

import base64
import gzip
import json
import math
import re
import threading
from collections import Counter, defaultdict
from fnmatch import fnmatch
from functools import cmp_to_key
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from trajectoire.core.search.correcting import edits

K1, B = 1.2, 0.75
DYNAMIC = re.compile(r"(facets|vocabulary)\.\w+")
SHARDS = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}


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


class Server(ThreadingHTTPServer):
    """`with Server() as server:` listens on a free port of this machine."""

    daemon_threads = True

    def __init__(self, password: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.indices: dict[str, Index] = {}
        self.aliases: dict[str, str] = {}
        self.requests: list[dict] = []
        self.password = password
        self.busy = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def __exit__(self, *exc) -> None:
        self.shutdown()
        super().__exit__(*exc)

    def answer(self, method: str, path: str, params: dict, body) -> dict:
        first, *rest = path.strip("/").split("/")
        action = rest[0] if rest else first if first.startswith("_") else "index"
        return getattr(self, f"{method.lower()}_{action}")(first, rest, params, body)

    def found(self, name: str) -> Index:
        concrete = self.aliases.get(name, name)
        if concrete not in self.indices:
            raise Refused(404, "index_not_found_exception")
        return self.indices[concrete]

    def put_index(self, name, rest, params, body):
        self.indices[name] = Index(body)
        return {"acknowledged": True, "shards_acknowledged": True, "index": name}

    def delete_index(self, name, rest, params, body):
        self.indices.pop(name, None)
        return {"acknowledged": True}

    def post__refresh(self, name, rest, params, body):
        self.found(name).refresh()
        return {"_shards": SHARDS}

    def get__alias(self, name, rest, params, body):
        kept = [one for one in self.indices if fnmatch(one, name)]
        return {one: {"aliases": {alias: {} for alias, index in self.aliases.items() if index == one}} for one in kept}

    def post__aliases(self, first, rest, params, body):
        for action in body["actions"]:
            [(verb, what)] = action.items()
            if verb == "add":
                self.aliases[what["alias"]] = what["index"]
            elif self.aliases[what["alias"]] == what["index"]:
                del self.aliases[what["alias"]]
        return {"acknowledged": True}

    def get__doc(self, name, rest, params, body):
        index, key = self.found(name), unquote(rest[1])
        source = index.waiting.get(key, index.documents.get(key))
        head = {"_index": self.aliases.get(name, name), "_id": key}
        if source is None:
            raise Refused(404, "not found")
        kept = {"_source": {"stored": source["stored"]}}
        return {**head, "_version": 1, "_seq_no": source["_seq"], "_primary_term": 1, "found": True, **kept}

    def put__doc(self, name, rest, params, body):
        self.found(name).write(unquote(rest[1]), body)
        head = {"_index": name, "_id": rest[1], "_version": 1, "result": "created"}
        return {**head, "_shards": SHARDS, "_seq_no": self.found(name).written, "_primary_term": 1}

    def post__bulk(self, name, rest, params, lines):
        items = []
        for action, source in zip(lines[::2], lines[1::2], strict=True):
            item = {"_index": name, "_id": action["index"]["_id"], "status": 201}
            try:
                self.found(name).write(item["_id"], source)
            except Refused as refused:
                item |= {"status": 400, "error": {"type": "mapper", "reason": refused.kind}}
            items.append({"index": item})
        return {"took": 1, "errors": any("error" in item["index"] for item in items), "items": items}

    def post__delete_by_query(self, name, rest, params, body):
        index = self.found(name)
        keys = list(Scoring(index).of(body["query"]))
        for key in keys:
            index.write(key, None)
        return {"took": 1, "timed_out": False, "total": len(keys), "deleted": len(keys), "version_conflicts": 0, "failures": []}

    def post__count(self, name, rest, params, body):
        return {"count": len(self.matching(name, body)), "_shards": SHARDS}

    def matching(self, name, body) -> dict[str, float]:
        if clauses(body["query"]) > 1_024:
            raise Refused(400, "too_many_nested_clauses")
        return Scoring(self.found(name)).of(body["query"])

    def post__search(self, name, rest, params, body):
        index, scores = self.found(name), self.matching(name, body)
        head = {"took": 1, "timed_out": False, "_shards": SHARDS}
        if aggs := {name: counted(index, scores, agg["terms"]) for name, agg in body.get("aggs", {}).items()}:
            head["aggregations"] = aggs
        start, size = body.get("from", 0), body["size"]
        if start + size > index.window:
            raise Refused(400, "Result window is too large")
        hits = ranked(index, scores, body.get("sort", []))
        if mark := body.get("search_after"):
            hits = [one for one in hits if compare(body["sort"])((None, one[1]), (None, mark)) > 0]
        total = {"total": {"value": len(scores), "relation": "eq"}} if body.get("track_total_hits", True) else {}
        shown = []
        for key, sort in hits[start : start + size] if body["size"] else ():
            hit = {"_index": name, "_id": key, "_score": scores[key] if any("_score" in one for one in body["sort"]) else None}
            if body["_source"]:
                stored = index.documents[key]["stored"]
                hit["_source"] = {"stored": stored if "stored" in body["_source"] else {"card": stored["card"]}}
            shown.append({**hit, "sort": sort})
        return {**head, "hits": {**total, "max_score": None, "hits": shown}}


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


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize, disable_nagle_algorithm = -1, True
    server: Server

    def handle_one(self) -> None:
        where = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        text = (gzip.decompress(raw) if self.headers.get("Content-Encoding") == "gzip" else raw).decode()
        lines = [json.loads(line) for line in text.splitlines() if line]
        body = lines if where.path.endswith("_bulk") else lines[0] if lines else None
        params = {name: values[0] for name, values in parse_qs(where.query).items()}
        with self.server.busy:
            self.server.requests.append({"method": self.command, "path": unquote(where.path), "params": params, "body": body})
            status, answer = self.answered(where.path, params, body)
            self.server.requests[-1]["answer"] = answer
        said = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def answered(self, path: str, params: dict, body) -> tuple[int, dict]:
        wanted = "Basic " + base64.b64encode(self.server.password.encode()).decode()
        try:
            if self.server.password and self.headers.get("Authorization") != wanted:
                raise Refused(401, "Unauthorized")
            return 200, self.server.answer(self.command, path, params, body)
        except Refused as refused:
            return refused.status, {"error": {"type": refused.kind, "reason": refused.kind}, "status": refused.status}

    do_GET = do_PUT = do_POST = do_DELETE = handle_one

    def log_message(self, *args) -> None:
        """Silent."""
