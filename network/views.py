"""The public pages of territories."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from trajectoire.core.views import breadcrumb

from . import presenting, vocabulary
from .accompaniment.requests import count_label
from .directory.cards import card
from .maps import region_map, territory_map
from .models import Initiative, Organisation, Territory, TerritoryKind
from .sources import sources

LATEST = 12
ATTACHED_SHOWN = 6
EVENTS_SHOWN = 4
ATTACHED = [
    (Organisation, "Les structures qui y agissent", "structures"),
    (Initiative, "Les initiatives", "initiatives"),
]


@login_not_required
@require_safe
def territory_list(request: HttpRequest) -> HttpResponse:
    """The map, the quartiers by department, a search by name or postal code, the sources."""
    q = " ".join(request.GET.get("q", "").split())[:100]
    context = {
        "map_svg": region_map(),
        "departments": presenting.departments(),
        "q": q,
        "found": presenting.found(q) if q else [],
        "counts": Territory.objects.counts(),
        "generations": presenting.generations(),
        "sources": sources(),
        "breadcrumb": breadcrumb(("Territoires", "")),
    }
    return render(request, "network/territory_list.html", context)


@login_not_required
@require_safe
def territory(request: HttpRequest, code: str) -> HttpResponse:
    """One territory with the documents about it, what it contains, and what came before it."""
    place = get_object_or_404(Territory, code=code)
    if not place.has_page:
        return _nearest_page(place)
    before = list(place.predecessors.order_by("name"))
    after = list(place.successors.order_by("name"))
    documents = documents_about(place, request.user)
    total = documents.count()
    context = {
        "territory": _shown(place),
        "breadcrumb": _breadcrumb(place),
        "map_svg": territory_map(place),
        "facts": presenting.facts(place, after),
        "children": presenting.children(place),
        "contracts": presenting.contracts(place),
        "cards": [document.card() for document in documents.for_cards().newest_first()[:LATEST]] if total else [],
        "documents_total": total,
        "documents_url": f"{reverse('resources:list')}?territoire={place.code}",
        "actors": [_attached(place, *kind) for kind in ATTACHED],
        "events": _events(place),
        "accompaniments": count_label(place),
        "ask_url": f"{reverse('accompaniment:ask')}?{urlencode({'lieu': place.name})}",
        "follow": _follow(place),
        "predecessor_note": presenting.predecessor_note(before),
        "geojson_url": reverse("network:territory_geojson", args=[place.code]) if place.is_drawn else "",
    }
    return render(request, "network/territory.html", context)


def _nearest_page(place: Territory) -> HttpResponse:
    """A commune without a page leads to its EPCI's, or else to its department's; an EPCI to its department's."""
    above = presenting.ancestors(place)
    if place.kind not in (TerritoryKind.COMMUNE, TerritoryKind.EPCI) or not above:
        raise Http404
    return redirect("network:territory", above[-1].code)


def _inside(place: Territory) -> Any:
    """The territory, what it contains and the quartiers it follows, as a subquery."""
    return Territory.objects.filter(place.containing_test() | place.followed_test()).order_by().values("pk")


def _attached(place: Territory, model: Any, title: str, nature: str) -> dict[str, Any]:
    """Entries of the directory that act there: {id, title, cards, total, more_url}."""
    through = model.territories.through.objects.filter(territory__in=_inside(place))
    found = model.objects.published().filter(pk__in=through.values(model._meta.model_name))
    total = found.count()
    shown = [card(entry) for entry in found.for_cards().order_by("name")[:ATTACHED_SHOWN]] if total else []
    more = f"{reverse('network:directory')}?{urlencode({'nature': nature, 'territoire': place.code})}"
    return {"id": nature, "title": title, "cards": shown, "total": total, "more_url": more if total > len(shown) else ""}


def _events(place: Territory) -> dict[str, Any] | None:
    """Public events about the territory, or held there: {coming, past, url, past_url} (reverse name: `events`)."""
    event: Any = Territory._meta.get_field("events").related_model
    about = event.territories.through.objects.filter(territory__in=_inside(place)).values("event")
    found = event.objects.published().filter(Q(pk__in=about) | Q(place__in=_inside(place)))
    coming, past = (list(rows.for_cards()[:EVENTS_SHOWN]) for rows in (found.upcoming(), found.past()))
    if not coming and not past:
        return None
    url = f"{reverse('events:list')}?{urlencode({'territoire': place.code})}"
    return {
        "coming": [row.card() for row in coming],
        "past": [row.card() for row in past],
        "url": url,
        "past_url": f"{url}&periode=passes",
    }


def _follow(place: Territory) -> list[dict[str, str]]:
    """How to be told what is new about the territory: [{label, url}]."""
    here = urlencode({"territoire": place.code})
    return [
        {"label": "Recevoir les nouveautés par e-mail", "url": f"{reverse('alerts:new')}?liste=documents&{here}"},
        {"label": "S’abonner au flux (Atom)", "url": f"{reverse('resources:list')}flux.atom?{here}"},
    ]


def documents_about(place: Territory, user: Any) -> Any:
    """Documents this person may read, about the territory, what it contains and the quartiers it follows."""
    document: Any = Territory._meta.get_field("documents").related_model
    attached = document.territories.through.objects.filter(territory__in=_inside(place)).values("document")
    return document.objects.visible_to(user).filter(pk__in=attached)


def _shown(place: Territory) -> dict[str, Any]:
    communes = place.communes.order_by("name") if place.kind in (TerritoryKind.QPV, TerritoryKind.PERIMETER) else []
    return {
        "name": place.name,
        "code": place.code,
        "kind_label": place.kind_label.capitalize(),
        "generation_label": f"géographie de {place.generation}" if place.generation else "",
        "status": place.status_2024,
        "communes": presenting.links(communes),
        "parent": presenting.links(presenting.ancestors(place)[-1:]),
    }


def _breadcrumb(place: Territory) -> list[dict[str, str]]:
    above = [entry for entry in presenting.ancestors(place) if entry.kind != TerritoryKind.REGION]
    up = [(entry.name, presenting.url_of(entry.code)) for entry in above]
    return breadcrumb(("Territoires", reverse("network:territory_list")), *up, (place.name, ""))


@login_not_required
@require_safe
def territory_geojson(request: HttpRequest, code: str) -> JsonResponse:
    """The outline as GeoJSON (WGS 84); without a known outline, the point; 404 without a page."""
    place = get_object_or_404(Territory.objects.with_outlines().with_pages(), code=code)
    point = {"type": "Point", "coordinates": [place.longitude, place.latitude]} if place.longitude is not None else None
    words = vocabulary.current().territory_by_code
    feature = {
        "type": "Feature",
        "id": place.code,
        "properties": {
            "code": place.code,
            "nom": place.name,
            "nature": place.kind_label,
            "generation": place.generation,
            "territoires": [words[ancestor].name for ancestor in place.ancestor_codes[:-1]],
            "licence": "Licence Ouverte 2.0",
        },
        "geometry": place.outline or point,
    }
    return JsonResponse(feature, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})
