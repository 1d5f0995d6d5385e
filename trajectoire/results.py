"""The search over everything: what each app declared, grouped by kind, the best group first."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from network import vocabulary
from trajectoire.core import search
from trajectoire.core.listing import LAST_PAGE, PAGE_SIZE, last_page, registered
from trajectoire.core.text import NBSP, fold
from trajectoire.core.views import breadcrumb

FIRST = 5  # results of each kind on the common page
LONGEST = 200


def search_context(request: HttpRequest, access: frozenset[str]) -> dict:
    """The context of core/search.html; `?genre=` shows one kind, page after page."""
    q = " ".join(request.GET.get("q", "").split())[:LONGEST]
    kinds = {source.kind: source for source in sorted(search.sources(), key=lambda source: source.order) if source.param}
    kind = next((name for name, source in kinds.items() if source.param == request.GET.get("genre")), "")
    asked = search.Query(text=q, kinds=tuple(kinds), facets=("kind",), access=access, exact="exact" in request.GET, size=FIRST)
    whole = search.query(asked) if q else search.Results()
    counts = dict(whole.facets.get("kind", []))
    number = _page_number(request, counts.get(kind, 0))
    shown = [kind] if kind in counts else [] if kind else list(counts)
    groups = [_group(kinds[name], asked, whole, number if kind else 0) for name in shown]
    groups.sort(key=partial(_rank, fold(q)))
    return {
        "title": "Recherche",
        "q": q,
        "kind": kind,
        "total": whole.total,
        "sure": search.sure(asked, whole),
        "tabs": _tabs(asked, kinds, counts, kind),
        "groups": groups,
        "corrected": _corrected(q, whole),
        "loose": whole.loose,
        "degraded": whole.degraded,
        "wider": _wider(asked) if whole.loose else [],
        "empty": _empty(asked, whole) if q and not groups else None,
        "pagination": _pages(asked, kinds[kind].param, number, counts.get(kind, 0)) if kind else None,
        "breadcrumb": breadcrumb(("Recherche", "")),
    }


def _page_number(request: HttpRequest, total: int) -> int:
    """The page asked for, or the last one when it lies further."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    return min(max(number, 1), last_page(total), LAST_PAGE)


def _url(asked: "search.Query", **more: str) -> str:
    """An address that asks the same words, as strictly."""
    exact = {"exact": "1"} if asked.exact else {}
    return f"{reverse('search')}?{urlencode({'q': asked.text, **exact, **more})}"


def _group(source: "search.Source", asked: "search.Query", whole: "search.Results", page: int) -> dict:
    """The first results of a kind or, with a page, all of them. Filtered as by a facet: what was counted is what is listed."""
    narrow = {"kinds": (source.kind,)} if whole.degraded else {"filters": {"kind": [source.kind]}}
    found = search.query(replace(asked, facets=(), size=PAGE_SIZE if page else FIRST, page=page or 1, **narrow))
    count = dict(whole.facets["kind"])[source.kind]
    return {
        "kind": source.kind,
        "label": source.label,
        "count": count,
        "url": _url(asked, genre=source.param) if not page and count > FIRST else "",
        "refine": _refine(source.kind, asked.text) if page else None,
        "cards": source.cards(found.hits),
        "order": source.order,
        "titles": [set(fold(hit.title).split()) for hit in found.hits[:1]],
        "score": max((hit.score for hit in found.hits), default=0.0),
    }


def _refine(kind: str, q: str) -> dict[str, str] | None:
    """The list that filters this kind, with the same words."""
    listing = next((listing for listing in registered() if kind in listing.kinds), None)
    return {"label": listing.title, "url": f"{listing.url}?{urlencode({'q': q})}"} if listing else None


def _rank(q: str, group: dict) -> tuple:
    """The kind whose first title says nothing but what was typed, then the best match, then as declared."""
    named = any(words <= set(q.split()) for words in group["titles"])
    return not named, -group["score"], group["order"]


def _tabs(asked: "search.Query", kinds: Mapping[str, "search.Source"], counts: dict[str, int], chosen: str) -> list[dict]:
    """Everything, then each kind that has results, with its count; nothing when there is nothing to choose."""
    shown = [source for source in kinds.values() if counts.get(source.kind) or source.kind == chosen]
    if len(shown) < 2 and not chosen:
        return []
    everything = {"label": "Tout", "count": sum(counts.values()), "url": _url(asked), "current": not chosen}
    return [everything] + [
        {
            "label": source.label,
            "count": counts.get(source.kind, 0),
            "url": _url(asked, genre=source.param),
            "current": source.kind == chosen,
        }
        for source in shown
    ]


def _corrected(q: str, whole: "search.Results") -> dict[str, str] | None:
    if not whole.corrected or not whole.total:
        return None
    return {"text": whole.corrected, "asked": q, "exact_url": f"{reverse('search')}?{urlencode({'q': q, 'exact': '1'})}"}


def _wider(asked: "search.Query") -> list[dict]:
    """Wider questions, each with the count that its page will show."""
    return [
        {"label": f"Chercher «{NBSP}{found.text}{NBSP}»", "url": _url(replace(asked, text=found.text)), "count": found.total}
        for found in search.wider(asked)
    ]


def _empty(asked: "search.Query", whole: "search.Results") -> dict:
    """What to try: the other kinds, wider words, the theme, an alert, someone to ask."""
    others = [{"label": "Voir les autres genres de résultats", "url": _url(asked), "count": whole.total}] if whole.total else []
    choices = others or ([] if whole.degraded else [*_wider(asked), *_themes(asked)])
    return {
        "title": f"Aucun résultat pour «{NBSP}{asked.text}{NBSP}»",
        "wider": [*choices, {"label": "Voir toutes les ressources", "url": reverse("resources:list")}],
        "alert_url": f"{reverse('alerts:new')}?{urlencode({'liste': 'documents', 'q': asked.text})}",
        "contact_url": reverse("contact"),
    }


def _themes(asked: "search.Query") -> list[dict]:
    """The theme that the words name, whatever restricts them, and the wider one that holds it."""
    text = " ".join(search.words_of(asked.text))
    hits = search.query(replace(asked, text=text, kinds=("theme",), facets=(), size=1, exact=True)).hits if text else ()
    words = vocabulary.current()
    found = [theme for hit in hits for theme in words.theme_by_slug.values() if theme.pk == hit.pk]
    above = [words.theme_by_slug[theme.parent] for theme in found if theme.parent]
    library = reverse("resources:list")
    return [
        {"label": f"Parcourir le thème «{NBSP}{theme.name}{NBSP}»", "url": f"{library}?theme={theme.slug}"}
        for theme in found + above
    ]


def _pages(asked: "search.Query", param: str, number: int, total: int) -> dict:
    count = last_page(total)
    return {
        "number": number,
        "count": count,
        "previous_url": _url(asked, genre=param, page=str(number - 1)) if number > 1 else "",
        "next_url": _url(asked, genre=param, page=str(number + 1)) if number < count else "",
        "pages": [],
    }
