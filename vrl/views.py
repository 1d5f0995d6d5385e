"""The plan *Valeurs de la République et laïcité* in public: one page, made of a text that staff writes and of what happens."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.views.decorators.http import require_safe

from network.events.figures import NOT_HELD
from network.events.models import Event
from network.events.vocabulary import EventKind
from network.models import Theme
from resources.cards import card
from resources.models import Collection, Document
from trajectoire.core.text import day
from trajectoire.core.views import breadcrumb, page_context

from . import figures
from .bilan import masking
from .bilan.parts import Part, line, lines_of
from .bilan.reading import written
from .models import Situation

THEME = "laicite"
BEGUN_ON = datetime.date(2015, 1, 1)  # the plan
SHOWN = ("sessions", "present", "attested", "aware", "trainers")
SESSIONS, SITUATIONS, DOCUMENTS = 3, 5, 3


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    themes = Theme.objects.filter(Q(slug=THEME) | Q(parent__slug=THEME))
    about = Document.themes.through.objects.filter(theme__in=themes).values("document")
    documents = Document.objects.visible_to(request.user).filter(pk__in=about).for_cards().newest_first()[:DOCUMENTS]
    coming = Event.objects.published().upcoming().filter(training__isnull=False).exclude(status__in=NOT_HELD)
    journal = Collection.objects.filter(slug="cetavou").first()
    today = timezone.localdate()
    context = page_context("vrl") | {
        "figures": _figures(today),
        "sessions": [event.card() for event in coming.for_cards()[:SESSIONS]],
        "situations": list(Situation.objects.published().order_by("-published_at", "pk")[:SITUATIONS]),
        "cards": [card(document) for document in documents],
        "documents_url": f"{reverse('resources:list')}?theme={THEME}",
        "the_day": _the_day(today),
        "journal_url": journal.get_absolute_url() if journal else "",
        "breadcrumb": breadcrumb(("Valeurs de la République et laïcité", "")),
    }
    return render(request, "vrl/index.html", context)


def _figures(today: datetime.date) -> list[dict[str, str]]:
    """What the plan did since it began, as the public may read it: [{label, value, definition}]; what is nothing or hidden is left out."""
    counted = {figure.name: figure.value for figure in figures.totals(BEGUN_ON, today)}
    page = [Part(1, "plan", "Le plan", [line(name, figures.DEFINITIONS[name], counted[name]) for name in SHOWN], [])]
    known = lines_of(masking.for_outside(page, page, rounded=True))
    return [{"label": one.label, "value": written(one.value), "definition": one.definition} for one in known if one.value]


def _the_day(today: datetime.date) -> dict[str, Any]:
    """The next Journée de la laïcité, 9 December (loi du 9 décembre 1905): {label, url}."""
    this_year = datetime.date(today.year, 12, 9)
    date = this_year if today <= this_year else this_year.replace(year=today.year + 1)
    label = f"{formats.date_format(date, 'l')} {day(date)}"
    return {"label": label, "url": f"{reverse('events:list')}?type={EventKind.SECULARISM_DAY}"}
