"""The plan *Valeurs de la République et laïcité*: its public page."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from network.events.models import Event
from network.models import Theme
from resources.cards import card
from resources.models import Document
from trajectoire.core.views import breadcrumb, page_context

THEME = "laicite"


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    themes = Theme.objects.filter(Q(slug=THEME) | Q(parent__slug=THEME))
    about = Document.themes.through.objects.filter(theme__in=themes).values("document")
    documents = Document.objects.visible_to(request.user).filter(pk__in=about).for_cards().newest_first()[:6]
    events = Event.objects.published().upcoming().filter(themes__in=themes).distinct().for_cards()[:3]
    context = page_context("vrl") | {
        "events": [event.card() for event in events],
        "events_url": f"{reverse('events:list')}?theme={THEME}",
        "cards": [card(document) for document in documents],
        "documents_url": f"{reverse('resources:list')}?theme={THEME}",
        "breadcrumb": breadcrumb(("Valeurs de la République et laïcité", "")),
    }
    return render(request, "vrl/index.html", context)
