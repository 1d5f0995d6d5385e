"""Where one person may be found: each app says how to find its rows by an e-mail address, to copy them, to erase them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format


def never(row: Any, by_person: bool) -> str:
    return ""


def delete(row: Any) -> None:
    row.delete()


@dataclass(frozen=True)
class Trace:
    """Rows of one kind. `find(email)`: rows, whatever the case of the address; `export(row)`: {French label: value}.

    `erase(row)` deletes, or takes the person away and keeps what statistics need (`keeps` then says what, in French);
    `refusal(row, by_person)` is a French sentence when this row must not go that way. Lower `order` goes first.
    """

    label: str
    find: Callable[[str], Iterable[Any]]
    export: Callable[[Any], dict[str, Any]]
    erase: Callable[[Any], None] = delete
    keeps: str = ""
    refusal: Callable[[Any, bool], str] = never
    order: int = 0


_traces: dict[str, Trace] = {}
_by_hand: dict[str, Callable[[Any], str]] = {}


def hold(trace: Trace) -> None:
    _traces[trace.label] = trace


def traces() -> list[Trace]:
    return sorted(_traces.values(), key=lambda trace: (trace.order, trace.label))


def leave_to_staff(model: str, describe: Callable[[Any], str]) -> None:
    """Rows of this model (« app.Model ») that cite an address are not rewritten, but told to staff in these words."""
    _by_hand[model] = describe


def by_hand() -> dict[str, Callable[[Any], str]]:
    return dict(_by_hand)


def fields(*names: str) -> Callable[[models.Model], dict[str, Any]]:
    """An export made of these columns, under the names that forms give them; empty ones are left out."""

    def export(row: models.Model) -> dict[str, Any]:
        found = {str(cast(models.Field, row._meta.get_field(name)).verbose_name): value(row, name) for name in names}
        return {label: shown for label, shown in found.items() if shown not in ("", None, {}, [])}

    return export


def value(row: models.Model, name: str) -> Any:
    """A column as people read it: the label of a choice, a date in French."""
    if hasattr(row, f"get_{name}_display"):
        return getattr(row, f"get_{name}_display")()
    found = getattr(row, name)
    if hasattr(found, "tzinfo"):
        return date_format(timezone.localtime(found), "DATETIME_FORMAT")
    if hasattr(found, "isoformat"):
        return date_format(found, "DATE_FORMAT")
    if isinstance(found, bool):
        return "oui" if found else "non"
    return found if isinstance(found, dict | list | int) or found is None else str(found)
