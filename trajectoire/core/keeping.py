"""Whether the page being made may be kept (page_cache): what it stands on may be late, or away."""

from contextvars import ContextVar

keepable: ContextVar[bool] = ContextVar("keepable", default=True)


def do_not_keep() -> None:
    """The page being made shows less than there is, for the moment."""
    keepable.set(False)
