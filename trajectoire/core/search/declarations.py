"""What apps say to the engine and what it answers: plain values, no Django model, no tantivy type."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

PUBLIC = "public"
PAGE_LIMIT = 100
NOTHING = SafeString("")
SIZE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page of a file: a hit inside it can say « page 12 »."""

    file_id: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the engine keeps of one object: only what filters, sorts, suggests and excerpts need.

    `access` is one level of reading ("public", "formateurs"); `visible_from` hides it until then, and stays the moment it
    became visible (`Query.published_after`). `facets` maps a group to the values of the object, ancestors included. `places_text` holds names of territories, `names` names of people
    and organisations. Texts may be HTML. `jump` says what the object is beside its title in suggestions (« Commune ») ;
    without it the object is never suggested. `also` holds other words that suggest it: synonyms, postal codes.
    `ends` is the moment from which it is over; what has none never is (`Query.over`).
    """

    pk: int
    title: str
    access: str = PUBLIC
    visible_from: datetime.datetime | None = None
    themes_text: str = ""
    places_text: str = ""
    names: str = ""
    summary: str = ""
    body: str = ""
    pages: Sequence[PageText] = ()
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    date: datetime.date | None = None
    ends: datetime.datetime | None = None
    url: str = ""
    jump: str = ""
    also: str = ""


def plain_cards(hits: Sequence["Hit"]) -> list[dict[str, Any]]:
    """Cards of a line or two, for what is reached rather than read: a title, what it is, a passage."""
    return [
        {
            "title": hit.title,
            "url": hit.url,
            "type_name": hit.jump,
            "excerpt": hit.excerpt,
            "summary": "",
            "meta": [],
            "plain": True,
        }
        for hit in hits
    ]


@dataclass(frozen=True)
class Source:
    """One kind of searchable thing, declared by its app in `AppConfig.ready()`.

    `queryset()` gives every object that may be indexed, prefetched for a bulk rebuild; `entry(object)` its entry, or
    None when it must not be found (a draft). `database_search(text, access)` is the plain search of the degraded mode.

    On the page of the whole search: `label` titles the group, `param` names it in the address (without it the kind has no
    group), `cards(hits)` gives what components/card.html shows of each hit, `order` ranks groups that match as well.
    """

    kind: str
    label: str
    queryset: Callable[[], QuerySet]
    entry: Callable[[Any], Entry | None]
    model: str = ""
    database_search: Callable[[str, frozenset[str]], QuerySet] | None = None
    param: str = ""
    cards: Callable[[Sequence["Hit"]], list[dict[str, Any]]] = plain_cards
    order: int = 50


@dataclass(frozen=True)
class Query:
    """What a reader asks. In `filters`, the values of one group are alternatives; groups add up.

    `facets` names the groups to count. `exact` searches the words as typed, without correction. `published_after` keeps
    what became visible after that moment, never what gives no such moment: what an alert or a feed has not shown yet.
    `strict` wants all the words: nothing that has only some of them follows. `over` keeps what is over, or (False) what is
    not; by date, what is not over comes the soonest first.
    """

    text: str = ""
    kinds: Sequence[str] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    sort: str = "pertinence"
    page: int = 1
    size: int = 20
    access: frozenset[str] = frozenset({PUBLIC})
    now: datetime.datetime | None = None
    exact: bool = False
    published_after: datetime.datetime | None = None
    strict: bool = False
    over: bool | None = None

    @property
    def bounded_size(self) -> int:
        return min(max(self.size, 1), SIZE_LIMIT)

    @property
    def offset(self) -> int:
        """Paging stops at page 100: further, an engine sorts everything for nobody."""
        return (min(max(self.page, 1), PAGE_LIMIT) - 1) * self.bounded_size


@dataclass(frozen=True)
class Hit:
    """One object found; `jump` says what it is, as in suggestions.

    `page` and `file_id` say where in a file the excerpt comes from, `more_pages` how many others match as well and
    `other_pages` the best of them as (file_id, page).
    """

    kind: str
    pk: int
    title: str
    url: str
    score: float = 0.0
    excerpt: SafeString = NOTHING
    jump: str = ""
    page: int | None = None
    file_id: int | None = None
    more_pages: int = 0
    other_pages: Sequence[tuple[int, int]] = ()
    reason: str = ""
    shared: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """One page of hits and the counts of the whole answer.

    `facets` counts each value under the filters of the other groups: what ticking it would give. `corrected` is the
    text really searched and `exact` the one typed; `loose` says that nothing has all the words; `degraded` that the
    database answered in place of the index; `partial` that objects being changed at this moment were left out.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    corrected: str | None = None
    exact: str | None = None
    loose: bool = False
    degraded: bool = False
    partial: bool = False


@dataclass(frozen=True)
class Suggestion:
    label: str
    kind_label: str
    url: str


@dataclass(frozen=True)
class Health:
    """`behind` counts changes not yet in the index; `message` is a French sentence for staff."""

    ok: bool
    documents: int
    behind: int
    message: str


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Declare a kind; declared twice, the last one counts."""
    _sources[source.kind] = source


def unregister(kind: str) -> None:
    _sources.pop(kind, None)


def sources(kinds: Iterable[str] = ()) -> list[Source]:
    """The declared sources of these kinds, or all of them when no kind is given."""
    wanted = set(kinds)
    return [source for source in _sources.values() if not wanted or source.kind in wanted]


def source_of(kind: str) -> Source | None:
    return _sources.get(kind)
