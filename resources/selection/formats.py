"""The formats of a selection: those of the list of documents, and the whole as JSON."""

import json
from collections.abc import Iterable, Iterator

from django.core.serializers.json import DjangoJSONEncoder

from trajectoire.core.faces import Face
from trajectoire.core.faces.tables import every_export

from ..faces import FACES, record
from ..models import Document

TITLE = "Ma sélection"


def _json(documents: Iterable[Document]) -> Iterator[bytes]:
    """{title, items}, each item as in export.json of the list (docs/api.md)."""
    content = {"title": TITLE, "items": [record(document) for document in documents]}
    yield json.dumps(content, ensure_ascii=False, cls=DjangoJSONEncoder).encode()


FORMATS = (*every_export(FACES, TITLE), Face("JSON", "json", "application/json", _json))
