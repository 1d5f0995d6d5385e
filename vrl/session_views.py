"""The public pages of the sessions: the list, one session."""

from dataclasses import replace

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from network.events.pages import for_page
from network.events.views import periods
from trajectoire.core import search
from trajectoire.core.listing import State, page_context, question
from trajectoire.core.text import plural
from trajectoire.core.views import breadcrumb

from .access import get_public_session_for
from .listings import SESSIONS
from .session import TeamMember
from .session_pages import PLAN, session_context


@login_not_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    context = page_context(SESSIONS, request)
    state, total = context["state"], context["total"]
    others = search.query(replace(question(state, SESSIONS.access(request.user)), over=not state.over, size=1)).total
    context |= {
        "title": SESSIONS.title,
        "breadcrumb": breadcrumb((PLAN, reverse("vrl:index")), (SESSIONS.title, "")),
        "calendar_url": replace(state, path=reverse("vrl:calendar")).url(),
        "tabs": [
            tab | {"label": "Passées" if tab["label"] == "Passés" else tab["label"]} for tab in periods(state, total, others)
        ],
        "status_message": plural(total, "session", "sessions") if total else "Aucune session",
        "wider": [] if total else wider(state),
    }
    return render(request, "vrl/sessions.html", context)


def wider(state: State) -> list[dict[str, str]]:
    """What to try when nothing was found: each filter taken off, then everything."""
    first = [(facet, state.chosen[facet.name][0]) for facet in SESSIONS.facets if state.chosen.get(facet.name)]
    proposals = [
        {"label": f"Retirer le filtre «\u00a0{facet.label.lower()}\u00a0»", "url": state.url(without=(facet.name, value))}
        for facet, value in first
    ]
    return [*proposals, {"label": "Voir toutes les sessions à venir", "url": SESSIONS.url}]


@login_not_required
@require_safe
def session(request: HttpRequest, slug: str) -> HttpResponse:
    team = Prefetch("training__team", TeamMember.objects.select_related("trainer"))
    events = for_page().select_related("training__department").prefetch_related(team)
    found = get_public_session_for(request.user, slug, events)
    return render(request, "vrl/session.html", session_context(found, request.user))
