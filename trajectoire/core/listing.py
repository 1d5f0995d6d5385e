"""A list is one thing with many faces: a Listing declares its kind, facets and cards; the pages derive from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import search
from .faces import Faces
from .faces.tables import every_export
from .text import plural

PAGE_SIZE = 20
LAST_PAGE = 100  # the engine stops there: nobody reads further, crawlers would
OVER = "passes"  # what `periode` takes
MAX_VALUES = 20  # values of one facet taken from an address

# What `tri` takes → how it is offered. « ajout » is the moment at which an object appeared on the site.
SORTS = {"pertinence": "pertinence", "date": "date", "ajout": "ajout récent", "titre": "titre"}


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with the values it contains."""

    value: str
    label: str
    children: tuple["Choice", ...] = ()


@dataclass(frozen=True)
class Facet:
    """A group of filters: `name` in the engine, `param` in the address."""

    name: str
    param: str
    label: str
    choices: Callable[[dict[str, int]], Sequence[Choice]]
    open: bool = True
    shown: int = 8


@dataclass(frozen=True)
class Listing:
    """A list of the site, declared once by its app; the page, the faces, the alerts come from it.

    `name` stands in addresses and in names of files, for good; `title` is what people read; `url_name` is the page.
    `access(user)` gives the levels this person may read. `announced` are the kinds whose new objects the newsletter tells;
    empty, all of them. `only` narrows the kinds: {facet: values}, whatever the reader chooses. A `timed` list shows what is to come, the soonest first; `?periode=passes`, what is over.
    """

    name: str
    kinds: tuple[str, ...]
    title: str
    url_name: str
    facets: tuple[Facet, ...]
    cards: Callable[[Sequence["search.Hit"]], list[Any]]
    sentence: Callable[["State", int], SafeString]
    access: Callable[[Any], frozenset[str]]
    faces: Faces
    default_sort: str = "date"
    sorts: tuple[str, ...] = ("date", "titre")
    announced: tuple[str, ...] = ()
    timed: bool = False
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_listings: dict[str, Listing] = {}


def register(listing: Listing) -> None:
    """Declare a list, in `AppConfig.ready()`; declared twice, the last one counts."""
    _listings[listing.name] = listing


def registered() -> list[Listing]:
    return list(_listings.values())


def find(name: str) -> Listing | None:
    return _listings.get(name)


@dataclass
class State:
    """What the address asks for, cleaned: unknown parameters and impossible values are left out."""

    listing: Listing
    path: str
    q: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)  # by facet name
    sort: str = ""
    page: int = 1
    exact: bool = False
    over: bool | None = None  # of a timed list: what is over, or what is to come

    @classmethod
    def from_query(cls, listing: Listing, path: str, query: QueryDict) -> "State":
        q = " ".join(query.get("q", "").split())[:200]
        chosen = {}
        for facet in listing.facets:
            values = [value[:80] for value in dict.fromkeys(query.getlist(facet.param)) if value.strip()]
            if values:
                chosen[facet.name] = values[:MAX_VALUES]
        sort = query.get("tri", "")
        default = "pertinence" if q else listing.default_sort
        page = query.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
        return cls(
            listing,
            path,
            q,
            chosen,
            sort if sort in ("pertinence", *listing.sorts) else default,
            min(max(number, 1), LAST_PAGE),
            "exact" in query,
            query.get("periode") == OVER if listing.timed else None,
        )

    @property
    def default_sort(self) -> str:
        return "pertinence" if self.q else self.listing.default_sort

    def pairs(self, *, without: tuple[str, str] | None = None, sort: str | None = None) -> list[tuple[str, str]]:
        """The (parameter, value) pairs of this state, page left out, minus one filter, with another sort."""
        pairs = [("q", self.q)] if self.q else []
        for facet in self.listing.facets:
            pairs += [(facet.param, v) for v in self.chosen.get(facet.name, []) if (facet.name, v) != without]
        sort = sort or self.sort
        pairs += [("periode", OVER)] if self.over else []
        return pairs + ([("tri", sort)] if sort != self.default_sort else [])

    def url(self, page: int = 1, **changes) -> str:
        pairs = self.pairs(**changes) + [("exact", "1")] * self.exact + [("page", str(page))] * (page > 1)
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


def question(state: State, access: frozenset[str]) -> "search.Query":
    """What the state asks of the engine, counts of the facets apart."""
    return search.Query(
        text=state.q,
        kinds=state.listing.kinds,
        filters={**state.chosen, **state.listing.only},
        sort=state.sort,
        page=state.page,
        size=PAGE_SIZE,
        access=access,
        exact=state.exact,
        over=state.over,
    )


def run(state: State, access: frozenset[str]) -> "search.Results":
    """Ask the engine for the page that the state describes, with the counts of its facets."""
    return search.query(replace(question(state, access), facets=tuple(facet.name for facet in state.listing.facets)))


def told(state: State, access: frozenset[str], results: "search.Results") -> SafeString:
    """The sentence of the list; results that do not have all the words are counted apart, and said to come near."""
    sure = search.sure(question(state, access), results)
    text = state.listing.sentence(state, sure or results.total)
    return (
        format_html("{}\u202f; {}", text, plural(results.total - sure, "autre s’en approche", "autres s’en approchent"))
        if sure
        else text
    )


def page_context(listing: Listing, request: HttpRequest) -> dict[str, Any]:
    """Everything the template of a list needs, as its address asks for it."""
    return context_of(State.from_query(listing, request.path, request.GET), listing.access(request.user))


def context_of(state: State, access: frozenset[str]) -> dict[str, Any]:
    """Everything the template of a list needs, for a reader of these levels."""
    listing = state.listing
    results = run(state, access)
    if results.total and not results.hits:  # a page after the last one: show the last one
        state.page = last_page(results.total)
        results = run(state, access)
    groups = [_group(facet, state, results) for facet in listing.facets]
    return {
        "q": state.q,
        "state": state,
        "total": results.total,
        "sentence": told(state, access, results),
        "cards": listing.cards(results.hits),
        "facets": [group for group in groups if group["values"]],
        "active": _active(state, groups),
        "clear_url": replace(state, q="", chosen={}, sort=listing.default_sort, exact=False).url(),
        "search_action": state.path,
        "hidden_inputs": [pair for pair in state.pairs() if pair[0] in ("tri", "periode")],
        "sorts": _sorts(state),
        "pagination": pagination(state, results.total),
        "faces": links(state),
        "corrected": _corrected(state, results),
        "loose": results.loose,
        "degraded": results.degraded,
    }


def links(state: State) -> dict[str, Any]:
    """{feed_url, feed_title, formats: [{label, url}], alert_url}: the other faces of this state; a feed tells first what came last."""
    listing = state.listing
    feed = replace(state, path=listing.url + "flux.atom").url(sort="ajout" if "ajout" in listing.sorts else None)
    exports = [*((face.label, face.extension) for face in every_export(listing.faces, listing.title)), ("JSON", "json")]
    formats = [{"label": label, "url": replace(state, path=f"{listing.url}export.{end}").url()} for label, end in exports]
    asked = urlencode([("liste", listing.name), *state.pairs(sort=state.default_sort), *[("exact", "1")] * state.exact])
    alert = f"{reverse('alerts:new')}?{asked}"
    return {"feed_url": feed, "feed_title": listing.title, "formats": formats, "alert_url": alert}


def _group(facet: Facet, state: State, results: "search.Results") -> dict[str, Any]:
    counts = dict(results.facets.get(facet.name, []))
    chosen = set(state.chosen.get(facet.name, []))
    values = [_value(choice, counts, chosen) for choice in facet.choices(counts)]
    values = [value for value in values if value["count"] or value["checked"] or value["children"]]
    return {
        "name": facet.param,
        "label": facet.label,
        "open": facet.open or bool(chosen),
        "chosen": len(chosen),
        "values": values,
        "shown": facet.shown,
    }


def _value(choice: Choice, counts: dict[str, int], chosen: set[str]) -> dict[str, Any]:
    children = [_value(child, counts, chosen) for child in choice.children]
    return {
        "value": choice.value,
        "label": choice.label,
        "count": counts.get(choice.value, 0),
        "checked": choice.value in chosen,
        # The parts of a whole are shown once the whole, or one of them, is chosen: a short list first.
        "children": [child for child in children if child["checked"] or (child["count"] and choice.value in chosen)],
    }


def _flat(values: list[dict]) -> list[dict]:
    return [item for value in values for item in (value, *_flat(value["children"]))]


def _active(state: State, groups: list[dict]) -> list[dict[str, str]]:
    """The chosen filters, each with the address of the list without it."""
    active = []
    for facet, group in zip(state.listing.facets, groups, strict=True):
        for value in _flat(group["values"]):
            if value["checked"]:
                active.append({"label": value["label"], "remove_url": state.url(without=(facet.name, value["value"]))})
    return active


def _sorts(state: State) -> list[dict[str, Any]]:
    names = [name for name in SORTS if name in state.listing.sorts or (name == "pertinence" and state.q)]
    return [{"label": SORTS[name], "url": state.url(sort=name), "current": name == state.sort} for name in names]


def _corrected(state: State, results: "search.Results") -> dict[str, str] | None:
    if not results.corrected or not results.total:
        return None
    exact = "?" + urlencode([*state.pairs(), ("exact", "1")])
    return {"text": results.corrected, "asked": state.q, "exact_url": state.path + exact}


def last_page(total: int) -> int:
    """The number of the last page shown."""
    return min(max(1, -(-total // PAGE_SIZE)), LAST_PAGE)


def pagination(state: State, total: int) -> dict[str, Any]:
    """{number, count, previous_url, next_url, pages}; the list of pages has gaps when it is long."""
    count = last_page(total)
    number = min(state.page, count)
    near = sorted({1, count, *range(max(1, number - 1), min(count, number + 1) + 1)})
    pages: list[dict[str, Any]] = []
    for previous, page in zip([0, *near], near, strict=False):
        if page - previous > 1:
            pages.append({"gap": True, "label": "…", "url": "", "current": False})
        pages.append({"gap": False, "label": str(page), "url": state.url(page), "current": page == number})
    return {
        "number": number,
        "count": count,
        "previous_url": state.url(number - 1) if number > 1 else "",
        "next_url": state.url(number + 1) if number < count else "",
        "pages": pages if count > 1 else [],
    }
