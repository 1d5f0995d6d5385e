"""What apps say of their models: what is left out and why, what a new site already has, which columns name files."""

from collections.abc import Callable, Iterable
from typing import Any

Names = Callable[[Any], Iterable[str]]

given: set[str] = set()
taken: set[str] = set()
left_out: dict[str, str] = {}
backups_only: dict[str, str] = {}
secrets: dict[tuple[str, str], str] = {}
file_columns: dict[tuple[str, str], Names] = {}


def declare_given(*models: str) -> None:
    """Reference data that `prepare` loads (« app.Model »): an import puts those of the archive in their place."""
    given.update(models)


def take(*models: str) -> None:
    """Models of libraries that leave with the content; those of our own apps always do, unless said otherwise."""
    taken.update(models)


def keep_out(model: str, reason: str) -> None:
    """Never in an archive; `reason` is a French sentence, shown in each of them."""
    left_out[model] = reason


def keep_for_backups(model: str, reason: str) -> None:
    """In complete archives only (`--complete`): secrets, or what must not be done twice by two sites."""
    backups_only[model] = reason


def secret(model: str, column: str, instead: str) -> None:
    """A column that ordinary archives replace with `instead`."""
    secrets[model, column] = instead


def declare_files(model: str, column: str, names: Names) -> None:
    """Files of the storage named in a column that is no FileField: `names(value)` gives them."""
    file_columns[model, column] = names
