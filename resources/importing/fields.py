"""The fields of a document: as a record says them, as the site holds them, and how they are written."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps

from trajectoire.core.prose import plain
from trajectoire.core.text import NBSP, fold, french_typography

from ..forms import missing_to_publish
from ..models import Document
from .recognition import compact_isbn, normal, where
from .vocabulary import Vocabulary

OURS = "trajectoire ressources"
LINKS = ("themes", "territories", "audiences", "organisations")
# What is completed one by one, with its name in the report.
PLAIN = {
    "subtitle": "Sous-titre",
    "authors": "Auteurs et autrices",
    "publisher": "Éditeur",
    "language": "Langue",
    "isbn": "ISBN",
    "issn": "ISSN",
    "url": "Adresse en ligne",
    "pages": "Nombre de pages",
    "event_note": "Issu de",
    "summary": "Résumé",
    "body": "Texte",
}
SHOWN = 80  # characters of a value in a report


class Reading:
    """`make_series`: whether a collection that the site does not have is to be made."""

    def __init__(self, vocabulary: Vocabulary, *, make_series: bool) -> None:
        self.vocabulary, self.make_series = vocabulary, make_series

    def fields(self, values: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
        """Neutral values (see `values.py`) → fields of a document; links as lists of primary keys."""
        words = self.vocabulary
        kind, note = words.kinds.of(values.get("types", ()))
        notes += [note] if note else []
        unknown: list[str] = []
        publisher, authors = values.get("publisher", ""), values.get("authors", ())
        elsewhere = fold(publisher) != OURS
        wanted = {name: values[name] for name in PLAIN if values.get(name)} | {
            "title": values["title"],
            **_dated(values),
            **self._numbered(values),
            "authors": "\n".join(authors),
            "publisher": publisher,
            "type": words.types[kind],
            "external": elsewhere,
            "licence": values.get("licence") or (Document.Licence.RESERVED if elsewhere else Document.Licence.CC_BY_SA),
            "themes": words.several(words.themes, values.get("subjects", ()), unknown),
            "territories": words.several(words.territories, values.get("territories", ()), unknown),
            "audiences": words.several(words.audiences, values.get("audiences", ()), unknown),
            "organisations": words.linked([publisher, *authors]),
        }
        if unknown:
            told = ", ".join(dict.fromkeys(unknown))
            notes.append(f"Mots que le site n’a pas : {told[:300]}{'…' if len(told) > 300 else ''}.")
        return wanted

    def _numbered(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Its collection when the site has it (or must make it: its name), else where it comes from, in words."""
        name, number = values.get("collection", ""), values.get("number")
        if series := self.vocabulary.collection(values) or (name if self.make_series else ""):
            return {"collection": series, "number": number}
        if not name or values.get("event_note"):
            return {"number": None}
        return {"number": None, "event_note": french_typography(f"{name}, n°{NBSP}{number}" if number else name)[:200]}


def _dated(values: Mapping[str, Any]) -> dict[str, Any]:
    if not values.get("date"):
        return {}
    return {"date": datetime.date.fromisoformat(values["date"]), "date_precision": values["date_precision"]}


def held_by(document: Document, linked: Iterable[str]) -> dict[str, Any]:
    """What a document of the site holds, in the same shape; of its links, those that are `linked`."""
    names = ("title", *PLAIN, "date", "date_precision", "number")
    links = {name: sorted(getattr(document, name).values_list("pk", flat=True)) for name in linked}
    return {name: getattr(document, name) for name in names} | links | {"collection": document.collection_id}


def missing(wanted: Mapping[str, Any]) -> list[str]:
    """What a document still needs to be published: [sentence]."""
    return [sentence for _, sentence in missing_to_publish(dict(wanted))]


def store(document: Document, fields: Mapping[str, Any]) -> Document:
    """Write the fields and the links, with one row of history for both; in the savepoint of the record."""
    for name, value in fields.items():
        if name not in LINKS and value is not None:
            setattr(document, f"{name}_id" if name in ("type", "collection") else name, value)
    document.version += 1
    links = {name: fields[name] for name in LINKS if fields.get(name)}
    if document.pk is None:
        return _made(document, links)
    with _without_history(document):
        for name, pks in links.items():
            getattr(document, name).set(pks)
    document.save()
    return document


def _made(document: Document, links: Mapping[str, list[int]]) -> Document:
    """A catalogue brings thousands: simple_history would write a row more for each kind of links, with ten queries each time."""
    with _without_history(document):
        document.save()
    (history,) = _histories().bulk_history_create([document])
    for name, pks in links.items():
        field: Any = Document._meta.get_field(name)
        through, other = getattr(Document, name).through, field.m2m_reverse_field_name()
        rows = through.objects.bulk_create(through(document=document, **{f"{other}_id": pk}) for pk in pks)
        kept = apps.get_model("resources", f"HistoricalDocument_{name}")
        kept.objects.bulk_create(
            kept(history=history, id=row.pk, document=document, **{f"{other}_id": pk}) for row, pk in zip(rows, pks, strict=True)
        )
    return document


@cache
def _histories() -> Any:
    """simple_history makes a class each time it is asked for them."""
    return Document.history


@contextmanager
def _without_history(document: Document) -> Iterator[None]:
    document.skip_history_when_saving = True  # type: ignore[attr-defined]
    yield
    del document.skip_history_when_saving  # type: ignore[attr-defined]


def same(name: str, old: Any, new: Any) -> bool:
    """Whether two values say the same, however they are written."""
    if name == "isbn":
        return compact_isbn(old) == compact_isbn(new)
    if name == "url":
        return old == new or (where(old) == where(new) != "")
    if name == "authors":
        return set(map(normal, old.splitlines())) == set(map(normal, new.splitlines()))
    return normal(plain(str(old))) == normal(plain(str(new)))


def shown(value: Any) -> str:
    text = plain(str(value)).replace("\n", " ; ")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
