"""What becomes of each event of a source: recognised by its identity, its page, or its title and first day; else made, as a draft."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.db import models
from django.db.models import F
from django.utils import timezone

from network.importing.places import Places
from network.models import Audience, Theme
from trajectoire.core.importing import Action, Options, Planned, Record, filling
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.text import day, fold

from .. import ics
from ..admin_forms import half_days
from ..event import Event, EventDate
from ..vocabulary import PRIVATE_KINDS, EventMode, EventStatus
from .facts import Facts, moments

PLAIN = ("summary", "body", "venue", "address", "place", "online_url")
LISTS = ("themes", "territories", "audiences")
LABELS = {name: str(Event._meta.get_field(name).verbose_name).capitalize() for name in PLAIN}  # type: ignore[union-attr]
BY_HAND = "à changer à la main, pour pouvoir prévenir les personnes inscrites"
Known = tuple[str, datetime.date | None]


class EventOptions(Options):
    published = forms.BooleanField(
        label="Mettre en ligne aussitôt",
        required=False,
        help_text="Sans cette case, les événements arrivent en brouillon : vous les relisez avant de les montrer.",
    )


class EventTarget:
    """Reads what the database holds once; what this very file planned is kept, so that it is not made twice."""

    model: type[models.Model] = Event

    def __init__(self, run: ImportRun) -> None:
        self.published = bool(run.options.get("published"))
        self.replace = bool(run.options.get("replace"))
        self.places = Places()
        self.themes = {fold(name): pk for pk, name in Theme.objects.values_list("pk", "name")}
        self.audiences = {fold(name): pk for pk, name in Audience.objects.values_list("pk", "name")}
        self.by_uid: dict[str, int] = {}
        self.by_page: dict[str, int] = {}
        self.by_title: dict[Known, list[int]] = defaultdict(list)
        for pk, uid, slug, title, starts_at in Event.objects.values_list("pk", "uid", "slug", "title", "starts_at"):
            self.by_uid[str(uid)], self.by_page[slug] = pk, pk
            self.by_title[fold(title), timezone.localdate(starts_at) if starts_at else None].append(pk)
        self.planned: set[str] = set()  # identities of what a try would make

    def plan(self, record: Record) -> Planned:
        facts = Facts(**record.values)
        pk = record.known.pk if record.known is not None else self._recognise(facts)
        if pk is None:
            return self._new(facts)
        event = Event.objects.select_related("place").prefetch_related("dates").get(pk=pk)
        return self._known(event, facts)

    def _recognise(self, facts: Facts) -> int | None:
        if facts.uid:
            return self.by_uid.get(facts.uid)
        found = self.by_page.get(facts.page)
        return found or next(iter(self.by_title.get(_named(facts), ())), None)

    def _new(self, facts: Facts) -> Planned:
        notes: list[str] = []
        identity = facts.uid or str(_named(facts))
        if identity in self.planned:
            return Planned(Action.SAME, notes=("Le même événement est plus haut dans le fichier.",))
        self.planned.add(identity)
        same = [] if not facts.uid else self.by_title.get(_named(facts), [])
        if same:
            return Planned(Action.DOUBT, same[0], notes=("Un événement du même titre, le même jour, est déjà dans l’agenda.",))
        changes = self._values(facts, notes) | {name: self._keys(name, getattr(facts, name), notes) for name in LISTS}
        return Planned(Action.NEW, None, changes, tuple(notes))

    def _values(self, facts: Facts, notes: list[str]) -> dict[str, Any]:
        """The fields that a completed event may be given too."""
        values: dict[str, Any] = {"summary": facts.summary, "body": facts.body, "online_url": facts.online_url}
        return values | self._located(facts, notes)

    def _located(self, facts: Facts, notes: list[str]) -> dict[str, Any]:
        """« MJC de Palente, 24 rue des Roses, 25000 Besançon »: the room, the street, the commune that is known."""
        place = self.places.place(facts.place, None) if facts.place else None
        if facts.place and place is None:
            notes.append(f"Commune « {facts.place} » inconnue ou ambiguë : à préciser.")
        if facts.mode == EventMode.ONLINE:
            return {"venue": "", "address": "", "place": place}
        parts = [part.strip() for part in facts.location.replace("\n", ",").split(",") if part.strip()]
        if parts and (found := self.places.place(parts[-1], None)):
            place = place or found
            parts.pop()
        return {"venue": (parts[0] if parts else "")[:150], "address": ", ".join(parts[1:])[:200], "place": place}

    def _keys(self, name: str, words: Iterable[str], notes: list[str]) -> list[int]:
        found: list[int] = []
        search: Callable[[str], int | None] = {
            "themes": lambda word: self.themes.get(fold(word)),
            "audiences": lambda word: self.audiences.get(fold(word)),
            "territories": lambda word: self.places.place(word, None) or self.places.department(word),
        }[name]
        for word in words:
            key = search(word)
            if key is None:
                notes.append(f"{WORDS[name]} « {word} » : inconnu ou ambigu, laissé de côté.")
            else:
                found.append(key)
        return sorted(set(found))

    def _known(self, event: Event, facts: Facts) -> Planned:
        notes: list[str] = []
        wanted = self._values(facts, [])
        if _same_words(facts.location, ics.location(event)):
            wanted |= {"venue": "", "address": "", "place": None}
        held = {name: getattr(event, "place_id" if name == "place" else name) for name in PLAIN}
        if event.venue or event.address:  # a place is told as a whole
            wanted |= {"venue": "", "address": ""}
        if event.summary or _same_words(facts.summary, ics.description(event)):
            wanted["summary"] = wanted["body"] = ""
        changes, told = filling.filled(held, {name: wanted[name] for name in PLAIN}, LABELS, replace=self.replace)
        notes += told
        for name in LISTS:
            links = set(getattr(event, name).values_list("pk", flat=True))
            names = {fold(str(row.name)) for row in getattr(event, name).all()}
            fresh = self._keys(name, [word for word in getattr(facts, name) if fold(word) not in names], notes)
            if not links.issuperset(fresh):
                changes[name] = sorted({*links, *fresh})
        notes += _by_hand(event, facts)
        return Planned(Action.COMPLETED if changes else Action.SAME, event.pk, changes, tuple(notes))

    def write(self, record: Record, planned: Planned) -> Event:
        values = dict(planned.changes)
        links = {name: values.pop(name) for name in LISTS if name in values}
        if "place" in values:
            values["place_id"] = values.pop("place")
        facts = Facts(**record.values)
        event = self._made(facts, values) if planned.pk is None else _completed(planned.pk, values)
        for name, keys in links.items():
            getattr(event, name).set(keys)
        event.keep_bounds()
        if planned.pk is None:
            self.by_uid[str(event.uid)], self.by_page[event.slug] = event.pk, event.pk
            self.by_title[_named(facts)].append(event.pk)
        return event

    def _made(self, facts: Facts, values: Mapping[str, Any]) -> Event:
        registering = Event.Registering.AT_ONCE if facts.capacity is not None else Event.Registering.NONE
        event = Event(
            title=facts.title,
            kind=facts.kind,
            status=facts.status,
            mode=facts.mode,
            capacity=facts.capacity,
            registering=registering,
            private=facts.private or facts.kind in PRIVATE_KINDS,
            published=self.published,
            uid=uuid.UUID(facts.uid) if facts.uid else uuid.uuid4(),
            **values,
        )
        event.full_clean(exclude=["slug", "category", "place"], validate_unique=False)
        event.save()
        EventDate.objects.bulk_create([_date(event, first, last) for first, last in moments(facts.dates)])
        return event

    def finish(self) -> Iterable[Event]:
        return ()


WORDS = {"themes": "Thème", "audiences": "Public", "territories": "Territoire"}


def _named(facts: Facts) -> Known:
    begins = moments(facts.dates[:1])
    return fold(facts.title), timezone.localdate(begins[0][0]) if begins else None


def _completed(pk: int, values: Mapping[str, Any]) -> Event:
    event = Event.objects.get(pk=pk)
    for name, value in values.items():
        setattr(event, name, value)
    event.version += 1
    event.save()
    Event.objects.filter(pk=pk).update(sequence=F("sequence") + 1)
    return event


def _date(event: Event, first: datetime.datetime, last: datetime.datetime) -> EventDate:
    begins, ends = timezone.localtime(first), timezone.localtime(last)
    morning, afternoon = (True, True) if ends.date() > begins.date() else half_days("", begins.time(), ends.time())
    return EventDate(event=event, starts_at=first, ends_at=last, morning=morning, afternoon=afternoon)


def _same_words(left: str, right: str) -> bool:
    return " ".join(fold(left).split()) == " ".join(fold(right).split())


def _by_hand(event: Event, facts: Facts) -> list[str]:
    """What an import never changes, since people may have registered: its state and its days."""
    notes = []
    if facts.status != event.status:
        label = EventStatus(facts.status).label
        notes.append(f"État : « {event.get_status_display()} » est gardé, le fichier dit « {label} » : {BY_HAND}.")
    dates = moments(facts.dates)
    held = [(date.starts_at, date.ends_at) for date in event.dates.all()]
    if dates and (not held or {date for pair in dates for date in pair} - {date for pair in held for date in pair}):
        told = ", ".join(dict.fromkeys(day(timezone.localdate(first)) for first, _ in dates))
        notes.append(f"Dates : celles du site sont gardées, le fichier dit « {told} » : {BY_HAND}.")
    return notes
