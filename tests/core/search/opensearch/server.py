"""A small server that speaks, over real HTTP, the part of OpenSearch's API the site uses: see scoring.py for what it answers.

`requests` keeps what was asked and answered.
"""

import base64
import gzip
import json
import threading
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from .scoring import MOST_CLAUSES, Index, Refused, Scoring, clauses, compare, counted, ranked

SHARDS = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}


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
        if clauses(body["query"]) > MOST_CLAUSES:
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
