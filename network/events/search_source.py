"""What the search engine knows of events and series: only what is public."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from trajectoire.core import search
from trajectoire.core.prose import sentences
from trajectoire.core.text import day

from .cards import cards_of, nature, series_cards_of
from .event import Event, EventQuerySet
from .ics import location
from .places import SUSPENDED, counts, free_for_newcomers
from .series import Series, SeriesQuerySet
from .vocabulary import EventMode, EventStatus

ROOM = "reste"


def events() -> EventQuerySet:
    """Every event, public or not, with what the engine keeps of it, in a constant number of queries a batch."""
    related = [
        "dates",
        "themes__parent",
        "territories__communes",
        "territories__departments",
        "place__communes",
        "place__departments",
        "audiences",
        "organisers",
        "partners",
        "programme__speakers",
        "training__department",
    ]
    return Event.objects.with_places().select_related("place").prefetch_related(*related).order_by("pk")


def entry(event: Event) -> "search.Entry | None":
    """None keeps a draft and a private event out of the index."""
    if not event.is_public:
        return None
    themes, places = event.themes.all(), [*event.territories.all(), *([event.place] if event.place else [])]
    begins = timezone.localdate(event.starts_at) if event.starts_at else None
    return search.Entry(
        pk=event.pk,
        title=event.title,
        url=event.get_absolute_url(),
        visible_from=event.published_at,
        themes_text=" ".join([theme.name for theme in themes] + [nature(event)]),
        places_text=" ".join(dict.fromkeys([*(place.name for place in places), event.venue])),
        summary=event.summary,
        body=" ".join(filter(None, [sentences(event.body), *_programme(event)])),
        names=" ".join(_names(event)),
        date=begins,
        ends=event.ends_at,
        facets={
            "kind_of_event": [event.kind],
            "theme": sorted({slug for t in themes for slug in (t.slug, t.parent.slug if t.parent else t.slug)}),
            "territory": sorted({code for place in places for code in place.containing_codes()}),
            "audience": [audience.slug for audience in event.audiences.all()],
            "mode": [mode(event)],
            "month": _months(event),
            "room": [ROOM] if has_room(event) else [],
            **(event.training.facets() if event.of_plan else {}),  # type: ignore[attr-defined]  # reverse name
        },
        jump=f"{nature(event)}, {day(begins)}" if begins else nature(event),
        also=location(event),
    )


def mode(event: Event) -> str:
    return EventMode.ONLINE if event.status == EventStatus.MOVED_ONLINE else event.mode


def has_room(event: Event) -> bool:
    """Not full, whatever the hour: one may come, or register as long as that is open."""
    if event.status in SUSPENDED or event.holder.status in (EventStatus.FULL, *SUSPENDED):
        return False
    return free_for_newcomers(event, counts(event)) != 0


def _months(event: Event) -> list[str]:
    """The months of its dates and their years: [« 2026 », « 2026-05 »]."""
    days = [timezone.localdate(date.starts_at) for date in event.dates.all()]
    return sorted({text for found in days for text in (f"{found.year}", f"{found.year}-{found.month:02}")})


def _programme(event: Event) -> list[str]:
    return [f"{item.title} {item.text}" for item in event.programme.all()]


def _names(event: Event) -> list[str]:
    """Who organises it, who speaks: by what people look for it."""
    structures = [one.name for one in (*event.organisers.all(), *event.partners.all())]
    items = event.programme.all()
    speakers = [person.name for item in items for person in item.speakers.all() if person.published]
    return [*structures, *speakers, *(item.other_speakers for item in items if item.other_speakers)]


def database_search(text: str, access: frozenset[str]) -> EventQuerySet:
    """The plain search of the degraded mode: every word somewhere in the title or the summary."""
    found = events().published()
    for word in text.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    return found


def series() -> SeriesQuerySet:
    return Series.objects.prefetch_related("themes__parent").order_by("pk")


def series_entry(found: Series) -> "search.Entry | None":
    if not found.published:
        return None
    themes = found.themes.all()
    return search.Entry(
        pk=found.pk,
        title=found.title,
        url=found.get_absolute_url(),
        visible_from=found.published_at,
        themes_text=" ".join(theme.name for theme in themes),
        summary=found.summary,
        body=sentences(found.body),
        facets={"theme": sorted({slug for t in themes for slug in (t.slug, t.parent.slug if t.parent else t.slug)})},
        jump=found.get_kind_display(),
    )


def series_database_search(text: str, access: frozenset[str]) -> SeriesQuerySet:
    found: Any = Series.objects.published()
    for word in text.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    return found.order_by("title")


EVENTS = search.Source(
    kind=Event.search_kind,
    label="Agenda",
    queryset=events,
    entry=entry,
    model="events.Event",
    database_search=database_search,
    param="agenda",
    cards=cards_of,
    order=25,
)
SERIES = search.Source(
    kind=Series.search_kind,
    label="Cycles et groupes de travail",
    queryset=series,
    entry=series_entry,
    model="events.Series",
    database_search=series_database_search,
    param="cycles",
    cards=series_cards_of,
    order=26,
)
