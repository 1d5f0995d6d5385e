"""The public pages of the library."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from trajectoire.core import linked, listing, redirects
from trajectoire.core.listing import page_context
from trajectoire.core.misses import note_miss
from trajectoire.core.text import plural, spaced_number
from trajectoire.core.views import breadcrumb

from . import counts
from .access import get_document_for, get_draft_for
from .cards import card, date_label
from .listings import DOCUMENTS, wider
from .metadata.schema_org import series as periodical
from .models import Collection, Document
from .pages import document_context

LIBRARY = "Ressources"
FIXED_OLD_ADDRESSES = {"/le-plan-vrl/": "vrl:index", "/trajectoire-ressources/": "la-structure"}


@login_not_required
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    context = page_context(DOCUMENTS, request)
    total = context["total"]
    context |= {
        "title": LIBRARY,
        "breadcrumb": breadcrumb((LIBRARY, "")),
        "status_message": plural(total, "document", "documents") if total else "Aucun document",
        "empty": None
        if total
        else {"wider": wider(context["state"]), "contact_url": reverse("contact"), "alert_url": context["faces"]["alert_url"]},
    }
    response = render(request, "resources/list.html", context)
    if not total and not context["active"] and not context["degraded"] and "exact" not in request.GET:
        note_miss(request, response, context["q"])
    return response


@login_not_required
@require_safe
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """One document; 410 with what replaces it once withdrawn."""
    document = get_document_for(request.user, slug)
    if document.status == Document.Status.WITHDRAWN:
        return render(
            request, "errors/410.html", {"document": document, "replacement": _replacement(document, request.user)}, status=410
        )
    response = render(request, "resources/document.html", document_context(document, request.user))
    counts.note(request, response, counts.DocumentCount.Kind.VIEW, [document.pk])
    return response


def _replacement(document: Document, user) -> Document | None:
    return Document.objects.visible_to(user).filter(replaces=document).first()


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as the public will see it, for those who may edit it."""
    document = get_draft_for(request.user, pk)
    return render(request, "resources/document.html", document_context(document, request.user, is_preview=True))


@login_not_required
@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    visible = Q(documents__in=Document.objects.visible_to(request.user))
    rows = Collection.objects.annotate(count=Count("documents", visible), latest=Max("documents__date", filter=visible))
    collections = [
        {
            "name": c.name,
            "url": c.get_absolute_url(),
            "description": c.description,
            "count": c.count,
            "count_label": plural(c.count, "numéro", "numéros"),
            "latest_label": date_label(Document(date=c.latest, date_precision="mois")) if c.latest else "",
        }
        for c in rows
        if c.count
    ]
    links = breadcrumb((LIBRARY, reverse("resources:list")), ("Collections", ""))
    return render(request, "resources/collection_list.html", {"collections": collections, "breadcrumb": links})


@login_not_required
@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    series = get_object_or_404(Collection, slug=slug)
    documents = Document.objects.visible_to(request.user).filter(collection=series).for_cards().order_by("-number", "-date")
    years: dict[str, list[dict]] = {}
    for numbered in documents:
        years.setdefault(str(numbered.date.year) if numbered.date else "Sans date", []).append(card(numbered))
    links = breadcrumb(
        (LIBRARY, reverse("resources:list")), ("Collections", reverse("resources:collection_list")), (series.name, "")
    )
    context = {
        "collection": series,
        "total": spaced_number(len(documents)),
        "total_label": plural(len(documents), "numéro", "numéros"),
        "years": [{"year": year, "cards": cards} for year, cards in years.items()],
        "list_url": f"{reverse('resources:list')}?collection={series.slug}",
        "breadcrumb": links,
        "faces": listing.links(listing.State(DOCUMENTS, DOCUMENTS.url, chosen={"collection": [series.slug]}, sort="date")),
        "linked": linked.script(periodical(series), linked.breadcrumbs(links, series.get_absolute_url())),
    }
    return render(request, "resources/collection.html", context)


@login_not_required
@require_safe
def old_address(request: HttpRequest, slug: str = "") -> HttpResponse:
    """An address of the former sites: 301 to its page (a table that staff edits, else the document of the same name)."""
    if known := FIXED_OLD_ADDRESSES.get(request.path):
        return HttpResponsePermanentRedirect(reverse(known))
    if moved := redirects.moved(request):
        return moved
    found = Document.objects.visible_to(request.user).filter(slug=slug).first()
    if found is None:
        raise Http404
    return redirect(found, permanent=True)
