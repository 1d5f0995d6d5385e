"""The shape of an index on the server, and how the documents of schema.py go there and come back.

Texts arrive already analysed, as stems between spaces: both engines hold the same words at the same places. A hole left by
a grammatical word is a HOLE, which the analyser drops while keeping its place.
"""

from collections.abc import Iterable
from typing import Any

import tantivy

from .. import analysis, schema

VERSION = 1
HOLE = "_"
WINDOW = 20_000  # the deepest page of results: 100 pages of 200
RAW = ("key", "gate", "sort_title")
PLAIN = ("words", "jump")
NUMBERS = ("date", "recent", "embargo", "visible", "ends")
VOCABULARY = ("title", "summary")  # whose stems can be listed
_KEYWORD = {"type": "keyword"}


def index() -> dict[str, Any]:
    """Settings and mapping. Nothing is refreshed by itself: a batch shows whole, when it is committed."""
    texts = {name: {"type": "text", "analyzer": "stems"} for name in schema.TEXT_FIELDS}
    plain = {name: {"type": "text", "analyzer": "stems", "index_options": "docs", "norms": False} for name in PLAIN}
    values = {"type": "object", "dynamic": True}
    return {
        "settings": {
            # One shard: counts and scores are exact. Replicas as the cluster can hold them.
            "index": {
                "number_of_shards": 1,
                "auto_expand_replicas": "0-1",
                "refresh_interval": "-1",
                "max_result_window": WINDOW,
            },
            "analysis": {
                "filter": {"holes": {"type": "stop", "stopwords": [HOLE]}},
                "analyzer": {"stems": {"type": "custom", "tokenizer": "whitespace", "filter": ["holes"]}},
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"includes": ["stored"]},
            "dynamic_templates": [
                {"facets": {"path_match": "facets.*", "mapping": _KEYWORD}},
                {"vocabulary": {"path_match": "vocabulary.*", "mapping": _KEYWORD}},
            ],
            "properties": {
                **dict.fromkeys(RAW, _KEYWORD),
                **{name: {"type": "long"} for name in NUMBERS},
                **texts,
                **plain,
                "facets": values,
                "vocabulary": values,
                "stored": {"type": "object", "enabled": False},
            },
        },
    }


def source(document: tantivy.Document) -> dict[str, Any]:
    """A document of schema.py as the server takes it."""
    given = document.to_dict()
    stored = {name: given[name][0] for name in schema.STORED if name in given}
    sent: dict[str, Any] = {"stored": {**stored, "card": bytes(given.pop("card")[0]).decode()}}
    for name, values in given.items():
        if name in schema.TEXT_FIELDS:
            sent[name] = spaced(values, analysis.STEMMED)
        elif name in PLAIN:
            sent[name] = spaced(values, analysis.PLAIN)
        elif name != "body":  # only shown
            sent[name] = values[0]
    sent["vocabulary"] = {name: sorted(set(sent[name].split()) - {HOLE}) for name in VOCABULARY if name in sent}
    return sent


def spaced(texts: Iterable[str], chain: str) -> str:
    """Words as the chain leaves them, each at its place; one place is left free between two texts."""
    places: list[str] = []
    for text in texts:
        start = len(places) + 1 if places else 0
        for token in analysis.analyser(chain).pre_tokenize(text).tokens:
            places += [HOLE] * (start + token.position - len(places))
            places.append(token.text)
    return " ".join(places)


def document(stored: dict[str, str]) -> tantivy.Document:
    """What the server keeps of a document, as the embedded engine would give it back."""
    made = tantivy.Document()
    for name, text in stored.items():
        if name == "card":
            made.add_bytes(name, text.encode())
        else:
            made.add_text(name, text)
    return made
