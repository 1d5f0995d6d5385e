"""The public pages of situations: the list, one question and its answer."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from resources.cards import card as document_card
from resources.models import Document
from trajectoire.core import linked, search
from trajectoire.core.listing import page_context
from trajectoire.core.misses import note_miss
from trajectoire.core.prose import wide_tables
from trajectoire.core.search.declarations import PUBLIC
from trajectoire.core.text import day, plural
from trajectoire.core.views import breadcrumb

from .situation import Situation
from .situation_cards import cards_of
from .situation_listing import SITUATIONS, THEME, wider

NEAR = 4
ROOT = ("Valeurs de la République et laïcité", "vrl:index")
PARTS = (
    ("situation", "La situation", "happens"),
    ("droit", "Ce que dit le droit", "law"),
    ("faire", "Ce que l’on peut faire", "can_do"),
)


@login_not_required
@require_safe
def situations(request: HttpRequest) -> HttpResponse:
    context = page_context(SITUATIONS, request)
    total = context["total"]
    context |= {
        "title": SITUATIONS.title,
        "breadcrumb": breadcrumb((ROOT[0], reverse(ROOT[1])), ("Situations", "")),
        "status_message": plural(total, "question", "questions") if total else "Aucune question",
        "empty": None if total else {"wider": wider(context["state"]), "contact_url": reverse("contact")},
    }
    response = render(request, "vrl/situations/list.html", context)
    if not total and not context["active"] and not context["degraded"] and "exact" not in request.GET:
        note_miss(request, response, context["q"])
    return response


@login_not_required
@require_safe
def situation(request: HttpRequest, slug: str) -> HttpResponse:
    """One question; drafts are read by those who may change them."""
    found = Situation.objects.select_related("theme").prefetch_related("sources").filter(slug=slug).first()
    if found is None or not (found.published or request.user.has_perm("vrl.change_situation")):
        raise Http404
    return render(request, "vrl/situations/situation.html", situation_context(found, request))


def situation_context(found: Situation, request: HttpRequest) -> dict[str, Any]:
    links = breadcrumb((ROOT[0], reverse(ROOT[1])), ("Situations", reverse("vrl:situations")), (found.question, ""))
    may_edit = request.user.has_perm("vrl.change_situation")
    return {
        "situation": _facts(found),
        **_documents(found, request.user),
        "near": cards_of(search.similar(Situation.search_kind, found.pk, frozenset({PUBLIC}), size=NEAR)),
        "breadcrumb": links,
        "linked": linked.script(linked.breadcrumbs(links, found.get_absolute_url())) if found.published else "",
        "edit_url": reverse("admin:vrl_situation_change", args=[found.pk]) if may_edit else "",
        "training_url": reverse("vrl:index"),
    }


def _facts(found: Situation) -> dict[str, Any]:
    theme = found.theme
    return {
        "question": found.question,
        "summary": found.summary,
        "theme": {"label": theme.name, "url": f"{reverse('vrl:situations')}?theme={theme.slug}"} if theme else None,
        "parts": [{"anchor": a, "title": t, "html": mark_safe(wide_tables(getattr(found, name)))} for a, t, name in PARTS],
        "sources": [{"title": one.title, "url": one.url, "dated": day(one.dated_on)} for one in found.sources.all()],
        "up_to_date": day(found.up_to_date_on),
        "validated": found.validated,
        "published": found.published,
        "is_demo": found.is_demo,
        "library_url": f"{reverse('resources:list')}?theme={theme.slug if theme else THEME}",
    }


def _documents(found: Situation, user: Any) -> dict[str, list[dict[str, Any]]]:
    """What this reader may open of the documents tied to it: those for everyone, those of the kit for trainers alone."""
    rows = list(Document.objects.visible_to(user).filter(situations=found).for_cards().newest_first())
    return {
        "documents": [document_card(row) for row in rows if row.access == Document.Access.PUBLIC],
        "kit": [document_card(row) for row in rows if row.access == Document.Access.TRAINERS],
    }
