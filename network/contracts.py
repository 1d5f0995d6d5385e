"""The page of a contrat de ville: who signed it, for which quartiers, what it says, who follows it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from trajectoire.core import search
from trajectoire.core.prose import anchored, plain
from trajectoire.core.text import day, spaced_number
from trajectoire.core.views import breadcrumb

from . import presenting
from .maps import territory_map
from .models import Contract, Organisation, Territory


@login_not_required
@require_safe
def contract(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Contract.objects.select_related("carrier", "department"), code=code)
    html, _ = anchored(found.axes, set())
    context = {
        "contract": {
            "name": found.name,
            "period": found.get_generation_display(),
            "axes_html": mark_safe(html),
        },
        "facts": _facts(found),
        "map_svg": territory_map(found.carrier) if found.carrier else "",
        "quarters": presenting.links(found.qpvs.order_by("name")),
        "signatories": [_named(organisation) for organisation in found.signatories.order_by("name")],
        "referents": [
            {"name": _named(person), "role": person.role} for person in found.referents.filter(published=True).order_by("name")
        ],
        "cards": [document.card() for document in _documents(found, request.user)],
        "breadcrumb": breadcrumb(("Territoires", reverse("network:territory_list")), (found.name, "")),
    }
    return render(request, "network/contract.html", context)


def _documents(found: Contract, user: Any) -> Any:
    return found.documents.visible_to(user).for_cards().newest_first()  # type: ignore[attr-defined]


def _named(entry: Any) -> SafeString:
    """The name, as a link when the directory shows it."""
    if not entry.published:
        return format_html("{}", entry.name)
    return format_html('<a href="{}">{}</a>', entry.get_absolute_url(), entry.name)


def _facts(found: Contract) -> list[dict[str, Any]]:
    """The facts beside the map: [{label, value}]."""
    people = f"{spaced_number(found.population_qpv)} habitants en quartier prioritaire" if found.population_qpv else ""
    rows = [
        ("Porteur", _place(found.carrier) if found.carrier else found.carrier_name),
        ("Département", _place(found.department) if found.department else ""),
        ("Période", found.generation),
        ("Signé le", day(found.signed_on)),
        ("Population", people),
        ("Code du contrat", found.code),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _place(territory: Territory) -> SafeString:
    return format_html('<a href="{}">{}</a>', territory.get_absolute_url(), territory.name)


def contracts() -> Any:
    return Contract.objects.select_related("carrier").prefetch_related("qpvs__communes", "signatories").order_by("pk")


def entry(found: Contract) -> search.Entry:
    """A contrat, found by its name, its quartiers, their communes and what it says."""
    quarters = list(found.qpvs.all())
    places = [territory.name for q in quarters for territory in (q, *q.communes.all())]
    signatories: list[Organisation] = list(found.signatories.all())
    return search.Entry(
        pk=found.pk,
        title=f"{found.name} {found.generation}",
        url=found.get_absolute_url(),
        places_text=" ".join([found.carrier_name, *places]),
        names=" ".join(organisation.name for organisation in signatories),
        body=f"{plain(found.axes)} {found.code}",
        facets={"territory": sorted({code for q in quarters for code in q.ancestor_codes})},
        jump="Contrat de ville",
    )


def database_search(text: str, access: frozenset[str]) -> Any:
    """The plain search of the degraded mode."""
    return Contract.objects.filter(name__icontains=text.strip())


SOURCE = search.Source(
    kind=Contract.search_kind,
    label="Contrats de ville",
    queryset=contracts,
    entry=entry,
    model="network.Contract",
    database_search=database_search,
    param="contrats",
    order=20,
)
