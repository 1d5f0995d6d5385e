"""The documents named by an address: `?d=12,15,18`."""

from typing import Any

from django.http import HttpRequest

from trajectoire.core.search import Key

from ..access import allowed_access
from ..faces import load
from ..models import KIND, Document

PARAM = "d"
MOST = 200  # documents; static/js/selection.js knows the same number
LAST = 2**63 - 1  # what a database takes for a key


def keys(request: HttpRequest) -> list[int]:
    """The numbers in the address, each once, in their order; what is not a number is left out."""
    parts = request.GET.get(PARAM, "").split(",")
    numbers = (int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 20)
    return [number for number in dict.fromkeys(numbers) if number <= LAST][:MOST]


def for_exports(request: HttpRequest) -> list[Document]:
    """The chosen documents that this person may read, with what every format says."""
    return load([Key(KIND, pk) for pk in keys(request)], allowed_access(request.user))


def for_page(request: HttpRequest) -> list[Document]:
    """The same, with what a row of a list shows."""
    found = Document.objects.visible_to(request.user).for_cards().filter(pk__in=keys(request))
    rows: dict[Any, Document] = {document.pk: document for document in found}
    return [rows[pk] for pk in keys(request) if pk in rows]


def query(pks: list[int]) -> str:
    """« ?d=12,15 », or nothing."""
    return f"?{PARAM}={','.join(map(str, pks))}" if pks else ""
