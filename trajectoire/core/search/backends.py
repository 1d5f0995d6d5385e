"""Which engine is in service: the embedded one, or a server when SEARCH_URL names it. The rest of the door knows neither.

An engine is a module with `Query` (the constructors of queries), `opened`, `open_index`, `Writing`, `total`, `present`,
`frequencies`, `snippets` and `forget`, as in `engine`; and `lock`, `new_generation`, `put_in_service` and `discard`, as in `storage`.
"""

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from tantivy import Occur

__all__ = ["Occur", "TQuery", "current", "store"]

if TYPE_CHECKING:
    from tantivy import Query as TQuery
else:

    class _Constructors(type):
        def __getattr__(cls, name: str) -> Any:
            return getattr(current().Query, name)

    class TQuery(metaclass=_Constructors):
        """`TQuery.term_query(…)`: a query of the engine in service."""


@cache
def _module(name: str) -> ModuleType:
    """Asked for thousands of times a query: found once. The server's is imported only when SEARCH_URL asks for it."""
    return import_module(name, __package__)


def current() -> ModuleType:
    """What opens, reads and writes an index."""
    return _module(".opensearch.engine" if settings.SEARCH_URL else ".engine")


def store() -> ModuleType:
    """Where generations live and who may write: folders and locks of this machine, or a server and what is common to all."""
    return _module(".opensearch.engine" if settings.SEARCH_URL else ".storage")
