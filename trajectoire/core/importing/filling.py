"""What is known is completed, never replaced, unless staff asked for it; where the file says otherwise, the report says so."""

from collections.abc import Mapping
from typing import Any


def filled(
    held: Mapping[str, Any], wanted: Mapping[str, Any], labels: Mapping[str, str], *, replace: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """({field: new value}, notes) from what an object holds and what a record wants; what is wanted empty changes nothing."""
    changes: dict[str, Any] = {}
    notes: list[str] = []
    for name, value in wanted.items():
        if value in ("", None) or value == held[name]:
            continue
        if held[name] in ("", None) or replace:
            changes[name] = value
        else:
            notes.append(f"{labels[name]} : « {held[name]} » est gardé, le fichier dit « {value} ».")
    return changes, notes
