"""Where the reference data comes from, and under which licence: shown wherever the data is."""

import tomllib
from functools import lru_cache

from .reference.tables import DATA


@lru_cache
def sources() -> list[dict[str, str]]:
    """[{label, origin, date, licence}]"""
    return tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))["source"]
