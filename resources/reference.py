"""Types of documents and collections: created when missing, never overwritten, for staff edits them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from trajectoire.core.models import SiteVersion

from .models import Collection, DocumentType

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_types() -> int:
    """How many types and collections were created."""
    types = set(DocumentType.objects.values_list("slug", flat=True))
    series = set(Collection.objects.values_list("slug", flat=True))
    new_types = [DocumentType(**row) for row in rows("types.toml") if row["slug"] not in types]
    new_series = [Collection(**row) for row in rows("collections.toml") if row["slug"] not in series]
    DocumentType.objects.bulk_create(new_types)
    Collection.objects.bulk_create(new_series)
    if new_types or new_series:
        SiteVersion.bump()
    return len(new_types) + len(new_series)


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The fields of each row of a file, in order."""
    tables = tomllib.loads((DATA / name).read_text(encoding="utf-8"))
    for number, (slug, fields) in enumerate(tables.items(), start=1):
        yield {"slug": slug, "order": 10 * number, **fields}
