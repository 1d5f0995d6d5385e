"""The search over everything: documents, territories and pages, grouped by kind."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from resources.cards import cards_of
from resources.models import KIND
from trajectoire.core import search
from trajectoire.core.listing import LAST_PAGE, PAGE_SIZE, last_page
from trajectoire.core.text import plural
from trajectoire.core.views import breadcrumb

KINDS = {KIND: ("Ressources", "ressources"), "territory": ("Territoires", "territoires"), "page": ("Pages du site", "pages")}
FIRST = 5  # results of each kind on the common page


def search_context(request: HttpRequest, access: frozenset[str]) -> dict:
    """The context of core/search.html; `?genre=` shows one kind, page after page."""
    q = " ".join(request.GET.get("q", "").split())[:200]
    kind = next((k for k, (_, param) in KINDS.items() if param == request.GET.get("genre")), "")
    asked_page = request.GET.get("page", "")
    page = int(asked_page) if asked_page.isascii() and asked_page.isdigit() and len(asked_page) < 4 else 1
    exact, size = "exact" in request.GET, PAGE_SIZE if kind else FIRST
    asked = ([kind] if kind else list(KINDS)) if q else []
    number = min(max(page, 1), LAST_PAGE) if kind else 1
    found = {k: _found(search.Query(text=q, kinds=(k,), page=number, size=size, access=access, exact=exact)) for k in asked}
    total = sum(results.total for results in found.values())
    first = next((r for r in found.values() if r.corrected), None)
    return {
        "title": "Recherche",
        "q": q,
        "kind": kind,
        "total": total,
        "total_label": plural(total, "résultat", "résultats"),
        "groups": [_group(k, q, results) for k, results in found.items() if results.total],
        "corrected": first and {"text": first.corrected, "asked": q, "exact_url": _url(q, exact="1")},
        "loose": bool(found) and all(results.loose or not results.total for results in found.values()) and total > 0,
        "degraded": any(results.degraded for results in found.values()),
        "empty": {
            "wider": [{"label": "Voir toutes les ressources", "url": reverse("resources:list")}],
            "contact_url": reverse("contact"),
        }
        if q and not total
        else None,
        "pagination": _pages(q, kind, page, total) if kind else None,
        "breadcrumb": breadcrumb(("Recherche", "")),
    }


def _found(asked: "search.Query") -> "search.Results":
    """The page asked for, or the last one when it lies further."""
    results = search.query(asked)
    if results.total and not results.hits:
        results = search.query(replace(asked, page=last_page(results.total)))
    return results


def _url(q: str, **more: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': q, **more})}"


def _group(kind: str, q: str, results: "search.Results") -> dict:
    label, param = KINDS[kind]
    cards = cards_of(results.hits) if kind == KIND else [_plain(hit) for hit in results.hits]
    return {"kind": kind, "label": label, "count": results.total, "url": _url(q, genre=param), "cards": cards}


def _plain(hit: "search.Hit") -> dict:
    """A card for what is not a document."""
    return {"title": hit.title, "url": hit.url, "type_name": "", "excerpt": hit.excerpt, "summary": "", "meta": [], "plain": True}


def _pages(q: str, kind: str, page: int, total: int) -> dict:
    count = last_page(total)
    number, param = min(max(page, 1), count), KINDS[kind][1]
    return {
        "number": number,
        "count": count,
        "previous_url": _url(q, genre=param, page=str(number - 1)) if number > 1 else "",
        "next_url": _url(q, genre=param, page=str(number + 1)) if number < count else "",
        "pages": [],
    }
