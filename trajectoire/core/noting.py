"""Who wants to know what is made while something runs is told, without each function handing it on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models

_made: ContextVar[list[models.Model] | None] = ContextVar("made", default=None)


@contextmanager
def noted() -> Iterator[list[models.Model]]:
    """The list fills with what `made` is told meanwhile."""
    found: list[models.Model] = []
    token = _made.set(found)
    try:
        yield found
    finally:
        _made.reset(token)


def made(*instances: models.Model) -> None:
    found = _made.get()
    if found is not None:
        found.extend(instances)
