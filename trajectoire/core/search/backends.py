"""Which engine is in service: the embedded one, or a server when SEARCH_URL names it. The rest of the door knows neither.

An engine is a module with `Query` (the constructors of queries), `opened`, `open_index`, `Writing`, `total`, `frequencies`,
`snippets` and `forget`, as in `engine`; and `lock`, `new_generation`, `put_in_service` and `discard`, as in `storage`.
"""

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


def _server() -> ModuleType | None:
    """Imported only when SEARCH_URL asks for it: its client is an optional package."""
    if not settings.SEARCH_URL:
        return None
    from .opensearch import engine

    return engine


def current() -> ModuleType:
    """What opens, reads and writes an index."""
    from . import engine

    return _server() or engine


def store() -> ModuleType:
    """Where generations live and who may write: folders and locks of this machine, or a server and what is common to all."""
    from . import storage

    return _server() or storage
