"""What becomes of a record of a catalogue: a new document (a draft unless asked), one completed, or nothing new.

What is filled is completed, never replaced (but with « remplacer »); where the record says otherwise, its line says so.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from rapidfuzz import fuzz

from trajectoire.core.importing import Action, Options, Planned, Record
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.text import fold, unique_slug

from .. import merging
from ..models import Collection, Document, DocumentType
from .fields import LINKS, PLAIN, Reading, held_by, missing, same, shown, store
from .recognition import CLOSE, COLUMNS, Facts, Known, facts, normal
from .vocabulary import Vocabulary

DEFAULT_TYPE = "ouvrage"
PUBLISHED_BY = "Seuls les documents complets (résumé, thème) sont publiés ; les autres restent des brouillons."


class DocumentOptions(Options):
    publish = forms.BooleanField(label="Publier les documents créés", required=False, help_text=PUBLISHED_BY)
    series = forms.BooleanField(
        label="Créer les collections inconnues",
        required=False,
        help_text="Sans cette case, une collection ou une revue que le site n’a pas est écrite dans « issu de ».",
    )
    kind = forms.ChoiceField(
        label="Type, quand le fichier n’en dit pas de connu", required=False, choices=lambda: [("", "Ouvrage"), *_types()]
    )


def _types() -> list[tuple[str, str]]:
    return [(row.slug, str(row)) for row in DocumentType.objects.exclude(slug=DEFAULT_TYPE)]


class DocumentTarget:
    """Reads once what the site holds; see `trajectoire.core.importing.Target`."""

    model: type[Model] = Document

    def __init__(self, run: ImportRun) -> None:
        options = run.options
        self.replace = bool(options.get("replace"))
        self.publish = bool(options.get("publish"))
        self.known = Known.read()
        self.vocabulary = Vocabulary(options.get("kind") or DEFAULT_TYPE)
        self.reading = Reading(self.vocabulary, make_series=bool(options.get("series")))
        self.planned: dict[int, dict[str, Any]] = {}  # by a negative key, what this file brings that is not written (yet)
        self.last: tuple[int, list[tuple[int, str]]] = (0, [])  # the key of what was just planned, and what looks like it

    def plan(self, record: Record) -> Planned:
        notes: list[str] = []
        wanted = self.reading.fields(record.values, notes)
        looked = self._facts(wanted, -len(self.planned) - 1)
        pk, close = self._recognise(record, looked, notes)
        if pk is None:
            self._leave_taken_number(wanted, notes)
            self.planned[looked.pk] = wanted
            self.known.add(looked)
            self.last = looked.pk, close
            notes += [f"Ressemble à « {self.known.rows[other].title[:100]} » ({reason})." for other, reason in close[:2]]
            return Planned(Action.NEW, changes={}, notes=tuple(notes + self._publication(wanted)))
        changes = self._changes(self._held(record, pk, wanted), wanted, notes)
        if pk < 0:
            self.planned[pk].update(changes)
        return Planned(Action.COMPLETED if changes else Action.SAME, pk if pk > 0 else None, changes, tuple(notes))

    def write(self, record: Record, planned: Planned) -> Document:
        if planned.action == Action.NEW:
            return self._create()
        return store(Document.objects.get(pk=planned.pk), planned.changes)  # type: ignore[misc]

    def finish(self) -> Iterable[Model]:
        return ()

    # Which document it is

    def _facts(self, wanted: Mapping[str, Any], pk: int) -> Facts:
        series = wanted.get("collection")
        number = series if isinstance(series, int) else 0
        texts = [wanted.get(name, "") for name in ("isbn", "issn", "url", "publisher", "authors")]
        return facts([pk, wanted["title"], wanted.get("subtitle", ""), wanted.get("date"), wanted.get("number"), number, *texts])

    def _recognise(self, record: Record, looked: Facts, notes: list[str]) -> tuple[int | None, list[tuple[int, str]]]:
        """By what an earlier import made of the same key, when its title still agrees; else by what tells documents apart."""
        made = record.known
        if isinstance(made, Document) and _titles_agree(made, looked):
            if made.pk not in self.known.rows:
                self.known.add(facts(Document.objects.values_list(*COLUMNS).get(pk=made.pk)))
            return made.pk, []
        pk, reason, close = self.known.find(looked)
        if pk is not None:
            where_ = "plus haut dans le fichier" if pk < 0 else "sur le site"
            notes.append(f"Reconnu {where_} : « {self.known.rows[pk].title[:100]} » ({reason}).")
        return pk, close

    # What it adds

    def _leave_taken_number(self, wanted: dict[str, Any], notes: list[str]) -> None:
        """A collection has each number once."""
        if wanted.get("number") and self.known.numbered(wanted["collection"], wanted["number"]):
            notes.append(f"La collection a déjà un numéro {wanted['number']} : ce numéro est laissé de côté.")
            wanted["number"] = None

    def _held(self, record: Record, pk: int, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        if pk < 0:
            return self.planned[pk]
        made = record.known
        document = made if isinstance(made, Document) and made.pk == pk else Document.objects.get(pk=pk)
        return held_by(document, [name for name in LINKS if wanted[name]])

    def _changes(self, held: Mapping[str, Any], wanted: dict[str, Any], notes: list[str]) -> dict[str, Any]:
        changes = {name: wanted[name] for name in PLAIN if wanted.get(name) and self._adds(name, held, wanted, notes)}
        if wanted.get("date") and self._date_adds(held, wanted, notes):
            changes |= {name: wanted[name] for name in ("date", "date_precision")}
        if isinstance(wanted.get("collection"), int) and not held.get("collection"):
            self._leave_taken_number(wanted, notes)
            changes |= {name: wanted[name] for name in ("collection", "number") if wanted.get(name)}
        for name in LINKS:
            if wanted[name] and set(wanted[name]) - set(held[name]):
                changes[name] = sorted({*wanted[name], *held[name]})
        return changes

    def _adds(self, name: str, held: Mapping[str, Any], wanted: Mapping[str, Any], notes: list[str]) -> bool:
        old, new = held.get(name), wanted[name]
        if not old:
            return True
        if same(name, old, new):
            return False
        if not self.replace:
            notes.append(f"{PLAIN[name]} : « {shown(old)} » est gardé, le fichier dit « {shown(new)} ».")
        return self.replace

    def _date_adds(self, held: Mapping[str, Any], wanted: Mapping[str, Any], notes: list[str]) -> bool:
        """A date more precise within the same year completes; another year is said."""
        old, new = held.get("date"), wanted["date"]
        if not old:
            return True
        more = list(Document.Precision.values)  # from the day to the year
        finer = more.index(wanted["date_precision"]) < more.index(held["date_precision"])
        if old.year == new.year and (finer or more.index(wanted["date_precision"]) > more.index(held["date_precision"])):
            return finer
        if old == new:
            return False
        if not self.replace:
            notes.append(f"Date : {old.isoformat()} est gardée, le fichier dit {new.isoformat()}.")
        return self.replace

    # Writing

    def _publication(self, wanted: Mapping[str, Any]) -> list[str]:
        if not self.publish:
            return []
        lacking = missing(wanted)
        return [f"Reste un brouillon. {' '.join(lacking)}"] if lacking else []

    def _create(self) -> Document:
        key, close = self.last
        wanted = dict(self.planned.pop(key))
        series = wanted.get("collection")
        document = Document(status=Document.Status.DRAFT)
        if self.publish and not missing(wanted):
            document.status, document.publish_at = Document.Status.PUBLISHED, timezone.now()
        try:
            if isinstance(series, str):
                wanted["collection"] = self._new_series(series)
            document = store(document, wanted)
        except Exception:
            self.known.forget(key)
            raise
        self.known.renumber(key, document.pk)
        if isinstance(series, str):
            self.vocabulary.collections[fold(series)] = wanted["collection"]
        merging.propose([(document.pk, other, reason) for other, reason in close if other > 0])
        return document

    @staticmethod
    def _new_series(name: str) -> int:
        made = Collection.objects.filter(name__iexact=name).first()
        if made is None:
            slug = unique_slug(name, Collection.objects.all(), length=70, fallback="collection")
            made = Collection.objects.create(name=name, slug=slug)
        return made.pk


def _titles_agree(made: Document, looked: Facts) -> bool:
    """A key means nothing in another catalogue: « 12 » is a book here, another there."""
    return fuzz.token_set_ratio(normal(made.title), normal(looked.title)) >= CLOSE
