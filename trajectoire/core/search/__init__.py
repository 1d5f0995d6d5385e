"""The one door to search: apps declare what they have, record changes, ask. See docs/search.md."""

from .analysis import plain_words
from .answering import query, sure
from .changes import apply_changes, paused, record_change, record_changes
from .declarations import (
    Entry,
    Health,
    Hit,
    PageText,
    Query,
    Results,
    Source,
    Suggestion,
    register,
    source_of,
    sources,
    unregister,
)
from .health import health
from .places import set_places
from .rebuilding import rebuild
from .similar import similar
from .storage import Busy, Unavailable
from .suggesting import suggest
from .synonyms import set_synonyms
from .walking import Key, Walk, every, mark
from .widening import Wider, wider, words_of

__all__ = [
    "Busy",
    "Entry",
    "Health",
    "Hit",
    "Key",
    "PageText",
    "Query",
    "Results",
    "Source",
    "Suggestion",
    "Unavailable",
    "Walk",
    "Wider",
    "apply_changes",
    "every",
    "health",
    "mark",
    "paused",
    "plain_words",
    "query",
    "rebuild",
    "record_change",
    "record_changes",
    "register",
    "set_places",
    "set_synonyms",
    "similar",
    "source_of",
    "sources",
    "suggest",
    "sure",
    "unregister",
    "wider",
    "words_of",
]
